//! The room on on-demand nodes that waits for what loses its spot nodes.

use super::{Mechanism, Placement};

impl Placement {
    /// How many replicas flee to on-demand nodes when every spot node is lost while the workload is
    /// scaled to `replicas`: all that do not stay there already. 0 where no pod template requires
    /// on-demand nodes, from which such room could be made.
    ///
    /// ```text
    /// sibling     R - F           R = 10, F = 2: 8
    ///             autoscaled      its replicas at the minimum or the maximum; F comes on top
    /// ordinals    R - F           R = 5,  F = 3: 2
    /// ```
    pub fn headroom(&self, replicas: u32) -> u32 {
        match self.mechanism {
            Mechanism::Sibling { .. } | Mechanism::Ordinals { .. } => {
                let total = self.total(replicas);
                total.saturating_sub(self.on_demand(replicas))
            }
            _ => 0,
        }
    }
}
