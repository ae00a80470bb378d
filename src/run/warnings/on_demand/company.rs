//! Pinned pods that have to be beside pods that are not on on-demand nodes, or away from some that are.

use crate::findings::{Code, Finding};
use crate::inventory::{Company, WorkloadId};
use crate::placement::{Decision, Exclusion, Placement};
use crate::room::{Capacities, Reach, constraints};

use super::super::scene::{Scene, in_words};

/// The warnings about pinned pods whose required affinity to other workloads cannot be met.
pub(super) fn warnings(scene: Scene<'_, '_>) -> Vec<Finding> {
    let found = unmet(scene);
    let found = found.into_iter().map(|(id, company)| {
        let workload = &scene.inventory.workloads[id];
        let others = company.workloads.iter();
        let others = others.map(|id| in_words(&scene.inventory.workloads[*id]));
        let others: Vec<_> = others.collect();
        let others = others.join(", ");
        let key = &company.topology_key;
        let message = if company.keeps_away {
            format!(
                "a required pod anti-affinity over {key} keeps it from the on-demand nodes, where {others} \
                 is pinned: one of the two stays Pending; use another topologyKey"
            )
        } else {
            format!(
                "a required pod affinity over {key} puts its pinned pods beside those of {others}, of which \
                 the policy keeps none on on-demand nodes: they stay Pending while those are on spot; keep \
                 some of {others} on on-demand nodes, or use strategy spot for both"
            )
        };
        let field = if company.keeps_away {
            "spec.template.spec.affinity.podAntiAffinity"
        } else {
            "spec.template.spec.affinity.podAffinity"
        };
        let finding = Finding::warning(Code::KeptTogether, message).at(field);
        finding.about(&workload.resource)
    });
    found.collect()
}

/// The workloads whose pinned pods stay Pending for that reason.
pub(super) fn stuck(scene: Scene<'_, '_>) -> Vec<WorkloadId> {
    unmet(scene).into_iter().map(|(id, _)| id).collect()
}

/// The first term of each workload that its pinned pods cannot meet.
fn unmet(scene: Scene<'_, '_>) -> Vec<(WorkloadId, Company)> {
    let workloads = scene.inventory.workloads.enumerate();
    let pinned = workloads.filter(|(id, _)| match &scene.assessments[*id].decision {
        Decision::Place(placement) => pins(placement),
        Decision::LeaveAlone(_) => false,
    });
    let found = pinned.filter_map(|(id, _)| {
        let company = scene.inventory.company(id, &scene.policy.capacity).ok()?;
        let is_unmet = |company: &Company| {
            let mut others = company.workloads.iter();
            if company.keeps_away {
                others.any(|id| keeps_some(scene, *id))
            } else {
                others.all(|id| is_on_spot(scene, *id))
            }
        };
        Some((id, company.into_iter().find(is_unmet)?))
    });
    found.collect()
}

/// Whether pods are pinned to on-demand nodes.
fn pins(placement: &Placement) -> bool {
    let pins = placement.requires_on_demand() || placement.has_sibling();
    pins && placement.floor > 0
}

fn keeps_some(scene: Scene<'_, '_>, id: WorkloadId) -> bool {
    matches!(&scene.assessments[id].decision, Decision::Place(placement) if pins(placement))
}

/// Whether all of a workload prefers spot nodes, or its owner allows no others.
fn is_on_spot(scene: Scene<'_, '_>, id: WorkloadId) -> bool {
    match &scene.assessments[id].decision {
        Decision::Place(placement) => {
            placement.replicas > 0 && placement.on_demand(placement.replicas) == 0
        }
        Decision::LeaveAlone(Exclusion::Constrained(_)) => {
            let capacities = Capacities::of(&scene.policy.capacity);
            let constraints = constraints(scene.inventory.workloads[id].pod.spec);
            let spot_only = Reach {
                on_demand: false,
                spot: true,
            };
            constraints.is_ok_and(|constraints| capacities.reach(&constraints) == spot_only)
        }
        Decision::LeaveAlone(_) => false,
    }
}
