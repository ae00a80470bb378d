//! What belongs to which workload: autoscalers, budgets, claims and companions, matched by name or
//! selector within the namespace, and within the nearest common folder. Where exactly one of two
//! objects names no namespace and nothing else matches, they belong together.

mod autoscaler;
mod budget;
mod by_name;
mod companions;
mod coverage;
mod driver;
mod namespace;
mod nearest;
mod scaler;
mod scaling;
mod vertical;
mod volume;

pub use autoscaler::read as read_autoscaler;
pub use budget::{Budget, Limit};
pub use companions::Companions;
pub use coverage::{Coverage, Covered};
pub use namespace::Neighbourhood;
pub use scaling::{MayConcern, namespace_variable};
pub use volume::{attached_by_one_node, mounted_claims};

use std::collections::{BTreeSet, HashMap};

use crate::fields::BadCount;
use crate::findings::Finding;
use crate::krm::{Companion, Input, Location, Resource};
use crate::placement::{Driver, Range, WorkloadKind};

use super::{Workload, WorkloadId, Workloads};
use autoscaler::{Reference, ScaleError};
use by_name::ByName;
use companions::{Made, match_companions};
use nearest::nearest;
use scaler::Scaler;
use scaling::Targeting;

/// A workload's kind, namespace and name: several files may hold the same.
pub(super) type Identity<'d> = (WorkloadKind, &'d str, &'d str);

/// A PersistentVolumeClaim.
#[derive(Debug, Clone, Copy)]
struct Claim<'d> {
    namespace: Option<&'d str>,
    location: Location<'d>,
    /// Whether one node at a time can mount it.
    is_exclusive: bool,
}

/// What belongs to the workloads of one input.
#[derive(Debug, Default)]
pub struct Related<'d> {
    /// The range of the autoscaler that targets a workload; any range where it cannot be read.
    pub ranges: HashMap<WorkloadId, Range>,
    /// The workloads whose autoscaler has a range that cannot be read, with that autoscaler.
    pub unreadable_ranges: HashMap<WorkloadId, (Resource<'d>, ScaleError)>,
    /// The workloads whose autoscaler has a maximum that is filled in later, with that autoscaler.
    pub open_maxima: HashMap<WorkloadId, (Resource<'d>, BadCount)>,
    /// Autoscalers of which nobody knows whether they scale a workload of the input.
    pub may_scale: Vec<MayConcern<'d>>,
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
    /// What may drive a workload, depending on what a variable becomes.
    pub may_drive: Vec<MayConcern<'d>>,
    /// The workloads that a `VerticalPodAutoscaler` targets.
    pub vertically_scaled: BTreeSet<WorkloadId>,
    /// Those whose siblings have one.
    pub with_scaled_sibling: BTreeSet<WorkloadId>,
    /// What earlier runs made beside the workloads.
    pub companions: Companions,
}

impl<'d> Related<'d> {
    /// The autoscaler of which nobody knows whether it scales the workload, the first one.
    pub fn may_scale(&self, id: WorkloadId) -> Option<&MayConcern<'d>> {
        let mut all = self.may_scale.iter();
        all.find(|may_scale| may_scale.workloads.contains(&id))
    }

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
            (near, claim)
        });
        let near: Vec<_> = near
            .filter(|(near, _)| *near != Neighbourhood::Apart)
            .collect();
        let surest = near.iter().map(|(near, _)| *near).max()?;
        let surest = near.into_iter().filter(|(near, _)| *near == surest);
        let claims = surest.map(|(_, claim)| claim);
        let claims = nearest(workload.resource.location(), claims, |it| it.location);
        Some(claims.iter().any(|claim| claim.is_exclusive))
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
        search.match_possible_autoscalers();
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

