//! Which budget covers the pods of which workload, and which may.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::inventory::WorkloadId;
use crate::krm::annotations::{CAPACITY_LABEL, CAPACITY_ON_DEMAND};
use crate::krm::template::has_variable;
use crate::krm::{Location, Resource};

use super::budget::Budget;
use super::namespace::Neighbourhood;
use super::{Identity, Search, identity};

/// Which pods of a workload a budget selects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Covered {
    /// The workload.
    pub id: WorkloadId,
    /// Whether its own pods are selected.
    pub original: bool,
    /// Whether the pods of its sibling are, if it has one.
    pub sibling: bool,
}

/// A PodDisruptionBudget of the owner's and what it covers.
#[derive(Debug)]
pub struct Coverage<'d> {
    /// What it limits.
    pub budget: Budget<'d>,
    /// The object.
    pub resource: Resource<'d>,
    /// The workloads of which it selects pods, in their order.
    pub workloads: Vec<Covered>,
    /// Those of which nobody knows, and that no other budget covers.
    pub uncertain: Vec<WorkloadId>,
}

impl Coverage<'_> {
    /// The workloads that are covered.
    fn ids(&self) -> impl Iterator<Item = WorkloadId> {
        self.workloads.iter().map(|covered| covered.id)
    }
}

/// The workloads of which a budget selects pods, and which of them.
type Selected = BTreeMap<WorkloadId, Covered>;

/// Workloads by namespace, `None` for any, and one label of their pods.
type Labelled<'d> = HashMap<(Option<&'d str>, &'d str, &'d str), Vec<WorkloadId>>;

impl<'d> Search<'_, 'd> {
    /// A budget covers, of each workload that stands in several files, the nearest.
    pub(super) fn match_budgets(&mut self) {
        let mut budgets = std::mem::take(&mut self.found.budgets);
        if !budgets.is_empty() {
            self.cover(&mut budgets);
        }
        self.found.budgets = budgets;
    }

    fn cover(&self, budgets: &mut [Coverage<'d>]) {
        let labelled = self.by_label(budgets);
        let open = self.open_workloads();
        let mut covered = BTreeSet::new();
        let mut possible = Vec::new();
        for (index, coverage) in budgets.iter_mut().enumerate() {
            let (neighbourhood, selected) = self.selected(coverage, &labelled);
            let to = coverage.resource.location();
            let near = self.in_one_namespace(to, selected.keys().copied().collect());
            let nearest = self.nearest_of_each(to, &near);
            let pods_of = |id| selected.get(id).copied();
            coverage.workloads = nearest.iter().filter_map(pods_of).collect();
            coverage.uncertain = self.uncertain(coverage, &open);
            if near.is_empty() {
                coverage.uncertain.extend(selected.into_keys());
            }
            match neighbourhood {
                Neighbourhood::Same => covered.extend(coverage.ids()),
                _ => possible.push(index),
            }
        }
        for index in possible {
            let others = &mut budgets[index].workloads;
            others.retain(|it| !covered.contains(&it.id));
        }
        let covered: BTreeSet<_> = budgets.iter().flat_map(Coverage::ids).collect();
        for coverage in budgets {
            coverage.uncertain.retain(|id| !covered.contains(id));
            coverage.uncertain.sort_unstable();
            coverage.uncertain.dedup();
        }
    }

    /// `workloads`, but of each that stands in several files only the nearest to `to`.
    fn nearest_of_each(&self, to: Location<'_>, workloads: &[WorkloadId]) -> BTreeSet<WorkloadId> {
        let mut same: BTreeMap<Identity<'d>, Vec<WorkloadId>> = BTreeMap::new();
        for &id in workloads {
            let same = same.entry(identity(&self.workloads[id]));
            same.or_default().push(id);
        }
        let near = same
            .values()
            .flat_map(|all| self.nearest_workloads(to, Some(all)));
        near.collect()
    }

    /// Workloads that have a variable in their namespace or in a label of their pods, and whether it is in a label.
    fn open_workloads(&self) -> BTreeMap<WorkloadId, bool> {
        let open = self.workloads.map(|id, workload| {
            let labels = workload.pod_label_pairs().into_iter();
            let mut labels = labels.flat_map(|(key, value)| [key, value]);
            let is_label = labels.any(has_variable);
            let is_namespace = workload.resource.namespace.is_some_and(has_variable);
            (is_label || is_namespace).then_some((id, is_label))
        });
        open.into_iter().flatten().collect()
    }

    /// The workloads of which the variables of a budget, or their own, decide whether it selects their pods.
    fn uncertain(
        &self,
        coverage: &Coverage<'d>,
        open: &BTreeMap<WorkloadId, bool>,
    ) -> Vec<WorkloadId> {
        let budget = &coverage.budget;
        let namespace = coverage.resource.namespace;
        let is_open = budget.variable.is_some();
        let is_uncertain = |id: &WorkloadId| {
            let workload = &self.workloads[*id];
            let near = Neighbourhood::of(namespace, workload.resource.namespace);
            let is_open = is_open || near == Neighbourhood::Unknown || open.get(id) == Some(&true);
            let is_sure = || coverage.ids().any(|covered| covered == *id);
            near != Neighbourhood::Apart && is_open && budget.may_cover(workload) && !is_sure()
        };
        if is_open || namespace.is_some_and(has_variable) {
            let all = self.workloads.enumerate().map(|(id, _)| id);
            all.filter(is_uncertain).collect()
        } else {
            open.keys().copied().filter(is_uncertain).collect()
        }
    }

    /// The workloads whose pods `budget` selects in its namespace; where there are none, those that
    /// may come to lie in it: they count where no budget of their own namespace covers them.
    fn selected(
        &self,
        coverage: &Coverage<'d>,
        labelled: &Labelled<'d>,
    ) -> (Neighbourhood, Selected) {
        let Coverage {
            budget, resource, ..
        } = coverage;
        let (key, value) = budget.label();
        let in_namespace = |namespace| {
            let all = labelled.get(&(namespace, key, value));
            let all = all.into_iter().flatten();
            all.filter_map(|id| Some((*id, budget.covers(*id, &self.workloads[*id])?)))
                .collect::<Selected>()
        };
        let same = in_namespace(Some(resource.effective_namespace()));
        if !same.is_empty() {
            return (Neighbourhood::Same, same);
        }
        let mut possible = in_namespace(None);
        possible.retain(|id, _| {
            let namespace = self.workloads[*id].resource.namespace;
            Neighbourhood::of(resource.namespace, namespace) == Neighbourhood::Possible
        });
        (Neighbourhood::Possible, possible)
    }

    /// Workloads by namespace, or in any, and one of the labels that `budgets` ask for; by the empty
    /// label all.
    fn by_label(&self, budgets: &[Coverage<'d>]) -> Labelled<'d> {
        let asked: BTreeSet<_> = budgets.iter().map(|it| it.budget.label()).collect();
        let labels = self.workloads.map(|_, workload| {
            let of_sibling = (CAPACITY_LABEL, CAPACITY_ON_DEMAND);
            let pairs = workload.pod_label_pairs().into_iter();
            let pairs = pairs.chain([of_sibling, ("", "")]);
            pairs
                .filter(|pair| asked.contains(pair))
                .collect::<Vec<_>>()
        });
        let mut labelled = Labelled::new();
        for ((id, workload), labels) in self.workloads.enumerate().zip(labels) {
            let namespace = workload.resource.effective_namespace();
            for (key, value) in labels {
                for namespace in [Some(namespace), None] {
                    let found = labelled.entry((namespace, key, value));
                    found.or_default().push(id);
                }
            }
        }
        labelled
    }
}
