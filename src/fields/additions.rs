//! What is the same in every workload of a policy, made into values once, when the first workload
//! needs it: serde takes its time, and a cluster has thousands of workloads.

use std::sync::{Arc, OnceLock};

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
    pub(super) constraints: Constraints<'p>,
    affinity: OnceLock<Affinity>,
    spot_tolerations: OnceLock<Tolerations>,
    on_demand_tolerations: OnceLock<Tolerations>,
    all_tolerations: OnceLock<Tolerations>,
}

impl<'p> Additions<'p> {
    /// The additions that `policy` writes.
    pub fn of(policy: &'p Policy) -> Self {
        Self {
            policy,
            capacity: Arc::new(policy.capacity.clone()),
            constraints: Constraints::of(policy),
            affinity: OnceLock::new(),
            spot_tolerations: OnceLock::new(),
            on_demand_tolerations: OnceLock::new(),
            all_tolerations: OnceLock::new(),
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

    /// The affinity to the nodes of either type.
    pub(super) fn affinity(&self) -> &Affinity {
        self.affinity
            .get_or_init(|| Affinity::to(&self.policy.capacity))
    }

    /// What the pods of a workload placed like this tolerate.
    pub(super) fn tolerations(&self, placement: &Placement) -> &Tolerations {
        match (placement.requires_on_demand(), placement.may_run_on_spot()) {
            (true, true) => self.all_tolerations(),
            (true, false) => self.on_demand_tolerations(),
            (false, _) => self.spot_tolerations(),
        }
    }

    /// What pods that must run on on-demand nodes tolerate.
    pub(super) fn on_demand_tolerations(&self) -> &Tolerations {
        let wanted = || Tolerations::new(on_demand(self.policy));
        self.on_demand_tolerations.get_or_init(wanted)
    }

    /// What pods that may run on spot tolerate.
    fn spot_tolerations(&self) -> &Tolerations {
        let wanted = || Tolerations::new(on_spot(self.policy));
        self.spot_tolerations.get_or_init(wanted)
    }

    /// What pods tolerate that may run on either, by their ordinal.
    fn all_tolerations(&self) -> &Tolerations {
        let wanted = || Tolerations::new(on_demand(self.policy).chain(on_spot(self.policy)));
        self.all_tolerations.get_or_init(wanted)
    }
}
