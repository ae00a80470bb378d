//! The KRM function: a ResourceList in, the same ResourceList with the policy applied out.

use std::collections::HashMap;

use crate::config::Policy;
use crate::findings::{Code, Finding};
use crate::krm::{Input, ResourceList, ResourceListError, Source};
use crate::parse::{bad_item, parse, text};
use crate::response::Response;
use crate::run::{self as decisions, Outcome};
use yaml_splice::{Edits, NewList, Node, Record, Splice, Value, YamlError, apply, matches};

/// Runs the function on the bytes of standard input.
///
/// On failure the list is returned unchanged, with results. Bytes that are not a ResourceList have
/// nothing to return, so nothing is written.
pub fn run(input: &[u8]) -> Response<'_> {
    let stream = match text(input).and_then(parse) {
        Ok(stream) => stream,
        Err(finding) => return Response::failure(vec![finding]),
    };
    let source = stream.source;
    let sources = [Source { file: None, stream }];
    let list = match ResourceList::read(&sources[0].stream) {
        Ok(list) => list,
        Err(error) => return Response::failure(vec![unusable(&error)]),
    };
    let outcome = decide(&sources, list);
    let results = Results::of(list, &outcome.findings);
    // Nodes take more memory than their text, and nothing asks for them any more.
    drop(sources);
    match results {
        Ok(results) => respond(source, outcome, results),
        Err(error) => {
            let mut findings = outcome.findings;
            findings.push(error.into());
            Response::failure(findings)
        }
    }
}

fn unusable(error: &ResourceListError) -> Finding {
    Finding::error(Code::InvalidInput, error.to_string())
}

fn respond(source: &str, outcome: Outcome, results: Results) -> Response<'_> {
    let failed = outcome.is_failure();
    let mut findings = outcome.findings;
    let splices = outcome.splices.into_iter().next().unwrap_or_default();
    let mut splices = if failed { Vec::new() } else { splices };
    splices.extend(results.splices(&findings));
    match apply(source, splices) {
        Ok(output) => Response::written(failed, output, findings),
        Err(overlap) => {
            findings.push(Finding::error(Code::AmbiguousYaml, overlap.to_string()));
            Response::failure(findings)
        }
    }
}

/// Everything up to the edits; every problem of the configuration and of the items in one run.
fn decide(sources: &[Source<'_>], list: ResourceList<'_>) -> Outcome {
    let policy = Policy::read(list.function_config);
    let input = Input::read(sources);
    let mut errors = Vec::new();
    let policy =
        policy.map_err(|problems| errors.extend(problems.into_iter().map(decisions::problem)));
    let input =
        input.map_err(|found| errors.extend(found.iter().map(|(_, error)| bad_item(error))));
    match (policy, input) {
        (Ok(policy), Ok(input)) => decisions::run(input, &policy),
        _ => Outcome {
            findings: errors,
            ..Outcome::default()
        },
    }
}

/// What adds the findings to the results of the list.
enum Results {
    /// There are none yet.
    New(NewList),
    /// There is nothing to say, or there are some already.
    Added(Vec<Splice>),
}

impl Results {
    fn of(list: ResourceList<'_>, findings: &[Finding]) -> Result<Self, YamlError> {
        if !findings.is_empty()
            && let Some(new) = Edits::new_list(list.root, "results")?
        {
            return Ok(Self::New(new));
        }
        added(list, findings).map(Self::Added)
    }

    fn splices(self, findings: &[Finding]) -> Vec<Splice> {
        match self {
            Self::New(list) => list.splices(findings),
            Self::Added(splices) => splices,
        }
    }
}

/// The splices that add `findings` to the results of the list; those that it has already are not
/// repeated, so that a second run gives the same bytes. What the first run adds may move a line.
fn added(list: ResourceList<'_>, findings: &[Finding]) -> Result<Vec<Splice>, YamlError> {
    let mut known: HashMap<&str, Vec<Node<'_>>> = HashMap::new();
    for result in list.results.into_iter().flat_map(Node::items) {
        known
            .entry(without_place(message(result)))
            .or_default()
            .push(result);
    }
    let new = |finding: &Finding| {
        let value = finding.to_value();
        let said = value.get("message").and_then(Value::as_text);
        let alike = said.and_then(|said| known.get(without_place(said)));
        let mut alike = alike.into_iter().flatten();
        let is_known = alike.any(|result| is_again(*result, &value));
        (!is_known).then_some(value)
    };
    let mut edits = Edits::new(list.root.document());
    edits.append_all(list.root, "results", findings, new)?;
    edits.splices()
}

/// Whether `result` is `value`, which may be about another line.
fn is_again(result: Node<'_>, value: &Value) -> bool {
    let message = message(result);
    if value.get("message").and_then(Value::as_text) == Some(message) {
        return matches(result, value);
    }
    let mut moved = value.clone();
    *moved.entry("message") = Value::text(message);
    matches(result, &moved)
}

fn message(result: Node<'_>) -> &str {
    let message = result.get("message").ok().flatten();
    message.map_or("", Node::text)
}

/// A message without the line and the column at its end.
fn without_place(message: &str) -> &str {
    message
        .rfind(" (line ")
        .map_or(message, |at| &message[..at])
}
