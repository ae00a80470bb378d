//! The plan of texts in memory, as the command line and the page in the browser show it.

use yaml_splice::YamlError;

use crate::config::{Mode, Policy};
use crate::findings::{Code, Finding};
use crate::krm::{Input, Resource, Source};
use crate::load::{Decided, Loaded, decide, input, policy};
use crate::run::{Outcome, of_nodes};

use super::{FileDiff, NodeRoom, Plan, unified};

impl Plan {
    /// The plan of `loaded`, with the room on `nodes` where those are given, and the diffs where they
    /// are wanted.
    ///
    /// # Errors
    /// Every problem of the configuration and of the manifests.
    pub fn make(loaded: &Loaded, nodes: Option<&Loaded>, diff: bool) -> Result<Self, Vec<Finding>> {
        let (sources, skipped) = loaded.readable_sources()?;
        let policy = Policy {
            // Also of a policy that only checks the plan shows what it asks for.
            mode: Mode::Enforce,
            ..policy(&sources, loaded.config.as_ref())?
        };
        let decided = decide(loaded, &sources, &skipped, &policy)?;
        if decided.outcome.is_failure() {
            return Err(decided.outcome.findings);
        }
        let failed = |error: YamlError| vec![Finding::from(error)];
        let mut plan = Plan::of(&decided, &policy).map_err(failed)?;
        let Decided {
            inventory,
            assessments,
            ..
        } = &decided;
        let (nodes, about_nodes) = if let Some(nodes) = nodes {
            let about =
                |input: &Input<'_>| of_nodes(&input.resources, inventory, assessments, &policy);
            let manifests = &inventory.input.resources;
            node_room(&plan, nodes, manifests, &policy, about)?
        } else {
            let room = NodeRoom::of(&plan.rows, &inventory.input.resources, &[], &policy);
            // What there is to say about the nodes of the input, the run has said.
            (room.map_err(failed)?, Vec::new())
        };
        plan.warn(&decided, about_nodes);
        let outcome = decided.outcome;
        let diffs = diff.then(|| diffs(&sources, outcome)).transpose()?;
        Ok(Plan {
            nodes,
            skipped,
            diffs,
            ..plan
        })
    }
}

/// The room on the nodes of `--nodes`, and what there is to say about them.
fn node_room(
    plan: &Plan,
    loaded: &Loaded,
    manifests: &[Resource<'_>],
    policy: &Policy,
    about: impl Fn(&Input<'_>) -> Vec<Finding>,
) -> Result<(Option<NodeRoom>, Vec<Finding>), Vec<Finding>> {
    let (sources, skipped) = loaded.sources()?;
    let input = input(&sources, &skipped)?;
    let room = NodeRoom::of(&plan.rows, &input.resources, manifests, policy);
    let room = room.map_err(|error| vec![Finding::from(error)])?;
    if room.is_none() {
        let message =
            "the file of --nodes holds no Node; expected the output of: kubectl get nodes -o json";
        return Err(vec![Finding::error(Code::InvalidInput, message)]);
    }
    let findings = about(&input);
    Ok((room, findings))
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