struct Search<'a, 'd> {
    workloads: &'a Workloads<'d>,
    names: ByName<'d>,
    /// By workload: the autoscalers that have it as their nearest target.
    autoscalers: HashMap<WorkloadId, Vec<Targeting<'d>>>,
    /// Autoscalers that target no workload for certain.
    unmatched: Vec<(Resource<'d>, Reference<'d>)>,
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
            unmatched: Vec::new(),
            errors,
            found: Related::default(),
        }
    }

    fn add(&mut self, resource: &Resource<'d>) -> Result<(), Finding> {
        if let Some(autoscaler) = autoscaler::read(resource)? {
            self.add_autoscaler(resource, autoscaler);
        }
        match scaler::read(resource)? {
            Some(Scaler::Within(autoscaler)) => self.add_autoscaler(resource, autoscaler),
            Some(Scaler::Unbounded(target)) => self.add_unbounded(resource, target),
            None => {}
        }
        if let Some(budget) = Budget::read(resource)? {
            self.found.budgets.push(Coverage {
                budget,
                resource: resource.clone(),
                workloads: Vec::new(),
                uncertain: Vec::new(),
            });
        }
        if volume::is_claim(resource) {
            let claim = Claim {
                namespace: resource.namespace,
                location: resource.location(),
                is_exclusive: volume::is_exclusive(resource)?,
            };
            for name in resource.former_names()?.into_iter().chain([resource.name]) {
                self.found.claims.entry(name).or_default().push(claim);
            }
        }
        if let Some((target, driver)) = driver::read(resource)? {
            let targets = self.targets_anywhere(resource, target.kind, target.name);
            if targets.is_empty() {
                self.add_possible_driver(resource, target);
            }
            self.found
                .drivers
                .extend(targets.into_iter().map(|id| (id, driver)));
        }
        if let Some((kind, name)) = vertical::read(resource)? {
            let targets = self.targets_anywhere(resource, kind, name);
            self.found.vertically_scaled.extend(targets);
            if let Some(original) = Companion::Sibling.name_of_workload(name) {
                let originals = self.targets_anywhere(resource, kind, original);
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
            let least = Neighbourhood::Possible;
            let possible = self.possible(kind, resource, name, least);
            (least, self.in_one_namespace(resource.location(), possible))
        } else {
            (Neighbourhood::Same, same)
        };
        let nearest = self.nearest_workloads(resource.location(), Some(&targets));
        (neighbourhood, nearest)
    }

    /// The same, and where there are none, those in a namespace that is filled in later: for what is better
    /// taken into account once too often.
    fn targets_anywhere(
        &self,
        resource: &Resource<'d>,
        kind: &str,
        name: &'d str,
    ) -> Vec<WorkloadId> {
        let (_, targets) = self.targets(resource, kind, name);
        match kind.parse() {
            Ok(kind) if targets.is_empty() => {
                let least = Neighbourhood::Unknown;
                let possible = self.possible(kind, resource, name, least);
                self.in_one_namespace(resource.location(), possible)
            }
            _ => targets,
        }
    }

    /// The workloads of that name that lie not surely in the namespace of `resource`, but are in the
    /// neighbourhood `least` or nearer.
    fn possible(
        &self,
        kind: WorkloadKind,
        resource: &Resource<'d>,
        name: &str,
        least: Neighbourhood,
    ) -> Vec<WorkloadId> {
        let all = self.names.anywhere(kind, name).into_iter();
        let is_possible = |id: &WorkloadId| {
            let namespace = self.workloads[*id].resource.namespace;
            let neighbourhood = Neighbourhood::of(resource.namespace, namespace);
            (least..Neighbourhood::Same).contains(&neighbourhood)
        };
        all.filter(is_possible).collect()
    }

    /// `workloads`, or where they lie in several namespaces, the nearest; none where these do as well.
    fn in_one_namespace(&self, to: Location<'_>, workloads: Vec<WorkloadId>) -> Vec<WorkloadId> {
        let is_one = |workloads: &[WorkloadId]| {
            let namespaces = workloads.iter();
            let namespaces =
                namespaces.map(|&id| self.workloads[id].resource.effective_namespace());
            namespaces.collect::<BTreeSet<_>>().len() <= 1
        };
        if is_one(&workloads) {
            return workloads;
        }
        let nearest = self.nearest_workloads(to, Some(&workloads));
        if is_one(&nearest) {
            nearest
        } else {
            Vec::new()
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
}
