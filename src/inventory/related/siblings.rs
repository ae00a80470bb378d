//! Which sibling of an earlier run belongs to which workload.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::krm::annotations::{CAPACITY_LABEL, SIBLING_SUFFIX};
use crate::krm::{Input, Resource, ResourceId, sibling_path};
use crate::placement::WorkloadKind;

use super::Identity;
use super::nearest::closest;
use crate::inventory::{Workload, WorkloadId, Workloads};

/// Which objects carry the name of a workload's sibling, or are its sibling under another name.
#[derive(Debug, Default)]
pub struct Siblings {
    /// The siblings of a workload.
    pub of: HashMap<WorkloadId, Vec<ResourceId>>,
    /// An object that is not ours and has the name of the workload's sibling.
    pub taken: HashMap<WorkloadId, ResourceId>,
    /// Siblings whose original is not in the input.
    pub orphaned: Vec<ResourceId>,
}

/// Matches the `siblings` of earlier runs to `workloads`, which
/// `index` knows by name. A sibling belongs to one original; those that have none by their name
/// may have one that was renamed together with them.
pub(super) fn match_siblings<'d>(
    input: &Input<'d>,
    workloads: &Workloads<'d>,
    index: &HashMap<Identity<'d>, Vec<WorkloadId>>,
    siblings: &BTreeSet<ResourceId>,
) -> Siblings {
    let names = Names { workloads, index };
    let mut found = Siblings::default();
    let mut nameless = Vec::new();
    for &sibling in siblings {
        match names.original(&input[sibling], sibling) {
            Some(original) => found.of.entry(original).or_default().push(sibling),
            None => nameless.push(sibling),
        }
    }
    for (other, resource) in input.enumerate() {
        if !siblings.contains(&other) && competes_for_name(resource) {
            let originals = names.originals(resource).into_iter();
            found
                .taken
                .extend(originals.map(|original| (original, other)));
        }
    }
    for sibling in nameless {
        match names.renamed_original(&input[sibling], &found) {
            Some(original) => found.of.entry(original).or_default().push(sibling),
            None => found.orphaned.push(sibling),
        }
    }
    found
}

/// A Deployment of the cluster's own kind, which is going to be applied.
fn competes_for_name(resource: &Resource<'_>) -> bool {
    let is_deployment = resource.kind == WorkloadKind::Deployment.name();
    is_deployment && resource.group() == "apps" && !resource.is_local_config().unwrap_or_default()
}

struct Names<'a, 'd> {
    workloads: &'a Workloads<'d>,
    index: &'a HashMap<Identity<'d>, Vec<WorkloadId>>,
}

impl<'d> Names<'_, 'd> {
    /// The Deployments whose sibling would have the name of `resource`, in the closest folder.
    fn originals(&self, resource: &Resource<'d>) -> Vec<WorkloadId> {
        let Some(name) = resource.name.strip_suffix(SIBLING_SUFFIX) else {
            return Vec::new();
        };
        let namespace = resource.effective_namespace();
        let original = (WorkloadKind::Deployment, namespace, name);
        let candidates = self.index.get(&original).into_iter().flatten().copied();
        self.closest(resource, candidates)
    }

    /// The one original of a sibling. Where several of its name lie in one folder it is the one
    /// whose sibling goes to this very file, else the last one in front of it: that is where a
    /// sibling is put.
    fn original(&self, sibling: &Resource<'d>, id: ResourceId) -> Option<WorkloadId> {
        let mut originals = self.originals(sibling);
        let expected = |original: &WorkloadId| {
            let file = self.workloads[*original].resource.file.map(sibling_path);
            file.is_some() && file.as_deref() == sibling.file
        };
        if originals.iter().any(expected) {
            originals.retain(expected);
        }
        let in_front = |original: &&WorkloadId| self.workloads[**original].id < id;
        let last = originals.iter().rfind(in_front);
        last.or(originals.first()).copied()
    }

    /// A Deployment that has a mark but no sibling, and whose pods the sibling's selector is made
    /// for: a prefix, a suffix or another name was given to both since the last run.
    fn renamed_original(&self, sibling: &Resource<'d>, found: &Siblings) -> Option<WorkloadId> {
        let path = ["spec", "selector", "matchLabels"];
        let selector = sibling.node.at(&path).ok()??;
        let labels: BTreeMap<_, _> = selector
            .entries()
            .map(|(key, value)| (key.text(), value.text()))
            .filter(|(key, _)| *key != CAPACITY_LABEL)
            .collect();
        let is_original = |(id, workload): &(WorkloadId, &Workload<'d>)| {
            workload.kind == WorkloadKind::Deployment
                && workload.mark.is_some()
                && !found.of.contains_key(id)
                && workload.resource.effective_namespace() == sibling.effective_namespace()
                && workload.selects_by(&labels)
        };
        let candidates = self.workloads.enumerate().filter(is_original);
        let candidates = candidates.map(|(id, _)| id);
        let near = self.closest(sibling, candidates);
        (near.len() == 1).then(|| near[0])
    }

    fn closest(
        &self,
        to: &Resource<'d>,
        candidates: impl Iterator<Item = WorkloadId>,
    ) -> Vec<WorkloadId> {
        let location = |&id: &WorkloadId| self.workloads[id].resource.location();
        closest(to.location(), candidates, location)
    }
}
