//! What belongs to which workload: autoscalers, budgets, claims and companions, matched by name or
//! selector within the namespace, and within the nearest common folder. Where exactly one of two
//! objects names no namespace and nothing else matches, they belong together.

mod autoscaler;
mod budget;
mod by_name;
mod companions;
mod driver;
mod namespace;
mod nearest;
mod scaler;
mod vertical;
mod volume;

pub use autoscaler::{Autoscaler, read as read_autoscaler};
pub use budget::{Amount, Budget, Limit};
pub use companions::Companions;
pub(super) use namespace::Neighbourhood;
pub use volume::{attached_by_one_node, mounted_claims};

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::findings::Finding;
use crate::krm::annotations::{CAPACITY_LABEL, CAPACITY_ON_DEMAND};
use crate::krm::{Companion, Input, Location, Resource};
use crate::placement::{Driver, Range, WorkloadKind};

use super::{Workload, WorkloadId, Workloads};
use by_name::ByName;
use companions::{Made, match_companions};
use nearest::nearest;
use scaler::Scaler;

/// A workload's kind, namespace and name: several files may hold the same.
pub(super) type Identity<'d> = (WorkloadKind, &'d str, &'d str);

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
}

/// A PersistentVolumeClaim.
#[derive(Debug, Clone, Copy)]
struct Claim<'d> {
    namespace: Option<&'d str>,
    /// Whether one node at a time can mount it.
    is_exclusive: bool,
}

/// What belongs to the workloads of one input.
#[derive(Debug, Default)]
pub struct Related<'d> {
    /// The range of the autoscaler that targets a workload.
    pub ranges: HashMap<WorkloadId, Range>,
    /// The workloads whose autoscaler scales them even from no replicas.
    pub woken: BTreeSet<WorkloadId>,
    /// The workloads with an autoscaler whose minimum is not known.
    pub scaled_otherwise: BTreeSet<WorkloadId>,
    /// The budgets, each with the workloads whose pods it selects.
    pub budgets: Vec<Coverage<'d>>,
    /// The claims by name.
    claims: HashMap<&'d str, Vec<Claim<'d>>>,
    /// What drives a workload, or takes it as its template.
    pub drivers: HashMap<WorkloadId, Driver>,
    /// The workloads that a `VerticalPodAutoscaler` targets.
    pub vertically_scaled: BTreeSet<WorkloadId>,
    /// Those whose siblings have one.
    pub with_scaled_sibling: BTreeSet<WorkloadId>,
    /// What earlier runs made beside the workloads.
    pub companions: Companions,
}

impl<'d> Related<'d> {
    /// The workloads of which a budget of the owner's selects pods, their own or a sibling's.
    pub fn budgeted(&self) -> BTreeSet<WorkloadId> {
        let covered = self.budgets.iter().flat_map(|budget| &budget.workloads);
        covered.map(|covered| covered.id).collect()
    }

    /// Whether the claim `name` that `workload` mounts can be mounted by one node at a time; `None`
    /// where it is not in the input.
    pub fn is_exclusive(&self, workload: &Workload<'_>, name: &str) -> Option<bool> {
        let claims = self.claims.get(name).into_iter().flatten();
        let near = claims.map(|claim| {
            let near = Neighbourhood::of(workload.resource.namespace, claim.namespace);
            (near, claim.is_exclusive)
        });
        let near: Vec<_> = near
            .filter(|(near, _)| *near != Neighbourhood::Apart)
            .collect();
        let nearest = near.iter().map(|(near, _)| *near).max()?;
        let mut near = near.iter().filter(|(near, _)| *near == nearest);
        Some(near.any(|(_, is_exclusive)| *is_exclusive))
    }

    /// Finds what belongs to `workloads`; `made` is what earlier runs made beside them.
    ///
    /// # Errors
    /// A finding for each object that Kubernetes would reject.
    pub(super) fn find(
        input: &Input<'d>,
        workloads: &Workloads<'d>,
        made: &Made,
    ) -> Result<Self, Vec<Finding>> {
        let mut search = Search::for_workloads(workloads);
        for (id, resource) in input.enumerate() {
            // A budget of ours is none that could stand beside another of ours.
            if resource.is_local_config().unwrap_or_default() || made.contains_key(&id) {
                continue;
            }
            if let Err(finding) = search.add(resource) {
                search.errors.push(finding.about(resource));
            }
        }
        search.pick_nearest_autoscalers();
        search.match_budgets();
        search.found.companions = match_companions(input, workloads, &search.names, made);
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

/// Workloads by namespace, `None` for any, and one label of their pods.
type Labelled<'d> = HashMap<(Option<&'d str>, &'d str, &'d str), Vec<WorkloadId>>;

/// An autoscaler seen from its target.
#[derive(Debug, Clone, Copy)]
struct Targeting<'d> {
    neighbourhood: Neighbourhood,
    location: Location<'d>,
    range: Range,
    wakes: bool,
}

