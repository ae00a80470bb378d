//! The NodePools that a run starts with.

use serde_json::{Value, json};

use super::offers::RESERVED;
use crate::nodes::Capacity;
use crate::nodes::fleet::FLEET;

/// Which NodePools there are. All of them consolidate at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pools {
    /// One pool with both capacity types.
    One,
    /// A pool of spot nodes, and one of on-demand nodes with less weight.
    ByWeight,
    /// The same, and the spot nodes carry a taint.
    TaintedSpot,
    /// A pool of reserved nodes with few CPUs in all, and one with both other capacity types and less weight.
    Reserved,
}

/// CPUs of the reserved nodes, all together.
const RESERVED_CPUS: u32 = 4;

impl Pools {
    /// For test names and tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::One => "one NodePool",
            Self::ByWeight => "NodePools by weight",
            Self::TaintedSpot => "NodePools, tainted spot",
            Self::Reserved => "NodePools, reserved",
        }
    }

    /// The pools, whose nodes belong to this fleet, and the node class that they share.
    pub fn manifests(self, fleet: &str) -> Vec<Value> {
        let mut manifests = vec![json!({
            "apiVersion": "karpenter.kwok.sh/v1alpha1",
            "kind": "KWOKNodeClass",
            "metadata": {"name": "default"},
        })];
        let (spot, on_demand) = (Capacity::Spot.word(), Capacity::OnDemand.word());
        match self {
            Self::One => manifests.push(pool("default", fleet, &[spot, on_demand], 10)),
            Self::ByWeight | Self::TaintedSpot => {
                manifests.push(pool(spot, fleet, &[spot], 100));
                manifests.push(pool(on_demand, fleet, &[on_demand], 10));
            }
            Self::Reserved => {
                let mut reserved = pool(RESERVED, fleet, &[RESERVED], 100);
                reserved["spec"]["limits"] = json!({"cpu": RESERVED_CPUS.to_string()});
                manifests.push(reserved);
                manifests.push(pool("default", fleet, &[spot, on_demand], 10));
            }
        }
        if self == Self::TaintedSpot {
            manifests[1]["spec"]["template"]["spec"]["taints"] =
                json!([{"key": "spot", "value": "true", "effect": "NoSchedule"}]);
        }
        manifests
    }
}

fn pool(name: &str, fleet: &str, capacity_types: &[&str], weight: u32) -> Value {
    let class = json!({"group": "karpenter.kwok.sh", "kind": "KWOKNodeClass", "name": "default"});
    let requirements = json!([
        {"key": "karpenter.sh/capacity-type", "operator": "In", "values": capacity_types},
    ]);
    json!({
        "apiVersion": "karpenter.sh/v1",
        "kind": "NodePool",
        "metadata": {"name": name},
        "spec": {
            "weight": weight,
            "template": {
                "metadata": {"labels": {FLEET: fleet}},
                "spec": {
                    "requirements": requirements,
                    "nodeClassRef": class,
                    "expireAfter": "720h",
                },
            },
            "disruption": {
                "consolidationPolicy": "WhenEmptyOrUnderutilized",
                "consolidateAfter": "0s",
                "budgets": [{"nodes": "100%"}],
            },
        },
    })
}
