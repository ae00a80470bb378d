//! `plan`: what would be decided, and nothing is written.

use std::env;
use std::io::{self, IsTerminal};
use std::path::Path;

use crate::config::{Mode, Policy};
use crate::findings::{Code, Finding};
use crate::krm::Source;
use crate::plan::{FileDiff, NodeRoom, Plan, html, json, markdown, table, unified};
use crate::report::Style;
use crate::response::Response;
use crate::run::Outcome;
use yaml_splice::YamlError;

use super::Exit;
use super::args::{Format, PlanArgs};
use super::load::{Loaded, input, policy};
use super::output::deliver;
use super::set_aside::{Decided, decide};

/// Runs `plan`. The warnings stand in the plan itself, so standard error has only errors.
pub fn run(arguments: &PlanArgs) -> Exit {
    match Loaded::read(&arguments.input).and_then(|loaded| shown(&loaded, arguments)) {
        Ok(text) => deliver(&Response::printed(text)),
        Err(findings) => deliver(&Response::failure(findings)),
    }
}

fn shown(loaded: &Loaded, arguments: &PlanArgs) -> Result<String, Vec<Finding>> {
    let nodes = arguments.nodes.as_deref().map(read_nodes).transpose()?;
    let plan = made(loaded, nodes.as_ref(), arguments.diff)?;
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
    Loaded::of(&[path.to_owned()], None)
}

fn made(loaded: &Loaded, nodes: Option<&Loaded>, diff: bool) -> Result<Plan, Vec<Finding>> {
    let (sources, skipped) = loaded.readable_sources()?;
    let policy = Policy {
        // Also of a policy that only checks the plan shows what it asks for.
        mode: Mode::Enforce,
        ..policy(&sources, loaded.config.as_ref())?
    };
    let Decided {
        inventory,
        assessments,
        outcome,
        set_aside,
    } = decide(loaded, &sources, &skipped, &policy)?;
    if outcome.is_failure() {
        return Err(outcome.findings);
    }
    let failed = |error: YamlError| vec![Finding::from(error)];
    let plan = Plan::of(&inventory, &assessments, &outcome, &policy).map_err(failed)?;
    let nodes = match nodes {
        Some(nodes) => node_room(&plan, nodes, &policy)?,
        None => NodeRoom::of(&plan.rows, &inventory.input.resources, &policy).map_err(failed)?,
    };
    let diffs = diff.then(|| diffs(&sources, outcome)).transpose()?;
    let warnings = set_aside.into_iter().map(Finding::as_warning);
    Ok(Plan {
        warnings: warnings.chain(plan.warnings).collect(),
        nodes,
        skipped,
        diffs,
        ..plan
    })
}

/// The room on the nodes of `--nodes`.
fn node_room(
    plan: &Plan,
    loaded: &Loaded,
    policy: &Policy,
) -> Result<Option<NodeRoom>, Vec<Finding>> {
    let (sources, skipped) = loaded.sources()?;
    let input = input(&sources, &skipped)?;
    let room = NodeRoom::of(&plan.rows, &input.resources, policy);
    let room = room.map_err(|error| vec![Finding::from(error)])?;
    if room.is_none() {
        let message =
            "the file of --nodes holds no Node; expected the output of: kubectl get nodes -o json";
        return Err(vec![Finding::error(Code::InvalidInput, message)]);
    }
    Ok(room)
}

fn diffs(sources: &[Source<'_>], outcome: Outcome) -> Result<Vec<FileDiff>, Vec<Finding>> {
    let mut diffs = Vec::new();
    for (Source { file, stream }, splices) in sources.iter().zip(outcome.splices) {
        let diff = unified(file.as_deref(), stream.source, splices)
            .map_err(|overlap| vec![Finding::error(Code::AmbiguousYaml, overlap.to_string())])?;
        diffs.extend(diff);
    }
    Ok(diffs)
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
