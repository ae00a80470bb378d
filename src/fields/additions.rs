//! What is the same in every workload of a policy, made into values once: serde takes its time, and
//! a cluster has thousands of workloads.

use crate::config::Policy;

use super::affinity::Affinity;
use super::spread::Constraints;
use super::tolerations::{Wanted, on_spot};

/// What is written into workloads by one policy.
#[derive(Debug)]
pub struct Additions<'p> {
    /// The policy.
    pub policy: &'p Policy,
    pub(super) affinity: Affinity,
    pub(super) constraints: Constraints,
    /// What pods that may run on spot tolerate.
    pub(super) tolerations: Vec<Wanted>,
}

impl<'p> Additions<'p> {
    /// The additions that `policy` writes.
    pub fn of(policy: &'p Policy) -> Self {
        Self {
            policy,
            affinity: Affinity::to(&policy.capacity),
            constraints: Constraints::of(policy),
            tolerations: on_spot(policy).map(Wanted::new).collect(),
        }
    }
}
