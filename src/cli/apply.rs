//! `apply`: a stream of plain manifests in, the same stream with the policy applied out.

use crate::krm::Source;
use crate::results::{Finding, codes};
use crate::run;
use yaml_splice::{PatchedText, apply};

use super::args::InputArgs;
use super::load::{Loaded, input, policy, sources};
use super::output::deliver;
use super::{Exit, Response};

/// Runs `apply`.
pub fn run(arguments: &InputArgs) -> Exit {
    match Loaded::read(arguments) {
        Ok(loaded) => deliver(&respond(&loaded)),
        Err(findings) => deliver(&Response::failure(findings)),
    }
}

fn respond(loaded: &Loaded) -> Response<'_> {
    match outputs(loaded) {
        Ok((findings, Some(output))) => Response {
            output: Some(output),
            findings,
            exit: Exit::Success,
        },
        Ok((findings, None)) | Err(findings) => Response::failure(findings),
    }
}

type Outputs<'i> = (Vec<Finding>, Option<PatchedText<'i>>);

/// The changed texts as one stream; nothing where there is an error. Files that are no manifests
/// are left out: whoever applies the stream could do nothing with them.
fn outputs(loaded: &Loaded) -> Result<Outputs<'_>, Vec<Finding>> {
    let (sources, skipped) = sources(loaded)?;
    let policy = policy(&sources, loaded.config.as_ref())?;
    let input = input(&sources)?;
    let mut findings: Vec<_> = skipped.iter().map(|file| left_out(file)).collect();
    let outcome = run::run(input, &policy);
    findings.extend(outcome.findings);
    if findings.iter().any(Finding::is_error) {
        return Ok((findings, None));
    }
    let mut out = PatchedText::default();
    for (source, splices) in sources.iter().zip(outcome.splices) {
        match apply(source.stream.source, splices) {
            Ok(text) => join(&mut out, text, source),
            Err(overlap) => {
                return Err(vec![Finding::error(
                    codes::AMBIGUOUS_YAML,
                    overlap.to_string(),
                )]);
            }
        }
    }
    Ok((findings, Some(as_yaml_stream(out, &sources))))
}

fn left_out(file: &str) -> Finding {
    let message =
        format!("{file}: not a manifest, left out: no document in it has both apiVersion and kind");
    Finding::warning(codes::NOT_A_MANIFEST, message)
}

/// Adds a text to the stream, with `---` in front of it where it does not begin with its own.
fn join<'i>(out: &mut PatchedText<'i>, mut text: PatchedText<'i>, source: &Source<'i>) {
    if !out.is_empty() {
        // A byte order mark may only stand at the beginning.
        text.strip_bom();
        if !out.ends_with_line_break() {
            out.push("\n");
        }
        let first = source.stream.documents.first();
        if begins_with_directive(source.stream.source) {
            // A directive may only stand behind the end of a document.
            out.push("...\n");
        } else if first.is_none_or(|document| document.marker().is_none()) {
            out.push("---\n");
        }
    }
    out.extend(text);
}

fn begins_with_directive(text: &str) -> bool {
    let mut lines = text.lines();
    let first = lines.find(|line| !line.is_empty() && !line.starts_with('#'));
    first.is_some_and(|line| line.starts_with('%'))
}

/// A stream that begins like JSON is read as JSON by kubectl, up to the first `---`; with one in
/// front it is read as YAML.
fn as_yaml_stream<'i>(out: PatchedText<'i>, sources: &[Source<'_>]) -> PatchedText<'i> {
    let first = sources.first().map_or("", |source| source.stream.source);
    let several = out
        .pieces()
        .any(|piece| piece.starts_with("---") || piece.contains("\n---"));
    if !(first.trim_start().starts_with('{') && several) {
        return out;
    }
    let mut stream = PatchedText::default();
    stream.push("---\n");
    stream.extend(out);
    stream
}