struct Search<'a, 'd> {
    workloads: &'a Workloads<'d>,
    names: ByName<'d>,
    /// By workload: the autoscalers that have it as their nearest target.
    autoscalers: HashMap<WorkloadId, Vec<Targeting<'d>>>,
    errors: Vec<Finding>,
    found: Related<'d>,
}

impl<'a, 'd> Search<'a, 'd> {
    fn for_workloads(workloads: &'a Workloads<'d>) -> Self {
        let mut errors = Vec::new();
        let names = ByName::of(workloads, |workload, error| {
            errors.push(Finding::from(error).about(&workload.resource));
        });
        Self {
            workloads,
            names,
            autoscalers: HashMap::new(),
            errors,
            found: Related::default(),
        }
    }

    fn add(&mut self, resource: &Resource<'d>) -> Result<(), Finding> {
        if let Some(autoscaler) = autoscaler::read(resource)? {
            self.add_autoscaler(resource, &autoscaler)?;
        }
        match scaler::read(resource)? {
            Some(Scaler::Within(autoscaler)) => self.add_autoscaler(resource, &autoscaler)?,
            Some(Scaler::Unbounded(kind, name)) => {
                let (_, targets) = self.targets(resource, kind, name);
                self.found.scaled_otherwise.extend(targets);
            }
            None => {}
        }
        if let Some(budget) = Budget::read(resource)? {
            self.found.budgets.push(Coverage {
                budget,
                resource: resource.clone(),
                workloads: Vec::new(),
            });
        }
        if volume::is_claim(resource) {
            let claim = Claim {
                namespace: resource.namespace,
                is_exclusive: volume::is_exclusive(resource)?,
            };
            for name in resource.former_names()?.into_iter().chain([resource.name]) {
                self.found.claims.entry(name).or_default().push(claim);
            }
        }
        if let Some((kind, name, driver)) = driver::read(resource)? {
            let (_, targets) = self.targets(resource, kind, name);
            self.found
                .drivers
                .extend(targets.into_iter().map(|id| (id, driver)));
        }
        if let Some((kind, name)) = vertical::read(resource)? {
            let (_, targets) = self.targets(resource, kind, name);
            self.found.vertically_scaled.extend(targets);
            if let Some(original) = Companion::Sibling.name_of_workload(name) {
                let (_, originals) = self.targets(resource, kind, original);
                self.found.with_scaled_sibling.extend(originals);
            }
        }
        Ok(())
    }

    /// The workloads that `resource` means by `kind` and `name`, and how sure their namespace is.
    fn targets(
        &self,
        resource: &Resource<'d>,
        kind: &str,
        name: &'d str,
    ) -> (Neighbourhood, Vec<WorkloadId>) {
        let Some(kind): Option<WorkloadKind> = kind.parse().ok() else {
            return (Neighbourhood::Apart, Vec::new());
        };
        let same = self
            .names
            .current_or_former(kind, name, resource.effective_namespace());
        let (neighbourhood, targets) = if same.is_empty() {
            (Neighbourhood::Possible, self.possible(kind, resource, name))
        } else {
            (Neighbourhood::Same, same)
        };
        let nearest = self.nearest_workloads(resource.location(), Some(&targets));
        (neighbourhood, nearest)
    }

    /// What scales no workload of the input need not be right.
    fn add_autoscaler(
        &mut self,
        resource: &Resource<'d>,
        autoscaler: &Autoscaler<'d>,
    ) -> Result<(), Finding> {
        let (kind, name) = (autoscaler.target_kind, autoscaler.target_name);
        let (neighbourhood, targets) = self.targets(resource, kind, name);
        if let Some(wrong) = autoscaler.wrong_maximum.filter(|_| !targets.is_empty()) {
            return Err(wrong.into());
        }
        let targeting = Targeting {
            neighbourhood,
            location: resource.location(),
            range: autoscaler.range,
            wakes: autoscaler.wakes,
        };
        for id in targets {
            self.autoscalers.entry(id).or_default().push(targeting);
        }
        Ok(())
    }

    /// The workloads of that name that may come to lie in the namespace of `resource`, if they lie
    /// in one.
    fn possible(&self, kind: WorkloadKind, resource: &Resource<'d>, name: &str) -> Vec<WorkloadId> {
        let all = self.names.anywhere(kind, name);
        let possible = |id: &WorkloadId| {
            let namespace = self.workloads[*id].resource.namespace;
            Neighbourhood::of(resource.namespace, namespace) == Neighbourhood::Possible
        };
        self.in_one_namespace(all.into_iter().filter(possible).collect())
    }

