//! The nodes over time: how many were bought, and what they cost.

use std::collections::HashMap;
use std::time::Instant;

use k8s_openapi::api::core::v1::Node;
use serde::{Deserialize, Serialize};

use crate::nodes::{Capacity, fleet};

/// Karpenter's kwok provider writes the price of an hour here.
const PRICE: &str = "eks-node-viewer/instance-price";

/// The nodes at the end of a step, and what happened to them in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Nodes {
    /// On-demand nodes that exist.
    pub on_demand: u32,
    /// Spot nodes that exist.
    pub spot: u32,
    /// Nodes that came during the step.
    pub bought: u32,
    /// Price of an hour of what exists.
    pub price: f64,
    /// Price of an hour, on average over the step.
    pub mean_price: f64,
}

/// What exists, and what it has cost since the step began.
#[derive(Debug)]
pub struct Ledger {
    nodes: HashMap<String, (Capacity, f64)>,
    bought: u32,
    began: Instant,
    changed: Instant,
    /// Price times hours up to the last change.
    spent: f64,
}

impl Ledger {
    /// Nothing bought yet.
    pub fn new(now: Instant) -> Self {
        Self {
            nodes: HashMap::new(),
            bought: 0,
            began: now,
            changed: now,
            spent: 0.0,
        }
    }

    /// Starts a new step.
    pub fn begin(&mut self, now: Instant) {
        (self.bought, self.spent) = (0, 0.0);
        (self.began, self.changed) = (now, now);
    }

    /// A node is there.
    pub fn see(&mut self, now: Instant, node: &Node) {
        let name = node.metadata.name.clone().unwrap_or_default();
        let labels = node.metadata.labels.as_ref();
        let price = labels
            .and_then(|labels| labels.get(PRICE)?.parse().ok())
            .unwrap_or(0.0);
        self.pay(now);
        let known = self.nodes.insert(name, (fleet::capacity_of(node), price));
        self.bought += u32::from(known.is_none());
    }

    /// A node is gone.
    pub fn lose(&mut self, now: Instant, name: &str) {
        self.pay(now);
        self.nodes.remove(name);
    }

    fn price(&self) -> f64 {
        self.nodes.values().map(|(_, price)| price).sum()
    }

    fn pay(&mut self, now: Instant) {
        self.spent += self.price() * (now - self.changed).as_secs_f64() / 3600.0;
        self.changed = now;
    }

    /// Where things stand.
    pub fn sum(&mut self, now: Instant) -> Nodes {
        self.pay(now);
        let of = |wanted: Capacity| {
            let nodes = self.nodes.values().filter(|(of, _)| *of == wanted);
            u32::try_from(nodes.count()).unwrap_or(u32::MAX)
        };
        let hours = (now - self.began).as_secs_f64() / 3600.0;
        Nodes {
            on_demand: of(Capacity::OnDemand),
            spot: of(Capacity::Spot),
            bought: self.bought,
            price: self.price(),
            mean_price: self.spent / hours.max(f64::MIN_POSITIVE),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;

    #[test]
    fn money_is_price_times_time() {
        let start = Instant::now();
        let node = json!({"metadata": {"name": "a", "labels": {PRICE: "0.4"}}});
        let mut ledger = Ledger::new(start);
        ledger.see(start, &serde_json::from_value(node).unwrap());
        ledger.lose(start + Duration::from_secs(30), "a");
        let sum = ledger.sum(start + Duration::from_secs(60));
        assert_eq!((sum.on_demand, sum.spot, sum.bought), (0, 0, 1));
        assert!((sum.mean_price - 0.2).abs() < 1e-9, "{sum:?}");
    }
}
