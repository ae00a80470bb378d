//! What the decision about a workload depends on.

use super::{Constraint, Exclusion, ForeignKey, KeptTogether, Range, WorkloadKind};

/// What the decision depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// The kind of the workload.
    pub kind: WorkloadKind,
    /// R: `spec.replicas`, or the autoscaler's minimum.
    pub replicas: u32,
    /// The autoscaler's range, if there is one.
    pub autoscaled: Option<Range>,
    /// Whether something scales it to nobody knows how few replicas.
    pub is_unbounded: bool,
    /// The replicas from which F is computed: R, or the autoscaler's maximum.
    pub basis: u32,
    /// The user's own constraint on the capacity key, if there is one.
    pub constraint: Option<Constraint>,
    /// The user's own requirement on another capacity key, if there is one.
    pub foreign_key: Option<ForeignKey>,
    /// Where its owner keeps its pods together.
    pub kept_together: KeptTogether,
    /// The ordinals of a StatefulSet's members.
    pub members: Members,
    /// Why it is left alone whatever its strategy, if it is.
    pub excluded: Option<Exclusion>,
    /// Whether an earlier run gave it a sibling.
    pub has_sibling: bool,
}

/// What is known about the ordinals of a StatefulSet's members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Members {
    /// The lowest ordinal: `spec.ordinals.start`.
    pub start: u32,
    /// How many members, from the lowest ordinal on, keep the template that they were created with:
    /// a rollout's `partition`, and all of them where nothing rolls out by itself.
    pub not_rolled: u32,
}

impl Facts {
    /// One replica and no autoscaler of any kind.
    pub fn is_single_replica(&self) -> bool {
        self.replicas == 1 && self.autoscaled.is_none() && !self.is_unbounded
    }
}
