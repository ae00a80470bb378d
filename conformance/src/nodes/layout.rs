//! Which nodes a cluster starts with.

use serde_json::{Value, json};

use super::labels::{Capacity, Labels};
use crate::karpenter::Pools;

/// Which nodes a cluster has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Number of on-demand nodes.
    pub on_demand: usize,
    /// Number of spot nodes.
    pub spot: usize,
    /// The NodePools from which Karpenter buys nodes, if it does; then there are no others.
    pub pools: Option<Pools>,
    /// How the nodes carry their capacity.
    pub labels: Labels,
    /// Whether spot nodes carry the taint `spot=true:NoSchedule`, beside what the provider does.
    pub tainted: bool,
    /// Whether the on-demand nodes come and go, which the function is told by `onDemandScalesToZero`.
    pub scales_to_zero: bool,
    /// Number of zones of the on-demand nodes; spot nodes are in all three.
    pub on_demand_zones: usize,
    /// CPUs of every on-demand node; the spot nodes always have room.
    pub on_demand_cpus: u32,
}

impl Layout {
    /// Nodes with room for everything.
    pub const fn new(on_demand: usize, spot: usize) -> Self {
        Self {
            on_demand,
            spot,
            pools: None,
            labels: Labels::Default,
            tainted: false,
            scales_to_zero: false,
            on_demand_zones: 3,
            on_demand_cpus: 64,
        }
    }

    /// Nodes that Karpenter buys.
    pub const fn bought(pools: Pools) -> Self {
        Self {
            pools: Some(pools),
            labels: Labels::Karpenter,
            tainted: matches!(pools, Pools::TaintedSpot),
            ..Self::new(0, 0)
        }
    }

    /// For tables and test names, for example `3+6`.
    pub fn name(&self) -> String {
        if let Some(pools) = self.pools {
            return pools.name().to_owned();
        }
        let mut name = format!("{}+{}", self.on_demand, self.spot);
        if self.labels != Labels::Default {
            name = format!("{name} {}", self.labels.name());
        }
        if self.tainted {
            name += " tainted";
        }
        if self.scales_to_zero {
            name += " onDemandScalesToZero";
        }
        if self.on_demand_zones < 3 {
            name += " on-demand in one zone";
        }
        name
    }

    /// The taints of a node with this capacity.
    pub fn taints(&self, capacity: Capacity) -> Vec<(&'static str, &'static str)> {
        if capacity == Capacity::OnDemand {
            return Vec::new();
        }
        let own = self.tainted.then_some(("spot", "true"));
        own.into_iter().chain(self.labels.spot_taint()).collect()
    }

    /// What a pod needs to tolerate to run on spot nodes.
    pub fn tolerations(&self) -> Vec<Value> {
        self.taints(Capacity::Spot)
            .into_iter()
            .map(|(key, value)| {
                json!({"key": key, "operator": "Equal", "value": value, "effect": "NoSchedule"})
            })
            .collect()
    }

    /// The function's configuration for these nodes. What a preset says is left to the preset.
    pub fn policy(&self) -> Value {
        let mut spec = json!({
            "capacity": self.labels.capacity(),
            "onDemandScalesToZero": self.scales_to_zero,
        });
        if self.tainted {
            spec["spotTolerations"] = json!(self.tolerations());
        }
        if self.pools.is_some_and(|pools| pools != Pools::Reserved) {
            // Nothing is reserved, and `spread` needs one value on each side.
            spec["capacity"]["onDemand"] = json!(Capacity::OnDemand.word());
        }
        json!({
            "apiVersion": "spot-distribution.dev/v1alpha1",
            "kind": "SpotDistribution",
            "metadata": {"name": "policy"},
            "spec": spec,
        })
    }
}
