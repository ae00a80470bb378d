//! How far an autoscaler may scale a workload.

/// The range within which an autoscaler scales its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The least number of replicas.
    pub min: u32,
    /// The greatest number of replicas, if it is given.
    pub max: Option<u32>,
}

impl Range {
    /// The widest range of two autoscalers for one workload.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self {
            min: self.min.min(other.min),
            max: self.max.zip(other.max).map(|(a, b)| a.max(b)),
        }
    }
}
