//! What the decision about a workload depends on.

use super::{Constraint, Range, WorkloadKind};

/// What the decision depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// The kind of the workload.
    pub kind: WorkloadKind,
    /// R: `spec.replicas`, or the autoscaler's minimum.
    pub replicas: u32,
    /// The autoscaler's range, if there is one.
    pub autoscaled: Option<Range>,
    /// The user's own constraint on the capacity key, if there is one.
    pub constraint: Option<Constraint>,
}

impl Facts {
    /// One replica and no autoscaler.
    pub fn is_single_replica(&self) -> bool {
        self.replicas == 1 && self.autoscaled.is_none()
    }
}