    /// `workloads`, unless they lie in several namespaces.
    fn in_one_namespace(&self, workloads: Vec<WorkloadId>) -> Vec<WorkloadId> {
        let namespaces = workloads
            .iter()
            .map(|&id| self.workloads[id].resource.namespace);
        let namespaces: BTreeSet<_> = namespaces.collect();
        if namespaces.len() > 1 {
            return Vec::new();
        }
        workloads
    }

    fn nearest_workloads(
        &self,
        to: Location<'_>,
        candidates: Option<&Vec<WorkloadId>>,
    ) -> Vec<WorkloadId> {
        let candidates = candidates.into_iter().flatten().copied();
        nearest(to, candidates, |&id| self.workloads[id].resource.location())
    }

    /// Of the autoscalers that target a workload the nearest count; those of its own namespace, if
    /// there are any.
    fn pick_nearest_autoscalers(&mut self) {
        for (id, mut targeting) in std::mem::take(&mut self.autoscalers) {
            let neighbourhood = targeting.iter().map(|it| it.neighbourhood).max();
            targeting.retain(|it| Some(it.neighbourhood) == neighbourhood);
            let workload = self.workloads[id].resource.location();
            let near = nearest(workload, targeting, |it| it.location);
            if near.iter().any(|it| it.wakes) {
                self.found.woken.insert(id);
            }
            let range = near.into_iter().map(|it| it.range).reduce(Range::union);
            self.found.ranges.extend(range.map(|range| (id, range)));
        }
    }

    /// A budget covers, of each workload that stands in several files, the nearest.
    fn match_budgets(&mut self) {
        let mut budgets = std::mem::take(&mut self.found.budgets);
        if !budgets.is_empty() {
            let labelled = self.by_label(&budgets);
            let mut covered = BTreeSet::new();
            let mut possible = Vec::new();
            for (index, coverage) in budgets.iter_mut().enumerate() {
                let (budget, resource) = (&coverage.budget, &coverage.resource);
                let (neighbourhood, matching) = self.selected(budget, resource, &labelled);
                let mut same: BTreeMap<Identity<'d>, Vec<WorkloadId>> = BTreeMap::new();
                for id in matching {
                    same.entry(identity(&self.workloads[id]))
                        .or_default()
                        .push(id);
                }
                let near = same
                    .values()
                    .flat_map(|all| self.nearest_workloads(resource.location(), Some(all)));
                let found = near.filter_map(|id| budget.covers(id, &self.workloads[id]));
                coverage.workloads = found.collect();
                coverage.workloads.sort_unstable();
                match neighbourhood {
                    Neighbourhood::Same => {
                        covered.extend(coverage.workloads.iter().map(|it| it.id));
                    }
                    _ => possible.push(index),
                }
            }
            for index in possible {
                let others = &mut budgets[index].workloads;
                others.retain(|it| !covered.contains(&it.id));
            }
        }
        self.found.budgets = budgets;
    }

    /// The workloads whose pods `budget` selects in its namespace; where there are none, those that
    /// may come to lie in it: they count where no budget of their own namespace covers them.
    fn selected(
        &self,
        budget: &Budget<'d>,
        resource: &Resource<'d>,
        labelled: &Labelled<'d>,
    ) -> (Neighbourhood, Vec<WorkloadId>) {
        let (key, value) = budget.label();
        let in_namespace = |namespace| {
            let all = labelled.get(&(namespace, key, value));
            let all = all.into_iter().flatten().copied();
            all.filter(|&id| budget.covers(id, &self.workloads[id]).is_some())
                .collect::<Vec<_>>()
        };
        let same = in_namespace(Some(resource.effective_namespace()));
        if !same.is_empty() {
            return (Neighbourhood::Same, same);
        }
        let mut possible = in_namespace(None);
        possible.retain(|&id| {
            let namespace = self.workloads[id].resource.namespace;
            Neighbourhood::of(resource.namespace, namespace) == Neighbourhood::Possible
        });
        (Neighbourhood::Possible, self.in_one_namespace(possible))
    }

    /// Workloads by namespace, or in any, and one of the labels that `budgets` ask for; by the empty
    /// label all.
    fn by_label(&self, budgets: &[Coverage<'d>]) -> Labelled<'d> {
        let asked: BTreeSet<_> = budgets.iter().map(|it| it.budget.label()).collect();
        let mut labelled = Labelled::new();
        for (id, workload) in self.workloads.enumerate() {
            let namespace = workload.resource.effective_namespace();
            let of_sibling = (CAPACITY_LABEL, CAPACITY_ON_DEMAND);
            let pairs = workload.pod_label_pairs().into_iter();
            let pairs = pairs.chain([of_sibling, ("", "")]);
            for (key, value) in pairs.filter(|pair| asked.contains(pair)) {
                for namespace in [Some(namespace), None] {
                    let found = labelled.entry((namespace, key, value));
                    found.or_default().push(id);
                }
            }
        }
        labelled
    }
}
