//! Topology spread: over the capacity key, and the scheduler's defaults put back.

use k8s_openapi::api::core::v1::TopologySpreadConstraint;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

use crate::config::Policy;
use crate::placement::WorkloadKind;
use crate::workload::{SoftSpread, Workload};
use yaml_splice::{Edits, Node, Value, YamlError, reconcile};

/// The constraints as values, with the selector and the skew of no workload.
#[derive(Debug)]
pub(super) struct Constraints {
    /// Over the capacity key, for deployments.
    deployment: Value,
    /// The same for stateful sets.
    stateful_set: Value,
    /// The scheduler's default ones.
    soft: [(SoftSpread, Value); SoftSpread::ALL.len()],
}

impl Constraints {
    pub fn of(policy: &Policy) -> Self {
        Self {
            deployment: Value::from_typed(&over_capacity(WorkloadKind::Deployment, policy))
                .with_quoting_decided(),
            stateful_set: Value::from_typed(&over_capacity(WorkloadKind::StatefulSet, policy))
                .with_quoting_decided(),
            soft: SoftSpread::ALL.map(|soft| {
                (
                    soft,
                    Value::from_typed(&soft_constraint(soft)).with_quoting_decided(),
                )
            }),
        }
    }

    /// The constraint that keeps the two capacity types of the pods of `selector` within
    /// `max_skew` of each other.
    pub fn over_capacity(&self, kind: WorkloadKind, selector: &Value, max_skew: u32) -> Value {
        let mut constraint = match kind {
            WorkloadKind::Deployment => self.deployment.clone(),
            WorkloadKind::StatefulSet => self.stateful_set.clone(),
        };
        // Replica counts end at i32::MAX, and so does the skew.
        let max_skew = i32::try_from(max_skew).unwrap_or(i32::MAX);
        *constraint.entry("maxSkew") = Value::Int(max_skew.into());
        selecting(constraint, selector)
    }

    /// The default constraints for the topologies that the user's own constraints do not spread
    /// over.
    ///
    /// # Errors
    /// As [`Node::get`].
    pub fn soft(
        &self,
        workload: &Workload<'_>,
        selector: &Value,
    ) -> Result<Vec<(SoftSpread, Value)>, YamlError> {
        let own = own_topologies(workload)?;
        let missing = self
            .soft
            .iter()
            .filter(|(soft, _)| !own.contains(&soft.topology_key()));
        Ok(missing
            .map(|(soft, constraint)| (*soft, selecting(constraint.clone(), selector)))
            .collect())
    }
}

fn selecting(mut constraint: Value, selector: &Value) -> Value {
    *constraint.entry("labelSelector") = selector.clone();
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
        node_taints_policy: Some("Honor".to_owned()),
        topology_key: policy.capacity.key.clone(),
        when_unsatisfiable: "DoNotSchedule".to_owned(),
        ..TopologySpreadConstraint::default()
    }
}

fn soft_constraint(soft: SoftSpread) -> TopologySpreadConstraint {
    TopologySpreadConstraint {
        label_selector: Some(LabelSelector::default()),
        max_skew: soft.max_skew(),
        topology_key: soft.topology_key().to_owned(),
        when_unsatisfiable: "ScheduleAnyway".to_owned(),
        ..TopologySpreadConstraint::default()
    }
}

/// What the user's own constraints spread over.
fn own_topologies<'d>(workload: &Workload<'d>) -> Result<Vec<&'d str>, YamlError> {
    let mut own = Vec::new();
    for constraint in workload
        .pod
        .at(&["topologySpreadConstraints"])?
        .into_iter()
        .flat_map(Node::items)
    {
        let is_ours = workload
            .owned
            .soft_spreads
            .iter()
            .any(|(_, node)| *node == constraint);
        let key = constraint.get_non_null("topologyKey")?.filter(|_| !is_ours);
        own.extend(key.map(Node::text));
    }
    Ok(own)
}

pub(super) fn write<'d>(
    edits: &mut Edits<'d>,
    workload: &Workload<'d>,
    capacity_spread: Option<Value>,
    mut soft_spreads: Vec<(SoftSpread, Value)>,
) -> Result<(), YamlError> {
    let owned = &workload.owned;
    one(edits, workload, owned.capacity_spread, capacity_spread)?;
    for soft in SoftSpread::ALL {
        let ours = owned.soft_spreads.iter().find(|(found, _)| *found == soft);
        let ours = ours.map(|(_, node)| *node);
        let wanted = soft_spreads.iter().position(|(found, _)| *found == soft);
        let wanted = wanted.map(|index| soft_spreads.swap_remove(index).1);
        one(edits, workload, ours, wanted)?;
    }
    Ok(())
}

fn one<'d>(
    edits: &mut Edits<'d>,
    workload: &Workload<'d>,
    ours: Option<Node<'d>>,
    wanted: Option<Value>,
) -> Result<(), YamlError> {
    match (ours, wanted) {
        (Some(ours), Some(wanted)) => reconcile(edits, ours, &wanted),
        (Some(ours), None) => edits.remove(ours),
        (None, Some(wanted)) => edits.append(workload.pod, &["topologySpreadConstraints"], wanted),
        (None, None) => Ok(()),
    }
}
