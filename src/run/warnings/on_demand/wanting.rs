//! The pods that want on-demand nodes, and for what.

use crate::config::Policy;
use crate::inventory::{Workload, WorkloadId};
use crate::placement::{CapacityType, Decision, Exclusion, Mechanism, Placement};
use crate::room::{Capacities, Constraints, Reach, constraints, tolerations};
use crate::run::Assessment;

use super::super::scene::{Scene, requirements};
use super::volumes::Volumes;

/// What pods want on-demand nodes for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Role {
    /// They are pinned there.
    Pinned,
    /// A topology spread keeps some of them there.
    Spread,
    /// They prefer to be there.
    Preference,
    /// They are on spot nodes, beside a floor, and go there when those are lost.
    Refuge,
}

/// Pods of a workload that want on-demand nodes.
#[derive(Debug)]
pub(in super::super) struct Wanting<'a, 'd> {
    /// Which workload.
    pub id: WorkloadId,
    /// The workload.
    pub workload: &'a Workload<'d>,
    /// What they want them for.
    pub role: Role,
    /// How many are to be there.
    pub count: u32,
    /// What they require and tolerate once they are written, but for the capacity type.
    pub constraints: Constraints,
}

impl<'a, 'd> Scene<'a, 'd> {
    /// The pods that want on-demand nodes, in the order of the workloads.
    pub fn wanting(self, volumes: &Volumes<'d>) -> Vec<Wanting<'a, 'd>> {
        let workloads = self.inventory.workloads.enumerate();
        let pairs = workloads.zip(self.assessments.iter());
        let found = pairs.flat_map(|((id, workload), assessment)| {
            let roles = self.roles(workload, assessment);
            roles.into_iter().filter_map(move |(role, count)| {
                Some(Wanting {
                    id,
                    workload,
                    role,
                    count,
                    constraints: written(self.policy, workload, role, volumes)?,
                })
            })
        });
        found.collect()
    }

    fn roles(self, workload: &Workload<'_>, assessment: &Assessment) -> Vec<(Role, u32)> {
        let placement = match &assessment.decision {
            Decision::Place(placement) => placement,
            Decision::LeaveAlone(Exclusion::Constrained(_)) => {
                let replicas = assessment.facts.replicas;
                let role = self
                    .is_on_demand(workload)
                    .then_some((Role::Pinned, replicas));
                return role.into_iter().collect();
            }
            Decision::LeaveAlone(_) => return Vec::new(),
        };
        let count = placement.on_demand(placement.replicas);
        let role = |role| vec![(role, count)];
        match placement.mechanism {
            _ if placement.replicas == 0 => Vec::new(),
            Mechanism::Pinned | Mechanism::Ordinals { .. } => role(Role::Pinned),
            Mechanism::Spread { .. } => role(Role::Spread),
            Mechanism::Preferred(CapacityType::OnDemand) => role(Role::Preference),
            Mechanism::Preferred(CapacityType::Spot) => Vec::new(),
            Mechanism::Sibling { .. } => {
                vec![(Role::Pinned, count), (Role::Refuge, rest(placement))]
            }
        }
    }

    /// Whether its owner lets a workload run on on-demand nodes alone.
    fn is_on_demand(self, workload: &Workload<'_>) -> bool {
        let on_demand = Reach {
            on_demand: true,
            spot: false,
        };
        let capacities = Capacities::of(&self.policy.capacity);
        let constraints = constraints(workload.pod.spec);
        constraints.is_ok_and(|constraints| capacities.reach(&constraints) == on_demand)
    }
}

fn rest(placement: &Placement) -> u32 {
    placement.total(placement.replicas) - placement.floor
}

/// What the pods require and tolerate once they are written.
fn written(
    policy: &Policy,
    workload: &Workload<'_>,
    role: Role,
    volumes: &Volumes<'_>,
) -> Option<Constraints> {
    let mut constraints = requirements(policy, workload)?;
    let added = match role {
        Role::Pinned => &policy.on_demand_tolerations,
        Role::Spread | Role::Preference | Role::Refuge => &policy.spot_tolerations,
    };
    constraints.tolerations.extend(tolerations(added));
    constraints.volumes = volumes.of_pods(workload);
    Some(constraints)
}
