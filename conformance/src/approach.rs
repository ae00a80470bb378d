//! The ways to place pods that are measured side by side, as data.

use serde_json::{Value, json};

use crate::cluster::Scheduler;
use crate::nodes::{CAPACITY, ON_DEMAND, SPOT};
use crate::workload::{Case, Kind};

/// What is done to the plain manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// Nothing.
    Plain,
    /// A preferred node affinity for spot, as in most blog posts.
    SoftSpot,
    /// `SoftSpot` and a topology spread constraint with maxSkew R - 2F and nothing else.
    NaiveSpread,
    /// The function, with this strategy for Deployments; StatefulSets get its default.
    Function(&'static str),
}

/// One way to place pods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Approach {
    /// For test names.
    pub name: &'static str,
    /// For the table.
    pub title: &'static str,
    /// What the manifests get.
    pub placement: Placement,
    /// The scheduler that they meet.
    pub scheduler: Scheduler,
}

const fn approach(name: &'static str, title: &'static str, placement: Placement) -> Approach {
    Approach {
        name,
        title,
        placement,
        scheduler: Scheduler::Default,
    }
}

/// All of them, in the order of the table.
pub const APPROACHES: [Approach; 6] = [
    approach("plain", "plain manifest", Placement::Plain),
    approach("soft-spot", "soft spot affinity", Placement::SoftSpot),
    Approach {
        scheduler: Scheduler::Extender,
        ..approach(
            "extender",
            "scheduler extender, `prioritize`",
            Placement::Plain,
        )
    },
    approach(
        "naive-spread",
        "topology spread, only maxSkew R - 2F",
        Placement::NaiveSpread,
    ),
    approach(
        "spread",
        "spot-distribution, `spread`",
        Placement::Function("spread"),
    ),
    approach(
        "floor",
        "spot-distribution, `floor`",
        Placement::Function("floor"),
    ),
];

impl Approach {
    /// Whether this is the function, whose promises are checked; the others are only measured.
    pub fn is_function(&self) -> bool {
        matches!(self.placement, Placement::Function(_))
    }

    /// The manifest of `case` with what somebody following this approach writes by hand.
    pub fn write(&self, case: &Case, namespace: &str, image: u32, tainted_spot: bool) -> Value {
        let mut manifest = case.manifest(namespace, image);
        let pod = &mut manifest["spec"]["template"]["spec"];
        if tainted_spot && !self.is_function() {
            pod["tolerations"] = json!([spot_toleration()]);
        }
        match self.placement {
            Placement::SoftSpot => pod["affinity"] = prefer_spot(),
            Placement::NaiveSpread => {
                pod["affinity"] = prefer_spot();
                pod["topologySpreadConstraints"] = naive_constraint(case);
            }
            Placement::Function(strategy) if case.kind == Kind::Deployment && case.replicas > 1 => {
                manifest["metadata"]["annotations"]["spot-distribution.dev/strategy"] =
                    json!(strategy);
            }
            Placement::Plain | Placement::Function(_) => {}
        }
        manifest
    }
}

/// Tolerates the taint that spot nodes carry in some layouts.
pub fn spot_toleration() -> Value {
    json!({"key": "spot", "operator": "Equal", "value": "true", "effect": "NoSchedule"})
}

fn prefer_spot() -> Value {
    let preference =
        json!({"matchExpressions": [{"key": CAPACITY, "operator": "In", "values": [SPOT]}]});
    let terms = json!([{"weight": 100, "preference": preference}]);
    json!({"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": terms}})
}

fn naive_constraint(case: &Case) -> Value {
    let skew = case.replicas.saturating_sub(2 * case.floor).max(1);
    json!([{
        "maxSkew": skew,
        "topologyKey": CAPACITY,
        "whenUnsatisfiable": "DoNotSchedule",
        "labelSelector": {"matchLabels": {"app": case.name()}},
    }])
}

/// Pins a pod to on-demand nodes, for the competitor of a scenario.
pub fn on_demand_only() -> Value {
    json!({CAPACITY: ON_DEMAND})
}
