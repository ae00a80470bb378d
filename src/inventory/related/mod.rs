//! What belongs to which workload: autoscalers, budgets, claims and siblings, matched by name or
//! selector within the namespace, and within the nearest common folder.

mod autoscaler;
mod budget;
mod nearest;
mod siblings;
mod volume;

pub use autoscaler::Autoscaler;
pub use budget::{Amount, Budget, Limit};
pub use siblings::Siblings;
pub use volume::mounted_claims;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::findings::Finding;
use crate::krm::{Input, Location, Resource, ResourceId};
use crate::placement::{Range, WorkloadKind};
use yaml_splice::YamlError;

use super::{Workload, WorkloadId, Workloads};
use nearest::nearest;
use siblings::match_siblings;

/// A workload's kind, namespace and name: several files may hold the same.
pub(super) type Identity<'d> = (WorkloadKind, &'d str, &'d str);

/// A PodDisruptionBudget and what it covers.
#[derive(Debug)]
pub struct Coverage<'d> {
    /// What it limits.
    pub budget: Budget<'d>,
    /// The object.
    pub resource: Resource<'d>,
    /// The workloads whose pods it selects, in their order.
    pub workloads: Vec<WorkloadId>,
}

/// What belongs to the workloads of one input.
#[derive(Debug, Default)]
pub struct Related<'d> {
    /// The range of the autoscaler that targets a workload.
    pub ranges: HashMap<WorkloadId, Range>,
    /// The budgets, each with the workloads whose pods it selects.
    pub budgets: Vec<Coverage<'d>>,
    /// Claims that one node at a time can mount: namespace and name.
    pub exclusive_claims: BTreeSet<(&'d str, &'d str)>,
    /// The siblings of the workloads.
    pub siblings: Siblings,
}

impl<'d> Related<'d> {
    /// Finds what belongs to `workloads`; `siblings` are the siblings of earlier runs.
    ///
    /// # Errors
    /// A finding for each object that Kubernetes would reject.
    pub(super) fn find(
        input: &Input<'d>,
        workloads: &Workloads<'d>,
        siblings: &BTreeSet<ResourceId>,
    ) -> Result<Self, Vec<Finding>> {
        let mut search = Search::for_workloads(workloads);
        for resource in &input.resources {
            if resource.is_local_config().unwrap_or_default() {
                continue;
            }
            if let Err(finding) = search.add(resource) {
                search.errors.push(finding.about(resource));
            }
        }
        search.pick_nearest_autoscalers();
        search.match_budgets();
        search.found.siblings = match_siblings(input, workloads, &search.index, siblings);
        if search.errors.is_empty() {
            Ok(search.found)
        } else {
            Err(search.errors)
        }
    }
}

fn identity<'d>(workload: &Workload<'d>) -> Identity<'d> {
    let resource = &workload.resource;
    (workload.kind, resource.effective_namespace(), resource.name)
}

struct Search<'a, 'd> {
    workloads: &'a Workloads<'d>,
    index: HashMap<Identity<'d>, Vec<WorkloadId>>,
    /// By the names that workloads had before.
    former: HashMap<Identity<'d>, Vec<WorkloadId>>,
    /// By workload: the place and range of each autoscaler that has it as its nearest target.
    autoscalers: HashMap<WorkloadId, Vec<(Location<'d>, Range)>>,
    errors: Vec<Finding>,
    found: Related<'d>,
}

impl<'a, 'd> Search<'a, 'd> {
    fn for_workloads(workloads: &'a Workloads<'d>) -> Self {
        let mut search = Self {
            workloads,
            index: HashMap::new(),
            former: HashMap::new(),
            autoscalers: HashMap::new(),
            errors: Vec::new(),
            found: Related::default(),
        };
        for (id, workload) in workloads.enumerate() {
            if let Err(error) = search.add_workload(id, workload) {
                let finding = Finding::from(error);
                search.errors.push(finding.about(&workload.resource));
            }
        }
        search
    }

