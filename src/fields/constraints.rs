//! What topology spread constraints look like: over the capacity key, and softly over zones and nodes.

use std::sync::{Arc, OnceLock};

use k8s_openapi::api::core::v1::TopologySpreadConstraint;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

use crate::config::Policy;
use crate::placement::WorkloadKind;
use yaml_splice::{Prepared, Value};

/// The constraints below a pod spec.
pub(super) const CONSTRAINTS: &str = "topologySpreadConstraints";

pub(super) const TOPOLOGY_KEY: &str = "topologyKey";
pub(super) const MAX_SKEW: &str = "maxSkew";
pub(super) const WHEN_UNSATISFIABLE: &str = "whenUnsatisfiable";
pub(super) const NODE_TAINTS_POLICY: &str = "nodeTaintsPolicy";

/// The value of `whenUnsatisfiable` that makes a constraint a preference.
pub(super) const SOFT: &str = "ScheduleAnyway";
/// The value of `whenUnsatisfiable` that makes a constraint a filter.
pub(super) const HARD: &str = "DoNotSchedule";
/// The value of `nodeTaintsPolicy` that leaves cordoned nodes out of the count.
pub(super) const HONOR: &str = "Honor";

/// A topology over which pods are spread softly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SoftSpread {
    /// Over zones.
    Zone,
    /// Over nodes.
    Hostname,
}

/// How sharply pods are spread over zones and nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharpness {
    /// As the scheduler does by default: maxSkew 5 over zones and 3 over nodes.
    ///
    /// Source: `systemDefaultConstraints` in Kubernetes'
    /// `pkg/scheduler/framework/plugins/podtopologyspread/plugin.go`. A pod with a constraint of
    /// its own loses them, so whoever adds one puts them back. Sharper ones would cancel the
    /// preference for spot.
    Default,
    /// maxSkew 1: replicas that must run on on-demand nodes should not all be on one of them, where
    /// a single event takes the whole floor.
    Even,
}

impl Sharpness {
    /// `maxSkew` over the topology `soft`.
    pub(super) fn max_skew(self, soft: SoftSpread) -> i64 {
        match (self, soft) {
            (Self::Default, SoftSpread::Zone) => 5,
            (Self::Default, SoftSpread::Hostname) => 3,
            (Self::Even, _) => 1,
        }
    }
}

impl SoftSpread {
    /// Both, in the order in which they are added.
    pub const ALL: [Self; 2] = [Self::Zone, Self::Hostname];

    /// The name in the mark.
    pub fn name(self) -> &'static str {
        match self {
            Self::Zone => "zone",
            Self::Hostname => "hostname",
        }
    }

    /// The node label that is spread over.
    pub fn topology_key(self) -> &'static str {
        match self {
            Self::Zone => "topology.kubernetes.io/zone",
            Self::Hostname => "kubernetes.io/hostname",
        }
    }
}

/// The constraints as values, with the selector and the skew of no workload; each is made when it is first
/// needed.
#[derive(Debug)]
pub(super) struct Constraints<'p> {
    policy: &'p Policy,
    deployment: OnceLock<OverCapacity>,
    stateful_set: OnceLock<OverCapacity>,
    soft: OnceLock<Soft>,
    even: OnceLock<Arc<Prepared>>,
}

/// The constraint over the capacity key.
#[derive(Debug)]
struct OverCapacity {
    constraint: Value,
    /// The whole list with it and the soft ones, for pods that have none of their own. What is filled in
    /// is the selector and the skew over the capacity key.
    whole: Arc<Prepared>,
}

/// The soft constraints.
type Soft = [(SoftSpread, Value); SoftSpread::ALL.len()];

impl<'p> Constraints<'p> {
    /// The constraints that `policy` writes.
    pub fn of(policy: &'p Policy) -> Self {
        Self {
            policy,
            deployment: OnceLock::new(),
            stateful_set: OnceLock::new(),
            soft: OnceLock::new(),
            even: OnceLock::new(),
        }
    }

    /// The constraint that keeps the two capacity types of the pods of `selector` within
    /// `max_skew` of each other.
    pub fn over_capacity(&self, kind: WorkloadKind, selector: &Value, max_skew: u32) -> Value {
        let constraint = self.of_kind(kind).constraint.clone();
        selecting(with_skew(constraint, skew(max_skew)), selector.clone())
    }

    /// The soft constraint over `wanted`.
    pub fn soft_over(&self, wanted: SoftSpread, selector: &Value, sharpness: Sharpness) -> Value {
        let mut soft = self.soft().iter();
        let found = soft.find(|(soft, _)| *soft == wanted);
        let constraint = found.map_or(Value::Null, |(_, constraint)| constraint.clone());
        let max_skew = Value::Int(sharpness.max_skew(wanted));
        selecting(with_skew(constraint, max_skew), selector.clone())
    }

