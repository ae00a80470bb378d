//! What is the same in every workload of a policy, made into values once: serde takes its time, and
//! a cluster has thousands of workloads.

use std::sync::Arc;

use crate::config::{Capacity, Policy};
use crate::placement::{Mechanism, Placement};

use super::affinity_terms::Affinity;
use super::constraints::Constraints;
use super::tolerations::{Tolerations, on_demand, on_spot};

/// What is written into workloads by one policy.
#[derive(Debug)]
pub struct Additions<'p> {
    /// The policy.
    pub policy: &'p Policy,
    /// The node labels of the policy.
    pub(super) capacity: Arc<Capacity>,
    pub(super) affinity: Affinity,
    pub(super) constraints: Constraints,
    /// What pods that may run on spot tolerate.
    pub(super) spot_tolerations: Tolerations,
    /// What pods that must run on on-demand nodes tolerate.
    pub(super) on_demand_tolerations: Tolerations,
    /// What pods tolerate that may run on either, by their ordinal.
    pub(super) all_tolerations: Tolerations,
}

impl<'p> Additions<'p> {
    /// The additions that `policy` writes.
    pub fn of(policy: &'p Policy) -> Self {
        Self {
            policy,
            capacity: Arc::new(policy.capacity.clone()),
            affinity: Affinity::to(&policy.capacity),
            constraints: Constraints::of(policy),
            spot_tolerations: Tolerations::new(on_spot(policy)),
            on_demand_tolerations: Tolerations::new(on_demand(policy)),
            all_tolerations: Tolerations::new(on_demand(policy).chain(on_spot(policy))),
        }
    }

    /// Whether a workload placed like this comes behind its sibling, for tools that wait.
    ///
    /// An autoscaled one keeps its replicas, so it has nothing to wait for; behind its autoscaler,
    /// Argo CD would wait for ever: to its health check, an autoscaler without a target is degraded.
    pub fn puts_behind_sibling(&self, placement: &Placement) -> bool {
        let shrinks = matches!(placement.mechanism, Mechanism::Sibling { rest: Some(_) });
        self.policy.siblings_first && shrinks
    }

    /// What the pods of a workload placed like this tolerate.
    pub(super) fn tolerations(&self, placement: &Placement) -> &Tolerations {
        match (placement.requires_on_demand(), placement.may_run_on_spot()) {
            (true, true) => &self.all_tolerations,
            (true, false) => &self.on_demand_tolerations,
            (false, _) => &self.spot_tolerations,
        }
    }
}
