//! Whether the on-demand nodes that are there, and those that may be added, take the pods that have to
//! run there.

mod company;
mod ground;
mod obstacle;
mod volumes;
mod wanting;

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Policy;
use crate::findings::Finding;
use crate::inventory::{Inventory, Workload, WorkloadId};
use crate::krm::Resource;
use crate::placement::Decision;
use crate::room::{Apart, Term};
use crate::run::Assessments;

pub(super) use ground::{Ground, is_lasting};
pub(super) use obstacle::Obstacle;
pub(super) use volumes::Volumes;
pub(super) use wanting::{Role, Wanting};

use super::scene::{Scene, several};

/// The warnings about pods that no on-demand node among `resources` takes.
pub(super) fn of_nodes(scene: Scene<'_, '_>, resources: &[Resource<'_>]) -> Vec<Finding> {
    let volumes = Volumes::read(&[scene.resources(), resources]);
    let ground = Ground::of(resources, scene);
    let wanting = scene.wanting(&volumes);
    let mut groups: Vec<Group<'_, '_, '_>> = Vec::new();
    let mut said = BTreeSet::new();
    for pods in &wanting {
        let is_placed = matches!(scene.assessments[pods.id].decision, Decision::Place(_));
        let obstacle = ground.obstacle(pods, &volumes).filter(|_| is_placed);
        let Some((_, obstacle)) = obstacle else {
            continue;
        };
        // Where the floor itself does not run, that is what there is to say.
        if pods.role == Role::Refuge && said.contains(&pods.id) {
            continue;
        }
        said.insert(pods.id);
        let is_same =
            |it: &&mut Group<'_, '_, '_>| it.obstacle == obstacle && it.role() == pods.role;
        match groups.iter_mut().find(is_same) {
            Some(group) => group.pods.push(pods),
            None => groups.push(Group {
                obstacle,
                pods: vec![pods],
            }),
        }
    }
    let found = groups.iter().filter_map(|group| group.finding(&ground));
    found.collect()
}

/// Pods of several workloads with the same obstacle before them.
struct Group<'w, 'a, 'd> {
    obstacle: Obstacle,
    pods: Vec<&'w Wanting<'a, 'd>>,
}

impl Group<'_, '_, '_> {
    fn role(&self) -> Role {
        self.pods.first().map_or(Role::Pinned, |pods| pods.role)
    }

    fn finding(&self, ground: &Ground<'_, '_>) -> Option<Finding> {
        let example = self.pods.first()?.workload;
        let who = several(example, self.pods.len());
        let finding = self.obstacle.finding(self.role(), &who);
        Some(match self.obstacle {
            Obstacle::Taint(..) => finding.at("spec.taints").about(ground.first?),
            _ => finding.at("spec.template.spec").about(&example.resource),
        })
    }
}

/// The warnings about pinned pods whose required affinity to other workloads cannot be met.
pub fn of_company(
    inventory: &Inventory<'_>,
    assessments: &Assessments,
    policy: &Policy,
) -> Vec<Finding> {
    company::warnings(Scene {
        inventory,
        assessments,
        policy,
    })
}

/// What the nodes of the input let run of one workload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// How many of the replicas that are to be on on-demand nodes run there at most.
    pub seats: u32,
    /// Whether the others stay Pending; else they run on spot nodes.
    pub others_wait: bool,
}

/// What on-demand nodes let run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Limits {
    /// By workload, where it is less than what was decided.
    pub by_workload: BTreeMap<WorkloadId, Limit>,
    /// The node affinity of the volumes that pods mount.
    pub volumes: BTreeMap<WorkloadId, Vec<Vec<Term>>>,
    /// What keeps pods of a workload apart, where there are nodes.
    pub apart: BTreeMap<WorkloadId, Apart>,
}

/// What keeps the pods of each workload from running as decided on the nodes among `resources`, or
/// beside the pods that they require.
pub fn limits(
    resources: &[Resource<'_>],
    inventory: &Inventory<'_>,
    assessments: &Assessments,
    policy: &Policy,
) -> Limits {
    let scene = Scene {
        inventory,
        assessments,
        policy,
    };
    let volumes = Volumes::read(&[scene.resources(), resources]);
    let mut limits = Limits::default();
    let has_nodes = resources.iter().any(|it| it.is("", "Node"));
    let ground = has_nodes.then(|| Ground::of(resources, scene));
    let wanting = if has_nodes || !volumes.is_empty() {
        scene.wanting(&volumes)
    } else {
        Vec::new()
    };
    for pods in wanting {
        let is_floor = matches!(pods.role, Role::Pinned | Role::Spread | Role::Preference);
        let ground = ground.as_ref().filter(|_| is_floor);
        if let Some((seats, _)) = ground.and_then(|ground| ground.obstacle(&pods, &volumes)) {
            let limit = Limit {
                seats,
                others_wait: pods.role == Role::Pinned,
            };
            limits.by_workload.insert(pods.id, limit);
        }
        if !pods.constraints.volumes.is_empty() {
            limits.volumes.insert(pods.id, pods.constraints.volumes);
        }
    }
    if has_nodes {
        let workloads = inventory.workloads.enumerate();
        let found = workloads.filter_map(|(id, workload)| Some((id, apart(workload)?)));
        limits.apart = found.collect();
    }
    for id in company::stuck(scene) {
        let limit = Limit {
            seats: 0,
            others_wait: true,
        };
        limits.by_workload.insert(id, limit);
    }
    limits
}

/// What keeps pods of `workload` apart, if anything does.
fn apart(workload: &Workload<'_>) -> Option<Apart> {
    let exclusive = workload.apart().ok()??;
    let across_templates = workload.exclusive().is_ok_and(|found| found.is_some());
    Some(ground::apart(&exclusive, across_templates))
}
