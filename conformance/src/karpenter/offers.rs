//! What the cloud offers: a few sizes in three zones, each as on-demand, as reserved and, unless it has run out, as
//! spot. Which of them are bought is up to the NodePools.

use serde_json::{Value, json};

use crate::nodes::Capacity;

/// Price of one CPU of an on-demand node for an hour, as a round number.
const CPU_HOUR: f64 = 0.05;
/// The price of a spot node relative to an on-demand node.
pub const SPOT_PRICE_RATIO: f64 = 0.1;
/// Karpenter's third capacity type, which counts as on-demand: the provider does not reclaim it.
pub const RESERVED: &str = "reserved";
const SIZES: [u32; 4] = [2, 4, 8, 16];
const ZONES: [&str; 3] = ["a", "b", "c"];

/// The file of instance types that the provider reads at its start.
pub fn instance_types(spot_to_be_had: bool) -> Value {
    let sizes = SIZES.map(|cpus| {
        json!({
            "name": format!("size-{cpus}"),
            "architecture": "amd64",
            "operatingSystems": ["linux"],
            "resources": {"cpu": cpus.to_string(), "memory": format!("{}Gi", 4 * cpus), "pods": "110"},
            "offerings": offerings(cpus, spot_to_be_had),
        })
    });
    json!(sizes)
}

fn offerings(cpus: u32, spot_to_be_had: bool) -> Vec<Value> {
    let on_demand = f64::from(cpus) * CPU_HOUR;
    // What is reserved is paid for already.
    let mut kinds = vec![(Capacity::OnDemand.word(), on_demand), (RESERVED, 0.0)];
    if spot_to_be_had {
        kinds.push((Capacity::Spot.word(), on_demand * SPOT_PRICE_RATIO));
    }
    let in_zones = |(capacity_type, price): (&str, f64)| {
        ZONES.map(|zone| {
            json!({
                "Price": price,
                "Available": true,
                "Requirements": [
                    {"key": "karpenter.sh/capacity-type", "operator": "In", "values": [capacity_type]},
                    {"key": "topology.kubernetes.io/zone", "operator": "In", "values": [zone]},
                ],
            })
        })
    };
    kinds.into_iter().flat_map(in_zones).collect()
}
