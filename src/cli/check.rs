//! `check`: whether every workload carries the placement that the policy asks for.

use crate::config::{Mode, Policy};
use crate::findings::{Code, Finding, Severity};
use crate::krm::NotManifest;
use crate::load::{Loaded, decide};
use crate::response::Response;
use yaml_splice::PatchedText;

use super::Exit;
use super::args::InputArgs;
use super::files::load;
use super::output::{deliver, print_finding};

/// Runs `check`: one line on standard output for each difference, everything else on standard error.
pub fn run(arguments: &InputArgs) -> Exit {
    match load(arguments).and_then(|loaded| found(&loaded)) {
        Ok(findings) => deliver(&response(findings)),
        Err(findings) => deliver(&Response::failure(findings)),
    }
}

fn found(loaded: &Loaded) -> Result<Vec<Finding>, Vec<Finding>> {
    let (sources, skipped) = loaded.readable_sources()?;
    let policy = Policy {
        mode: Mode::Check,
        ..loaded.policy(&sources)?
    };
    let decided = decide(loaded, &sources, &skipped, &policy)?;
    let mut findings = decided.outcome.findings;
    let set_aside = decided.set_aside.into_iter();
    findings.extend(set_aside.map(|finding| match finding.code {
        Code::UnresolvedVariable => finding.as_warning(),
        _ => finding,
    }));
    for group in skipped {
        let message = format!("not checked, {group}");
        match group.kind {
            NotManifest::Unreadable => {
                findings.push(Finding::error(Code::NotAManifest, message));
            }
            kind if kind.may_be_a_manifest() => {
                findings.push(Finding::warning(Code::NotAManifest, message));
            }
            _ => print_finding(&Finding::info(Code::NotAManifest, message)),
        }
    }
    Ok(findings)
}

fn response(findings: Vec<Finding>) -> Response<'static> {
    let failed = findings.iter().any(Finding::is_error);
    let is_difference = |finding: &Finding| finding.code == Code::NotPlaced;
    let (differences, rest): (Vec<_>, Vec<_>) = findings.into_iter().partition(is_difference);
    let mut output = PatchedText::default();
    for difference in differences {
        output.push(format!("{difference}\n"));
    }
    let rest = rest.into_iter();
    let rest = rest.filter(|finding| finding.severity != Severity::Info);
    Response::written(failed, output, rest.collect())
}