    /// The whole list of pods that have no constraints of their own.
    pub fn whole(&self, kind: WorkloadKind) -> &Arc<Prepared> {
        &self.of_kind(kind).whole
    }

    /// The whole list with the soft ones, which spread evenly.
    pub fn even(&self) -> &Arc<Prepared> {
        self.even.get_or_init(|| {
            let soft = soft_ones(self.soft(), Sharpness::Even);
            Arc::new(Prepared::new(CONSTRAINTS, Value::Sequence(soft)))
        })
    }

    fn of_kind(&self, kind: WorkloadKind) -> &OverCapacity {
        let over_capacity = match kind {
            WorkloadKind::Deployment => &self.deployment,
            WorkloadKind::StatefulSet => &self.stateful_set,
        };
        over_capacity.get_or_init(|| {
            let constraint = value(&over_capacity_of(kind, self.policy));
            let whole = whole(&constraint, self.soft());
            OverCapacity { constraint, whole }
        })
    }

    fn soft(&self) -> &Soft {
        self.soft
            .get_or_init(|| SoftSpread::ALL.map(|soft| (soft, value(&soft_constraint(soft)))))
    }
}

fn value(typed: &TopologySpreadConstraint) -> Value {
    Value::from_typed(typed).with_quoting_decided()
}

/// The whole list with the constraint over the capacity key and the soft ones.
fn whole(over_capacity: &Value, soft: &[(SoftSpread, Value)]) -> Arc<Prepared> {
    let hard = with_skew(over_capacity.clone(), Prepared::hole(1));
    let mut all = vec![selecting(hard, Prepared::hole(0))];
    all.extend(soft_ones(soft, Sharpness::Default));
    Arc::new(Prepared::new(CONSTRAINTS, Value::Sequence(all)))
}

/// The soft constraints, whose selector is filled in.
fn soft_ones(soft: &[(SoftSpread, Value)], sharpness: Sharpness) -> Vec<Value> {
    let all = soft.iter().map(|(soft, constraint)| {
        let max_skew = Value::Int(sharpness.max_skew(*soft));
        let constraint = with_skew(constraint.clone(), max_skew);
        selecting(constraint, Prepared::hole(0))
    });
    all.collect()
}

/// Replica counts end at `i32::MAX`, and so does the skew.
pub(super) fn skew(max_skew: u32) -> Value {
    Value::Int(i32::try_from(max_skew).unwrap_or(i32::MAX).into())
}

fn with_skew(mut constraint: Value, max_skew: Value) -> Value {
    *constraint.entry(MAX_SKEW) = max_skew;
    constraint
}

fn selecting(mut constraint: Value, selector: Value) -> Value {
    *constraint.entry("labelSelector") = selector;
    constraint
}

/// The constraint over the capacity key.
///
/// * `DoNotSchedule` makes it a filter; a preference is no guarantee.
/// * `nodeTaintsPolicy: Honor` leaves cordoned and draining nodes out of the count: with the
///   default, replicas stay Pending while drained spot nodes linger.
/// * `matchLabelKeys` counts the pods of one revision only: without it the old pods of a rollout
///   are counted too, and the floor is lost when they go.
/// * `minDomains: 2`, where on-demand nodes may scale to none, makes pods wait for the first
///   instead of filling spot; without spot nodes only maxSkew replicas run.
///
/// Source: `pkg/scheduler/framework/plugins/podtopologyspread` of Kubernetes.
fn over_capacity_of(kind: WorkloadKind, policy: &Policy) -> TopologySpreadConstraint {
    let revision = kind.revision_label();
    TopologySpreadConstraint {
        label_selector: Some(LabelSelector::default()),
        match_label_keys: Some(vec![revision.to_owned()]),
        min_domains: policy.on_demand_scales_to_zero.then_some(2),
        node_taints_policy: Some(HONOR.to_owned()),
        topology_key: policy.capacity.key.clone(),
        when_unsatisfiable: HARD.to_owned(),
        ..TopologySpreadConstraint::default()
    }
}

fn soft_constraint(soft: SoftSpread) -> TopologySpreadConstraint {
    TopologySpreadConstraint {
        label_selector: Some(LabelSelector::default()),
        topology_key: soft.topology_key().to_owned(),
        when_unsatisfiable: SOFT.to_owned(),
        ..TopologySpreadConstraint::default()
    }
}
