//! `plan`: what would be decided, and nothing is written.

use std::env;
use std::io::{self, IsTerminal};
use std::path::Path;

use crate::findings::{Code, Finding};
use crate::load::Loaded;
use crate::plan::{Plan, html, json, markdown, table};
use crate::report::Style;
use crate::response::Response;

use super::Exit;
use super::args::{Format, PlanArgs};
use super::files::{load, load_paths};
use super::output::deliver;

/// Runs `plan`. The warnings stand in the plan itself, so standard error has only errors.
pub fn run(arguments: &PlanArgs) -> Exit {
    match load(&arguments.input).and_then(|loaded| shown(&loaded, arguments)) {
        Ok(text) => deliver(&Response::printed(text)),
        Err(findings) => deliver(&Response::failure(findings)),
    }
}

fn shown(loaded: &Loaded, arguments: &PlanArgs) -> Result<String, Vec<Finding>> {
    let nodes = arguments.nodes.as_deref().map(read_nodes).transpose()?;
    let plan = Plan::make(loaded, nodes.as_ref(), arguments.diff)?;
    Ok(match arguments.output {
        Format::Table => table(&plan, style()),
        Format::Markdown => markdown(&plan),
        Format::Html => html(&plan),
        Format::Json => json(&plan).map_err(|error| {
            let message = format!("the plan cannot be written as JSON: {error}");
            vec![Finding::error(Code::InvalidInput, message)]
        })?,
    })
}

/// The file of `--nodes`, where `-` is standard input.
fn read_nodes(path: &Path) -> Result<Loaded, Vec<Finding>> {
    load_paths(&[path.to_owned()], None)
}

/// What the reader's screen can show. A pipe always gets the same.
pub(super) fn style() -> Style {
    let stdout = io::stdout();
    if !stdout.is_terminal() {
        return Style::default();
    }
    let limit = Style::default().width;
    let width = terminal_size::terminal_size_of(&stdout).map_or(limit, |(width, _)| width.0);
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
    Style {
        width: width.min(limit),
        colours: !is_set("NO_COLOR") && !dumb,
    }
}
