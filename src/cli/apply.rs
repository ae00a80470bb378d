//! `apply`: a stream of plain manifests in, the same stream with the policy applied out.

use crate::companion;
use crate::findings::{Code, Finding};
use crate::krm::LeftOut;
use crate::load::{Loaded, input};
use crate::response::Response;
use crate::run;
use yaml_splice::{PatchedText, apply, concat};

use super::Exit;
use super::args::ApplyArgs;
use super::files::load;
use super::output::deliver;

/// Runs `apply`.
pub fn run(arguments: &ApplyArgs) -> Exit {
    match load(&arguments.input) {
        Ok(loaded) if arguments.siblings => deliver(&siblings(&loaded)),
        Ok(loaded) => deliver(&respond(&loaded)),
        Err(findings) => deliver(&Response::failure(findings)),
    }
}

fn respond(loaded: &Loaded) -> Response<'_> {
    match outputs(loaded) {
        Ok((findings, Some(output))) => Response::Success { output, findings },
        Ok((findings, None)) | Err(findings) => Response::failure(findings),
    }
}

/// The siblings alone, as a list. The dip that applying them first avoids is not reported.
fn siblings(loaded: &Loaded) -> Response<'_> {
    let (findings, output) = match outputs(loaded) {
        Ok((findings, Some(output))) => (findings, output.to_string()),
        Ok((findings, None)) | Err(findings) => return Response::failure(findings),
    };
    let concerns = |finding: &Finding| finding.code != Code::AdoptionDips;
    let findings = findings.into_iter().filter(concerns).collect();
    match companion::list_of(&output) {
        Ok(Some(list)) => Response::Success {
            output: list,
            findings,
        },
        Ok(None) => {
            let message = "no workload gets a sibling, so nothing has to be applied first";
            Response::failure(vec![Finding::error(Code::InvalidInput, message)])
        }
        Err(findings) => Response::failure(findings),
    }
}

type Outputs<'i> = (Vec<Finding>, Option<PatchedText<'i>>);

/// The changed texts as one stream; nothing where there is an error. Files that are no manifests
/// are left out: whoever applies the stream could do nothing with them.
fn outputs(loaded: &Loaded) -> Result<Outputs<'_>, Vec<Finding>> {
    let (sources, skipped) = loaded.sources()?;
    let policy = loaded.policy(&sources)?;
    let mut findings: Vec<_> = skipped.iter().map(left_out).collect();
    let input = match input(&sources, &skipped) {
        // There may be resources in what cannot be read.
        Err(_) if sources.is_empty() && findings.iter().any(Finding::is_error) => {
            return Ok((findings, None));
        }
        input => input?,
    };
    let outcome = run::run(input, &policy);
    findings.extend(outcome.findings);
    if findings.iter().any(Finding::is_error) {
        return Ok((findings, None));
    }
    let texts = sources.iter().zip(outcome.splices);
    let texts = texts.map(|(source, splices)| {
        let stream = &source.stream;
        apply(stream.source, splices).map(|text| (stream, text))
    });
    match texts.collect::<Result<Vec<_>, _>>() {
        Ok(texts) => Ok((findings, Some(concat(texts)))),
        Err(overlap) => {
            let overlap = Finding::error(Code::AmbiguousYaml, overlap.to_string());
            Err(vec![overlap])
        }
    }
}

/// The stream would lose what may be a manifest.
fn left_out(group: &LeftOut) -> Finding {
    if group.kind.may_be_a_manifest() {
        let message = format!("{group}; render or remove them, or name the files to apply");
        return Finding::error(Code::NotAManifest, message);
    }
    Finding::warning(Code::NotAManifest, format!("left out, {group}"))
}
