//! Topology spread: over the capacity key, and softly over zones and nodes.

use std::sync::Arc;

use k8s_openapi::api::core::v1::TopologySpreadConstraint;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

use crate::config::Policy;
use crate::placement::{Constraint, WorkloadKind};
use yaml_splice::{Edits, Node, Prepared, Value, YamlError, reconcile};

use super::affinity::PREFERRED;
use super::{Mark, Owned, Pod};

/// The constraints below a pod spec.
pub(super) const CONSTRAINTS: &str = "topologySpreadConstraints";

const TOPOLOGY_KEY: &str = "topologyKey";
const MAX_SKEW: &str = "maxSkew";
const WHEN_UNSATISFIABLE: &str = "whenUnsatisfiable";
const NODE_TAINTS_POLICY: &str = "nodeTaintsPolicy";

/// The value of `whenUnsatisfiable` that makes a constraint a preference.
const SOFT: &str = "ScheduleAnyway";
/// The value of `whenUnsatisfiable` that makes a constraint a filter.
const HARD: &str = "DoNotSchedule";
/// The value of `nodeTaintsPolicy` that leaves cordoned nodes out of the count.
const HONOR: &str = "Honor";

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
    fn max_skew(self, soft: SoftSpread) -> i64 {
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

/// The constraints that a workload gets.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spreads<'p> {
    /// `maxSkew` of the one over the capacity key.
    pub capacity: Option<u32>,
    /// The soft ones, for the topologies that the user's own constraints do not spread over.
    pub soft: [bool; SoftSpread::ALL.len()],
    /// How sharp the soft ones are.
    pub sharpness: Sharpness,
    /// What selects the pods.
    pub selector: &'p Value,
    /// The constraints as values.
    pub constraints: &'p Constraints,
}

impl Spreads<'_> {
    /// Which are soft.
    pub fn soft(&self) -> impl Iterator<Item = SoftSpread> {
        let all = SoftSpread::ALL.into_iter().zip(self.soft);
        all.filter(|(_, is_wanted)| *is_wanted)
            .map(|(soft, _)| soft)
    }
}

/// The constraints as values, with the selector and the skew of no workload.
#[derive(Debug)]
pub(super) struct Constraints {
    /// Over the capacity key, for deployments.
    deployment: Value,
    /// The same for stateful sets.
    stateful_set: Value,
    /// The soft ones.
    soft: [(SoftSpread, Value); SoftSpread::ALL.len()],
    /// The whole list with all of them, for deployments that have none of their own. What is filled
    /// in is the selector and the skew over the capacity key.
    whole_of_deployment: Arc<Prepared>,
    /// The same for stateful sets.
    whole_of_stateful_set: Arc<Prepared>,
    /// The whole list with the soft ones, which spread evenly.
    even: Prepared,
}

impl Constraints {
    /// The constraints that `policy` writes.
    pub fn of(policy: &Policy) -> Self {
        let value = |typed| Value::from_typed(&typed).with_quoting_decided();
        let deployment = value(over_capacity(WorkloadKind::Deployment, policy));
        let stateful_set = value(over_capacity(WorkloadKind::StatefulSet, policy));
        let soft = SoftSpread::ALL.map(|soft| (soft, value(soft_constraint(soft))));
        Self {
            whole_of_deployment: whole(&deployment, &soft),
            whole_of_stateful_set: whole(&stateful_set, &soft),
            even: Prepared::new(
                CONSTRAINTS,
                Value::Sequence(soft_ones(&soft, Sharpness::Even)),
            ),
            deployment,
            stateful_set,
            soft,
        }
    }

    /// The constraint that keeps the two capacity types of the pods of `selector` within
    /// `max_skew` of each other.
    fn over_capacity(&self, kind: WorkloadKind, selector: &Value, max_skew: u32) -> Value {
        let constraint = match kind {
            WorkloadKind::Deployment => self.deployment.clone(),
            WorkloadKind::StatefulSet => self.stateful_set.clone(),
        };
        selecting(with_skew(constraint, skew(max_skew)), selector.clone())
    }

    fn soft_over(&self, wanted: SoftSpread, selector: &Value, sharpness: Sharpness) -> Value {
        let mut soft = self.soft.iter();
        let found = soft.find(|(soft, _)| *soft == wanted);
        let constraint = found.map_or(Value::Null, |(_, constraint)| constraint.clone());
        let max_skew = Value::Int(sharpness.max_skew(wanted));
        selecting(with_skew(constraint, max_skew), selector.clone())
    }

