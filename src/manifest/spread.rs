//! Topology spread: over the capacity key, and the scheduler's defaults put back.

use k8s_openapi::api::core::v1::TopologySpreadConstraint;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

use crate::config::Policy;
use crate::placement::WorkloadKind;
use crate::workload::{SoftSpread, Workload};
use crate::yaml::{Edits, Node, Value, YamlError, reconcile};

use super::Desired;

/// The constraint that keeps the two capacity types within `max_skew` of each other.
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
pub(super) fn over_capacity(
    workload: &Workload<'_>,
    selector: &LabelSelector,
    max_skew: u32,
    policy: &Policy,
) -> TopologySpreadConstraint {
    let revision = match workload.kind {
        WorkloadKind::Deployment => "pod-template-hash",
        WorkloadKind::StatefulSet => "controller-revision-hash",
    };
    TopologySpreadConstraint {
        label_selector: Some(selector.clone()),
        match_label_keys: Some(vec![revision.to_owned()]),
        // Replica counts end at i32::MAX, and so does the skew.
        max_skew: i32::try_from(max_skew).unwrap_or(i32::MAX),
        min_domains: policy.on_demand_scales_to_zero.then_some(2),
        node_taints_policy: Some("Honor".to_owned()),
        topology_key: policy.capacity.key.clone(),
        when_unsatisfiable: "DoNotSchedule".to_owned(),
        ..TopologySpreadConstraint::default()
    }
}

/// The default constraints for the topologies that the user's own constraints do not spread over.
///
/// # Errors
/// As [`Node::get`].
pub(super) fn soft(
    workload: &Workload<'_>,
    selector: &LabelSelector,
) -> Result<Vec<(SoftSpread, TopologySpreadConstraint)>, YamlError> {
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
        let key = constraint.present("topologyKey")?.filter(|_| !is_ours);
        own.extend(key.map(Node::text));
    }
    let missing = SoftSpread::ALL
        .into_iter()
        .filter(|soft| !own.contains(&soft.topology_key()));
    Ok(missing
        .map(|soft| (soft, soft_constraint(selector, soft)))
        .collect())
}

fn soft_constraint(selector: &LabelSelector, soft: SoftSpread) -> TopologySpreadConstraint {
    TopologySpreadConstraint {
        label_selector: Some(selector.clone()),
        max_skew: soft.max_skew(),
        topology_key: soft.topology_key().to_owned(),
        when_unsatisfiable: "ScheduleAnyway".to_owned(),
        ..TopologySpreadConstraint::default()
    }
}

pub(super) fn write<'d>(
    edits: &mut Edits<'d>,
    workload: &Workload<'d>,
    desired: &Desired,
) -> Result<(), YamlError> {
    let owned = &workload.owned;
    one(
        edits,
        workload,
        owned.capacity_spread,
        desired.capacity_spread.as_ref(),
    )?;
    for soft in SoftSpread::ALL {
        let ours = owned.soft_spreads.iter().find(|(found, _)| *found == soft);
        let wanted = desired
            .soft_spreads
            .iter()
            .find(|(found, _)| *found == soft);
        one(
            edits,
            workload,
            ours.map(|(_, node)| *node),
            wanted.map(|(_, wanted)| wanted),
        )?;
    }
    Ok(())
}

fn one<'d>(
    edits: &mut Edits<'d>,
    workload: &Workload<'d>,
    ours: Option<Node<'d>>,
    wanted: Option<&TopologySpreadConstraint>,
) -> Result<(), YamlError> {
    match (ours, wanted) {
        (Some(ours), Some(wanted)) => reconcile(edits, ours, &Value::of(wanted)),
        (Some(ours), None) => edits.remove(ours),
        (None, Some(wanted)) => edits.append(
            workload.pod,
            &["topologySpreadConstraints"],
            Value::of(wanted),
        ),
        (None, None) => Ok(()),
    }
}
