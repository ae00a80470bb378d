//! The ways to place pods that are measured side by side, as data.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Value, json};

use crate::cluster::Scheduler;
use crate::nodes::Layout;
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
    /// The function with its defaults.
    Defaults,
    /// The function with this strategy for every workload of more than one replica.
    Strategy(&'static str),
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
    /// Whether the cluster has the function's admission policy.
    pub policy: bool,
    /// Whether the function writes budgets for what no other budget selects.
    pub budget: bool,
}

const fn approach(name: &'static str, title: &'static str, placement: Placement) -> Approach {
    Approach {
        name,
        title,
        placement,
        scheduler: Scheduler::Default,
        policy: false,
        budget: false,
    }
}

/// The manifest as it is.
pub const PLAIN: Approach = approach("plain", "plain manifest", Placement::Plain);
/// A preference for spot.
pub const SOFT_SPOT: Approach = approach("soft-spot", "soft spot affinity", Placement::SoftSpot);
/// The scheduler extender that people write first.
pub const EXTENDER: Approach = Approach {
    scheduler: Scheduler::Extender,
    ..approach(
        "extender",
        "scheduler extender, `prioritize`",
        Placement::Plain,
    )
};
/// A topology spread constraint without what makes it hold.
pub const NAIVE_SPREAD: Approach = approach(
    "naive-spread",
    "topology spread, only maxSkew R - 2F",
    Placement::NaiveSpread,
);
/// The function, `spread` by choice.
pub const SPREAD: Approach = approach(
    "spread",
    "spot-distribution, `spread`",
    Placement::Strategy("spread"),
);
/// The function's defaults on a cluster without its admission policy.
pub const WITHOUT_POLICY: Approach = approach(
    "without-policy",
    "spot-distribution, `ordinals` without the policy",
    Placement::Defaults,
);
/// The function's defaults.
pub const DEFAULTS: Approach = Approach {
    policy: true,
    ..approach("defaults", "spot-distribution", Placement::Defaults)
};

/// The function's defaults and `budget: floor`.
pub const BUDGET: Approach = Approach {
    name: "budget",
    title: "spot-distribution, `budget: floor`",
    budget: true,
    ..DEFAULTS
};

/// The function, every replica on on-demand nodes by choice.
pub const ON_DEMAND: Approach = approach(
    "on-demand",
    "spot-distribution, `on-demand`",
    Placement::Strategy("on-demand"),
);
/// The function, on-demand nodes preferred by choice.
pub const PREFER_ON_DEMAND: Approach = approach(
    "prefer-on-demand",
    "spot-distribution, `prefer-on-demand`",
    Placement::Strategy("prefer-on-demand"),
);
/// The function, spot by choice.
pub const SPOT: Approach = approach(
    "spot",
    "spot-distribution, `spot`",
    Placement::Strategy("spot"),
);

/// All of them, in the order of the tables.
pub const APPROACHES: [Approach; 11] = [
    PLAIN,
    SOFT_SPOT,
    EXTENDER,
    NAIVE_SPREAD,
    SPOT,
    PREFER_ON_DEMAND,
    ON_DEMAND,
    SPREAD,
    WITHOUT_POLICY,
    DEFAULTS,
    BUDGET,
];

impl Serialize for Approach {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.name.serialize(to)
    }
}

impl<'de> Deserialize<'de> for Approach {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let name = String::deserialize(from)?;
        let found = APPROACHES.into_iter().find(|it| it.name == name);
        found.ok_or_else(|| de::Error::custom(format!("no approach is called {name:?}")))
    }
}

impl Approach {
    /// Whether this is the function, whose promises are checked; the others are only measured.
    pub const fn is_function(&self) -> bool {
        matches!(self.placement, Placement::Defaults | Placement::Strategy(_))
    }

    /// Whether it is a strategy that promises either everything or nothing, and is measured where it is of interest.
    pub fn is_simple_strategy(&self) -> bool {
        matches!(
            self.placement,
            Placement::Strategy("on-demand" | "prefer-on-demand" | "spot")
        )
    }

    /// Whether this approach does anything of its own to a workload.
    pub fn differs_for(&self, case: &Case) -> bool {
        match self.name {
            "spread" | "on-demand" | "prefer-on-demand" | "spot" => case.replicas > 1,
            "without-policy" => case.kind == Kind::StatefulSet && case.replicas > 1,
            _ => true,
        }
    }

    /// The manifest of `case` with what somebody following this approach writes by hand.
    pub fn write(&self, case: &Case, namespace: &str, image: &str, layout: &Layout) -> Value {
        let mut manifest = case.manifest(namespace, image);
        let pod = &mut manifest["spec"]["template"]["spec"];
        if !self.is_function() {
            pod["tolerations"] = json!(layout.tolerations());
        }
        match self.placement {
            Placement::SoftSpot => pod["affinity"]["nodeAffinity"] = prefer_spot(layout),
            Placement::NaiveSpread => {
                pod["affinity"]["nodeAffinity"] = prefer_spot(layout);
                pod["topologySpreadConstraints"] = naive_constraint(case, layout);
            }
            Placement::Strategy(strategy) if case.replicas > 1 => {
                manifest["metadata"]["annotations"]["spot-distribution.dev/strategy"] =
                    json!(strategy);
            }
            Placement::Plain | Placement::Defaults | Placement::Strategy(_) => {}
        }
        manifest
    }
}

fn prefer_spot(layout: &Layout) -> Value {
    let (key, value) = layout.labels.spot();
    let spot = json!([{"key": key, "operator": "In", "values": [value]}]);
    let terms = json!([{"weight": 100, "preference": {"matchExpressions": spot}}]);
    json!({"preferredDuringSchedulingIgnoredDuringExecution": terms})
}

fn naive_constraint(case: &Case, layout: &Layout) -> Value {
    let skew = case.replicas.saturating_sub(2 * case.floor).max(1);
    json!([{
        "maxSkew": skew,
        "topologyKey": layout.labels.spot().0,
        "whenUnsatisfiable": "DoNotSchedule",
        "labelSelector": {"matchLabels": {"app": case.name()}},
    }])
}