    fn whole(&self, kind: WorkloadKind) -> &Arc<Prepared> {
        match kind {
            WorkloadKind::Deployment => &self.whole_of_deployment,
            WorkloadKind::StatefulSet => &self.whole_of_stateful_set,
        }
    }
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
fn skew(max_skew: u32) -> Value {
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
fn over_capacity(kind: WorkloadKind, policy: &Policy) -> TopologySpreadConstraint {
    let revision = match kind {
        WorkloadKind::Deployment => "pod-template-hash",
        WorkloadKind::StatefulSet => "controller-revision-hash",
    };
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

/// For which of the soft constraints the user's own leave room: those over other topologies.
///
/// # Errors
/// As [`Node::get`].
pub(super) fn missing(
    spec: Node<'_>,
    owned: &Owned<'_>,
) -> Result<[bool; SoftSpread::ALL.len()], YamlError> {
    let own = own_topologies(spec, owned)?;
    Ok(SoftSpread::ALL.map(|soft| !own.contains(&soft.topology_key())))
}

/// What the user's own constraints spread over.
fn own_topologies<'d>(spec: Node<'d>, owned: &Owned<'d>) -> Result<Vec<&'d str>, YamlError> {
    let mut own = Vec::new();
    for constraint in constraints(spec)? {
        let mut ours = owned.soft_spreads.iter();
        if !ours.any(|(_, node)| *node == constraint) {
            own.push(text_at(constraint, TOPOLOGY_KEY)?);
        }
    }
    Ok(own)
}

fn constraints(spec: Node<'_>) -> Result<impl Iterator<Item = Node<'_>>, YamlError> {
    spec.items_at(&[CONSTRAINTS])
}

/// The constraints over `topology_key`.
fn constraints_over<'d>(spec: Node<'d>, topology_key: &str) -> Result<Vec<Node<'d>>, YamlError> {
    let mut found = Vec::new();
    for constraint in constraints(spec)? {
        if text_at(constraint, TOPOLOGY_KEY)? == topology_key {
            found.push(constraint);
        }
    }
    Ok(found)
}

fn text_at<'d>(node: Node<'d>, key: &str) -> Result<&'d str, YamlError> {
    node.text_at(&[key])
}

/// Our constraint over the capacity key. Ours is the filter. Beside one of the user's it is the one
/// that honours taints; alone it is ours even where somebody has edited it.
pub(super) fn find_over_capacity<'d>(
    mark: &Mark,
    spec: Node<'d>,
) -> Result<Option<Node<'d>>, YamlError> {
    if !mark.covers_spread() {
        return Ok(None);
    }
    let candidates = constraints_over(spec, &mark.capacity.key)?;
    let mut honouring = Vec::new();
    for constraint in &candidates {
        if text_at(*constraint, NODE_TAINTS_POLICY)? == HONOR {
            honouring.push(*constraint);
        }
    }
    Ok(honouring.last().or(candidates.last()).copied())
}

/// The soft constraints that were added. One with another skew, or a hard one, is the user's.
pub(super) fn find_soft<'d>(
    mark: &Mark,
    spec: Node<'d>,
) -> Result<Vec<(SoftSpread, Node<'d>)>, YamlError> {
    let mut found = Vec::new();
    for &soft in &mark.soft_spread {
        let mut ours = None;
        for constraint in constraints_over(spec, soft.topology_key())? {
            let is_soft = text_at(constraint, WHEN_UNSATISFIABLE)? == SOFT;
            let skew = text_at(constraint, MAX_SKEW)?;
            if is_soft && skew == mark.sharpness().max_skew(soft).to_string() {
                ours = Some(constraint);
            }
        }
        found.extend(ours.map(|node| (soft, node)));
    }
    Ok(found)
}

/// The user's own constraint over the capacity key.
pub(super) fn foreign(
    spec: Node<'_>,
    owned: &Owned<'_>,
    key: &str,
) -> Result<Option<Constraint>, YamlError> {
    let over_key = constraints_over(spec, key)?;
    let is_foreign = |constraint: &Node<'_>| owned.capacity_spread != Some(*constraint);
    let foreign = over_key.iter().any(is_foreign);
    Ok(foreign.then_some(Constraint::TopologySpread))
}

