//! What the audit says about one workload.

use crate::findings::ObjectRef;
use crate::placement::Strategy;

/// One workload of the cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The workload. Pods of its sibling count as its own.
    pub subject: ObjectRef,
    /// What its mark promises; `None` where it carries none.
    pub promise: Option<Promise>,
    /// Where its replicas are.
    pub replicas: Replicas,
}

/// What a mark promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promise {
    /// The strategy that was applied.
    pub strategy: Strategy,
    /// The replicas that stay on on-demand nodes; 0 where the strategy promises none.
    pub floor: u32,
}

/// Where the replicas of a workload are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Replicas {
    /// Ready on on-demand nodes.
    pub on_demand: u32,
    /// Ready on spot nodes.
    pub spot: u32,
    /// Ready on nodes whose capacity type is not known.
    pub elsewhere: u32,
    /// Pods that are not ready, wherever they are, or bound to no node.
    pub not_ready: u32,
    /// The on-demand nodes that the ready replicas there stand on.
    pub on_demand_nodes: u32,
    /// The zones of those nodes.
    pub on_demand_zones: u32,
}

impl Row {
    /// Whether the promised floor holds now; `None` where none is promised.
    pub fn holds(&self) -> Option<bool> {
        let promise = self.promise.filter(|promise| promise.floor > 0)?;
        Some(self.replicas.on_demand >= promise.floor)
    }

    /// Whether one node carries a floor of several replicas.
    pub fn rests_on_one_node(&self) -> bool {
        self.holds() == Some(true)
            && self.replicas.on_demand > 1
            && self.replicas.on_demand_nodes == 1
    }

    /// Whether the workload has ready replicas and none of them would be left without spot nodes.
    pub fn would_be_lost(&self) -> bool {
        self.replicas.spot > 0 && self.replicas.on_demand + self.replicas.elsewhere == 0
    }
}