    fn add_workload(&mut self, id: WorkloadId, workload: &Workload<'d>) -> Result<(), YamlError> {
        let (kind, namespace, name) = identity(workload);
        let current = self.index.entry((kind, namespace, name));
        current.or_default().push(id);
        for name in workload.resource.former_names()? {
            let former = self.former.entry((kind, namespace, name));
            former.or_default().push(id);
        }
        Ok(())
    }

    fn add(&mut self, resource: &Resource<'d>) -> Result<(), Finding> {
        if let Some(autoscaler) = autoscaler::read(resource)? {
            self.add_autoscaler(resource, &autoscaler);
        }
        if let Some(budget) = Budget::read(resource)? {
            self.found.budgets.push(Coverage {
                budget,
                resource: resource.clone(),
                workloads: Vec::new(),
            });
        }
        if volume::is_exclusive_claim(resource)? {
            let namespace = resource.effective_namespace();
            let names = resource.former_names()?.into_iter().chain([resource.name]);
            let claims = names.map(|name| (namespace, name));
            self.found.exclusive_claims.extend(claims);
        }
        Ok(())
    }

    fn add_autoscaler(&mut self, resource: &Resource<'d>, autoscaler: &Autoscaler<'d>) {
        let Some(kind): Option<WorkloadKind> = autoscaler.target_kind.parse().ok() else {
            return;
        };
        let target = (kind, resource.effective_namespace(), autoscaler.target_name);
        let targets = self.index.get(&target).or_else(|| self.former.get(&target));
        for id in self.nearest_workloads(resource.location(), targets) {
            let ranges = self.autoscalers.entry(id).or_default();
            ranges.push((resource.location(), autoscaler.range));
        }
    }

    fn nearest_workloads(
        &self,
        to: Location<'_>,
        candidates: Option<&Vec<WorkloadId>>,
    ) -> Vec<WorkloadId> {
        let candidates = candidates.into_iter().flatten().copied();
        nearest(to, candidates, |&id| self.workloads[id].resource.location())
    }

    /// Of the autoscalers that target a workload the nearest count.
    fn pick_nearest_autoscalers(&mut self) {
        for (id, ranges) in std::mem::take(&mut self.autoscalers) {
            let workload = self.workloads[id].resource.location();
            let near = nearest(workload, ranges, |(autoscaler, _)| *autoscaler);
            let range = near
                .into_iter()
                .map(|(_, range)| range)
                .reduce(Range::union);
            self.found.ranges.extend(range.map(|range| (id, range)));
        }
    }

    /// A budget covers, of each workload that stands in several files, the nearest.
    fn match_budgets(&mut self) {
        let mut budgets = std::mem::take(&mut self.found.budgets);
        if !budgets.is_empty() {
            let labelled = self.by_label();
            for coverage in &mut budgets {
                let (budget, resource) = (&coverage.budget, &coverage.resource);
                let namespace = resource.effective_namespace();
                let candidates = match budget.label() {
                    Some((key, value)) => labelled.get(&(namespace, key, value)),
                    None => labelled.get(&(namespace, "", "")),
                };
                let matching = candidates
                    .into_iter()
                    .flatten()
                    .copied()
                    .filter(|&id| budget.selects(&self.workloads[id].pod_labels()));
                let mut same: BTreeMap<Identity<'d>, Vec<WorkloadId>> = BTreeMap::new();
                for id in matching {
                    same.entry(identity(&self.workloads[id]))
                        .or_default()
                        .push(id);
                }
                let near = same
                    .values()
                    .flat_map(|all| self.nearest_workloads(resource.location(), Some(all)));
                coverage.workloads = near.collect();
                coverage.workloads.sort_unstable();
            }
        }
        self.found.budgets = budgets;
    }

    /// Workloads by namespace and one label of their pods; by the empty label all of a namespace.
    fn by_label(&self) -> HashMap<(&'d str, &'d str, &'d str), Vec<WorkloadId>> {
        let mut labelled: HashMap<_, Vec<WorkloadId>> = HashMap::new();
        for (id, workload) in self.workloads.enumerate() {
            let namespace = workload.resource.effective_namespace();
            for (key, value) in workload.pod_label_pairs().into_iter().chain([("", "")]) {
                labelled
                    .entry((namespace, key, value))
                    .or_default()
                    .push(id);
            }
        }
        labelled
    }
}