/// The field of a soft rule of the user's own that keeps pods on different nodes: a preferred pod
/// anti-affinity or a soft topology spread constraint.
///
/// # Errors
/// As [`Node::get`].
pub fn softly_keeps_nodes_apart(
    spec: Node<'_>,
    owned: &Owned<'_>,
) -> Result<Option<&'static str>, YamlError> {
    let nodes = SoftSpread::Hostname.topology_key();
    for constraint in constraints_over(spec, nodes)? {
        let is_ours = owned
            .soft_spreads
            .iter()
            .any(|(_, ours)| *ours == constraint);
        if !is_ours && text_at(constraint, WHEN_UNSATISFIABLE)? == SOFT {
            return Ok(Some("spec.template.spec.topologySpreadConstraints"));
        }
    }
    let preferred = ["affinity", "podAntiAffinity", PREFERRED];
    for term in spec.items_at(&preferred)? {
        let key = term.at(&["podAffinityTerm", TOPOLOGY_KEY])?;
        if key.is_some_and(|key| key.text() == nodes) {
            return Ok(Some("spec.template.spec.affinity.podAntiAffinity"));
        }
    }
    Ok(None)
}

pub(super) fn write<'d>(
    edits: &mut Edits<'d>,
    pod: Pod<'d>,
    owned: &Owned<'d>,
    wanted: Option<&Spreads<'_>>,
) -> Result<(), YamlError> {
    if let Some(wanted) = wanted
        && let Some(max_skew) = wanted.capacity
        && pod.spec.get(CONSTRAINTS)?.is_none()
    {
        // Whoever has no constraints of their own gets all of them.
        let fills = vec![wanted.selector.clone(), skew(max_skew)];
        return edits.put_prepared(pod.spec, wanted.constraints.whole(pod.kind), fills);
    }
    let over_capacity = wanted.and_then(|wanted| {
        let constraints = wanted.constraints;
        let make = |skew| constraints.over_capacity(pod.kind, wanted.selector, skew);
        wanted.capacity.map(make)
    });
    one(edits, pod.spec, owned.capacity_spread, over_capacity)?;
    for soft in SoftSpread::ALL {
        let ours = owned.soft_spreads.iter().find(|(found, _)| *found == soft);
        let ours = ours.map(|(_, node)| *node);
        let wanted = wanted.filter(|wanted| wanted.soft().any(|wanted| wanted == soft));
        let wanted = wanted.map(|wanted| {
            let constraints = wanted.constraints;
            constraints.soft_over(soft, wanted.selector, wanted.sharpness)
        });
        one(edits, pod.spec, ours, wanted)?;
    }
    Ok(())
}

fn one<'d>(
    edits: &mut Edits<'d>,
    spec: Node<'d>,
    ours: Option<Node<'d>>,
    wanted: Option<Value>,
) -> Result<(), YamlError> {
    match (ours, wanted) {
        (Some(ours), Some(wanted)) => reconcile(edits, ours, &wanted),
        (Some(ours), None) => edits.remove(ours),
        (None, Some(wanted)) => edits.append(spec, &[CONSTRAINTS], wanted),
        (None, None) => Ok(()),
    }
}

/// Spreads the pods of a new object, which `selector` selects, softly over the topologies that its
/// pod spec does not spread over itself; `whole` makes the value of the whole field.
pub(super) fn soften_in(
    spec: &mut Value,
    selector: &Value,
    constraints: &Constraints,
    whole: &impl Fn(&Prepared, &[Value]) -> Value,
) {
    if spec.get(CONSTRAINTS).is_none() {
        let selector = std::slice::from_ref(selector);
        *spec.entry(CONSTRAINTS) = whole(&constraints.even, selector);
        return;
    }
    let list = spec.entry(CONSTRAINTS);
    for soft in SoftSpread::ALL {
        let key = Some(soft.topology_key());
        let over_it = |own: &Value| own.get(TOPOLOGY_KEY).and_then(Value::as_text) == key;
        let is_there = matches!(list, Value::Sequence(own) if own.iter().any(over_it));
        if !is_there {
            list.push(constraints.soft_over(soft, selector, Sharpness::Even));
        }
    }
}
