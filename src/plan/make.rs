//! The plan of texts in memory, as the command line and the page in the browser show it.

use yaml_splice::{Splice, YamlError};

use crate::config::{Mode, Policy};
use crate::findings::{Code, Finding};
use crate::krm::{Resource, Source};
use crate::load::{Decided, Loaded, decide, input};
use crate::run::{limits, of_nodes};

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
            ..loaded.policy(&sources)?
        };
        let decided = decide(loaded, &sources, &skipped, &policy)?;
        if decided.outcome.is_failure() {
            return Err(decided.outcome.findings);
        }
        let failed = |error: YamlError| vec![Finding::from(error)];
        let Decided {
            inventory,
            assessments,
            ..
        } = &decided;
        let of = |resources: &[Resource<'_>], manifests: &[Resource<'_>]| {
            let limits = limits(resources, inventory, assessments, &policy);
            let plan = Self::of(&decided, &policy, &limits)?;
            let room = NodeRoom::of(&plan.rows, resources, manifests, &policy)?;
            Ok((plan, room))
        };
        let (mut plan, nodes, about_nodes) = if let Some(nodes) = nodes {
            let (sources, skipped) = nodes.sources()?;
            let input = input(&sources, &skipped)?;
            let (plan, room) = of(&input.resources, &inventory.input.resources).map_err(failed)?;
            let about = of_nodes(&input.resources, inventory, assessments, &policy);
            (plan, Some(room.ok_or_else(no_node)?), about)
        } else {
            let (plan, room) = of(&inventory.input.resources, &[]).map_err(failed)?;
            // What there is to say about the nodes of the input, the run has said.
            (plan, room, Vec::new())
        };
        let Decided {
            inventory,
            outcome,
            set_aside,
            ..
        } = decided;
        let set_aside = set_aside.into_iter().map(Finding::as_warning);
        let findings = set_aside.chain(outcome.findings).chain(about_nodes);
        plan.warn(findings, &inventory);
        let diffs = diff.then(|| diffs(&sources, outcome.splices));
        let diffs = diffs.transpose()?;
        Ok(Plan {
            nodes,
            skipped,
            diffs,
            ..plan
        })
    }
}

fn no_node() -> Vec<Finding> {
    let message =
        "the file of --nodes holds no Node; expected the output of: kubectl get nodes -o json";
    vec![Finding::error(Code::InvalidInput, message)]
}

fn diffs(sources: &[Source<'_>], splices: Vec<Vec<Splice>>) -> Result<Vec<FileDiff>, Vec<Finding>> {
    let mut diffs = Vec::new();
    for (Source { file, stream }, splices) in sources.iter().zip(splices) {
        let diff = unified(file.as_deref(), stream.source, splices)
            .map_err(|overlap| vec![Finding::error(Code::AmbiguousYaml, overlap.to_string())])?;
        diffs.extend(diff);
    }
    Ok(diffs)
}
