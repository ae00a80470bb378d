//! `apply`: a stream of plain manifests in, the same stream with the policy applied out.

use std::path::Path;

use crate::config::Policy;
use crate::krm::{Input, ResourceList, Source};
use crate::results::{Finding, codes};
use crate::run;
use crate::yaml::{Patched, apply};

use super::args::ApplyArgs;
use super::files::{Text, read_file, read_paths};
use super::function::{bad_item, parse, text};
use super::output::deliver;
use super::{Exit, Response};

/// Runs `apply`.
pub fn run(arguments: &ApplyArgs) -> Exit {
    let read = read_paths(&arguments.paths);
    let config = arguments.config.as_deref().map(read_file).transpose();
    match (read, config) {
        (Ok(texts), Ok(config)) => deliver(&respond(&texts, config.as_ref())),
        (texts, config) => {
            let errors = texts.err().into_iter().flatten().chain(config.err());
            deliver(&Response::failure(errors.collect()))
        }
    }
}

fn respond<'i>(texts: &'i [Text], config: Option<&Text>) -> Response<'i> {
    match outputs(texts, config) {
        Ok((findings, Some(output))) => Response {
            output: Some(output),
            findings,
            exit: Exit::Success,
        },
        Ok((findings, None)) | Err(findings) => Response::failure(findings),
    }
}

type Outputs<'i> = (Vec<Finding>, Option<Patched<'i>>);

/// The changed texts as one stream; nothing where there is an error.
fn outputs<'i>(texts: &'i [Text], config: Option<&Text>) -> Result<Outputs<'i>, Vec<Finding>> {
    let sources = sources(texts)?;
    let policy = policy(&sources, config)?;
    let input = Input::read(&sources).map_err(|errors| {
        let name = |source: usize| sources[source].file.as_deref();
        errors
            .iter()
            .map(|(source, error)| in_file(bad_item(error), name(*source)))
            .collect::<Vec<_>>()
    })?;
    if input.resources.is_empty() {
        let message = "the input holds not a single resource, expected Kubernetes manifests";
        return Err(vec![Finding::error(codes::INVALID_INPUT, message)]);
    }
    let outcome = run::run(input, &policy);
    if outcome.is_failure() {
        return Ok((outcome.findings, None));
    }
    let mut out = Patched::default();
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
    Ok((outcome.findings, Some(as_yaml_stream(out, &sources))))
}

fn sources(texts: &[Text]) -> Result<Vec<Source<'_>>, Vec<Finding>> {
    let mut sources = Vec::new();
    let mut errors = Vec::new();
    for Text { name, bytes } in texts {
        match text(bytes).and_then(parse) {
            Ok(stream) => sources.push(Source {
                file: name.clone(),
                stream,
            }),
            Err(finding) => errors.push(in_file(finding, name.as_deref())),
        }
    }
    if errors.is_empty() {
        Ok(sources)
    } else {
        Err(errors)
    }
}

/// The policy of `--config`, else the functionConfig of a ResourceList, else the defaults.
fn policy(sources: &[Source<'_>], config: Option<&Text>) -> Result<Policy, Vec<Finding>> {
    let problems = |problems: Vec<_>, file: Option<&str>| {
        let findings = problems.into_iter().map(run::problem);
        findings
            .map(|finding| in_file(finding, file))
            .collect::<Vec<_>>()
    };
    if let Some(Text { name, bytes }) = config {
        let file = name.as_deref();
        let stream = text(bytes)
            .and_then(parse)
            .map_err(|finding| vec![in_file(finding, file)])?;
        let root = stream
            .documents
            .first()
            .filter(|document| !document.is_empty());
        return Policy::read(root.map(|document| document.root()))
            .map_err(|found| problems(found, file));
    }
    let mut lists = sources
        .iter()
        .filter_map(|source| ResourceList::read(&source.stream).ok());
    let config = lists.find_map(|list| list.function_config);
    Policy::read(config).map_err(|found| problems(found, None))
}

fn in_file(finding: Finding, file: Option<&str>) -> Finding {
    match file {
        Some(file) => Finding {
            message: format!("{file}: {}", finding.message),
            ..finding
        },
        None => finding,
    }
}

/// Adds a text to the stream, with `---` in front of it where it does not begin with its own.
fn join<'i>(out: &mut Patched<'i>, mut text: Patched<'i>, source: &Source<'i>) {
    if !out.is_empty() {
        // A byte order mark may only stand at the beginning.
        text.drop_byte_order_mark();
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
fn as_yaml_stream<'i>(out: Patched<'i>, sources: &[Source<'_>]) -> Patched<'i> {
    let first = sources.first().map_or("", |source| source.stream.source);
    let several = out
        .pieces()
        .any(|piece| piece.starts_with("---") || piece.contains("\n---"));
    if !(first.trim_start().starts_with('{') && several) {
        return out;
    }
    let mut stream = Patched::default();
    stream.push("---\n");
    stream.extend(out);
    stream
}

/// The name of a path in messages.
pub fn display(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
