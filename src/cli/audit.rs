//! `audit`: what a cluster is like now.

use crate::audit::{Audit, html, json, markdown, table};
use crate::findings::{Code, Finding};
use crate::inventory::Inventory;
use crate::load::{Loaded, input};
use crate::response::Response;
use yaml_splice::PatchedText;

use super::Exit;
use super::args::{AuditArgs, Format};
use super::files::load;
use super::output::deliver;
use super::plan::style;

/// Runs `audit`.
pub fn run(arguments: &AuditArgs) -> Exit {
    match load(&arguments.input).and_then(|loaded| audited(&loaded)) {
        Ok(audit) => match shown(&audit, arguments.output) {
            Ok(text) => deliver(&response(&audit, text)),
            Err(finding) => deliver(&Response::failure(vec![finding])),
        },
        Err(findings) => deliver(&Response::failure(findings)),
    }
}

fn audited(loaded: &Loaded) -> Result<Audit, Vec<Finding>> {
    let (sources, left_out) = loaded.sources()?;
    let policy = loaded.policy(&sources)?;
    let inventory = Inventory::read(input(&sources, &left_out)?)?;
    Audit::of(&inventory, &policy)
}

fn shown(audit: &Audit, format: Format) -> Result<String, Finding> {
    Ok(match format {
        Format::Table => table(audit, style()),
        Format::Markdown => markdown(audit),
        Format::Html => html(audit),
        Format::Json => json(audit).map_err(|error| {
            let message = format!("the audit cannot be written as JSON: {error}");
            Finding::error(Code::InvalidInput, message)
        })?,
    })
}

/// The whole text, and a failure where a floor does not hold.
fn response(audit: &Audit, text: String) -> Response<'static> {
    let mut output = PatchedText::default();
    output.push(text);
    let (hold, promised) = audit.floors();
    Response::written(hold < promised, output, audit.warnings.clone())
}
