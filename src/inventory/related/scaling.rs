//! Which autoscaler scales which workload, and which may.

use crate::inventory::WorkloadId;
use crate::krm::Resource;
use crate::krm::template::{Variable, has_variable, may_become_equal};
use crate::placement::{Range, WorkloadKind};

use super::Search;
use super::autoscaler::{Autoscaler, Reference, Scale, ScaleError};
use super::namespace::Neighbourhood;
use super::nearest::nearest;

/// An autoscaler seen from its target.
#[derive(Debug, Clone)]
pub(super) struct Targeting<'d> {
    neighbourhood: Neighbourhood,
    resource: Resource<'d>,
    scale: Result<Scale, ScaleError>,
    wakes: bool,
}

/// An autoscaler, or what drives workloads, of which nobody knows whether it means some of them.
#[derive(Debug, Clone)]
pub struct MayConcern<'d> {
    /// The object.
    pub resource: Resource<'d>,
    /// The variable on which it depends. Where there is none, it names no namespace, and workloads of the
    /// name lie in several.
    pub variable: Option<Variable<'d>>,
    /// Whether that stands in the first of the workloads, and not in the object.
    pub is_of_workload: bool,
    /// The workloads, which no other object concerns in this manner.
    pub workloads: Vec<WorkloadId>,
}

/// A range where none can be read: that of an autoscaler that says nothing.
const ANY: Range = Range { min: 1, max: None };

impl<'d> Search<'_, 'd> {
    pub(super) fn add_autoscaler(&mut self, resource: &Resource<'d>, autoscaler: Autoscaler<'d>) {
        let target = autoscaler.target;
        let (neighbourhood, targets) = self.targets(resource, target.kind, target.name);
        if targets.is_empty() {
            self.unmatched.push((resource.clone(), target));
        }
        let targeting = Targeting {
            neighbourhood,
            resource: resource.clone(),
            scale: autoscaler.scale,
            wakes: autoscaler.wakes,
        };
        for id in targets {
            let all = self.autoscalers.entry(id).or_default();
            all.push(targeting.clone());
        }
    }

    /// Adds an autoscaler whose range is not known.
    pub(super) fn add_unbounded(&mut self, resource: &Resource<'d>, target: Reference<'d>) {
        let (_, targets) = self.targets(resource, target.kind, target.name);
        if targets.is_empty() {
            self.unmatched.push((resource.clone(), target));
        }
        self.found.scaled_otherwise.extend(targets);
    }

    /// Of the autoscalers that target a workload the nearest count; those of its own namespace, if
    /// there are any.
    pub(super) fn pick_nearest_autoscalers(&mut self) {
        for (id, mut targeting) in std::mem::take(&mut self.autoscalers) {
            let neighbourhood = targeting.iter().map(|it| it.neighbourhood).max();
            targeting.retain(|it| Some(it.neighbourhood) == neighbourhood);
            let workload = self.workloads[id].resource.location();
            let near = nearest(workload, targeting, |it| it.resource.location());
            if near.iter().any(|it| it.wakes) {
                self.found.woken.insert(id);
            }
            let ranges = near.into_iter().map(|it| self.range(id, it));
            let range = ranges.reduce(Range::union);
            self.found.ranges.extend(range.map(|range| (id, range)));
        }
    }

    /// The range of one of the workload `id`'s autoscalers; what cannot be read of it is kept.
    fn range(&mut self, id: WorkloadId, targeting: Targeting<'d>) -> Range {
        let resource = targeting.resource;
        match targeting.scale {
            Ok(scale) => {
                let open = scale.open_maximum.map(|bad| (id, (resource, bad)));
                self.found.open_maxima.extend(open);
                scale.range
            }
            Err(error) => {
                let found = &mut self.found.unreadable_ranges;
                found.insert(id, (resource, error));
                ANY
            }
        }
    }

    /// An autoscaler that scales no workload for certain may scale one that no other scales.
    pub(super) fn match_possible_autoscalers(&mut self) {
        for (resource, target) in std::mem::take(&mut self.unmatched) {
            let mut workloads = self.possible_targets(&resource, target);
            let found = &mut self.found;
            workloads.retain(|id| {
                !found.ranges.contains_key(id) && !found.scaled_otherwise.contains(id)
            });
            let may_scale = self.may_concern(resource, target, workloads);
            self.found.may_scale.extend(may_scale);
        }
    }

    /// `resource` and the workloads that `target` may mean, if there are any.
    fn may_concern(
        &self,
        resource: Resource<'d>,
        target: Reference<'d>,
        workloads: Vec<WorkloadId>,
    ) -> Option<MayConcern<'d>> {
        let workload = &self.workloads[*workloads.first()?].resource;
        let own = variable(&resource, target, workload);
        let other = || namespace_variable(workload, &resource);
        Some(MayConcern {
            is_of_workload: own.is_none(),
            variable: own.or_else(other),
            resource,
            workloads,
        })
    }

    /// What drives no workload for certain may drive one once variables are filled in.
    pub(super) fn add_possible_driver(&mut self, resource: &Resource<'d>, target: Reference<'d>) {
        let workloads = self.possible_targets(resource, target);
        let may_drive = self.may_concern(resource.clone(), target, workloads);
        let may_drive = may_drive.filter(|it| it.variable.is_some());
        self.found.may_drive.extend(may_drive);
    }

    fn possible_targets(&self, resource: &Resource<'d>, target: Reference<'d>) -> Vec<WorkloadId> {
        let name = target.name;
        let kinds = match target.kind.parse() {
            Ok(kind) => vec![kind],
            Err(_) if has_variable(target.kind) => WorkloadKind::ALL.to_vec(),
            Err(_) => Vec::new(),
        };
        let named: Vec<_> = if has_variable(name) {
            let workloads = self.workloads.enumerate();
            let may_be = workloads.filter(|(_, workload)| {
                kinds.contains(&workload.kind) && may_become_equal(name, workload.resource.name)
            });
            may_be.map(|(id, _)| id).collect()
        } else {
            let kinds = kinds.iter();
            kinds
                .flat_map(|kind| self.names.anywhere(*kind, name))
                .collect()
        };
        let near = named.into_iter().filter(|id| {
            let namespace = self.workloads[*id].resource.namespace;
            Neighbourhood::of(resource.namespace, namespace) != Neighbourhood::Apart
        });
        nearest(resource.location(), near, |id| {
            self.workloads[*id].resource.location()
        })
    }
}

/// The variable in `resource` on which it depends whether it scales `workload`, by `target`.
fn variable<'d>(
    resource: &Resource<'d>,
    target: Reference<'d>,
    workload: &Resource<'d>,
) -> Option<Variable<'d>> {
    let mut fields = ["kind", "name", "deployment"].into_iter();
    let of_target = fields.find_map(|field| {
        let node = target.node.get_non_null(field).ok()??;
        Variable::first(resource.node, node)
    });
    of_target.or_else(|| namespace_variable(resource, workload))
}

/// The variable in the namespace of `resource`, if it hides whether `other` lies in the same.
pub fn namespace_variable<'d>(
    resource: &Resource<'d>,
    other: &Resource<'_>,
) -> Option<Variable<'d>> {
    let neighbourhood = Neighbourhood::of(resource.namespace, other.namespace);
    let variable = Variable::at(resource.node, &["metadata", "namespace"]);
    variable.filter(|_| neighbourhood == Neighbourhood::Unknown)
}
