//! Rollouts of a Deployment and of its sibling: how many replicas are ready at the lowest, and which
//! nodes they need.

use crate::config::Mode;
use crate::fields::Order;
use crate::findings::{Code, Finding};
use crate::inventory::Exclusive;
use crate::krm::annotations::SYNC_WAVE;
use crate::krm::sibling_name;
use crate::placement::{Mechanism, Placement};
use yaml_splice::YamlError;

use super::Case;

/// What there is to report about the rollouts of one workload that is placed.
pub fn of_workload(case: Case<'_, '_>, placement: &Placement) -> Result<Vec<Finding>, YamlError> {
    let mut found = not_ordered(case, placement)?;
    let waits = case.additions.policy.siblings_first && found.is_empty();
    found.extend(adoption_dips(case, placement, waits)?);
    found.extend(surge_needs_a_node(case, placement)?);
    Ok(found)
}

/// What the owner's own annotations about the order leave no room for.
fn not_ordered(case: Case<'_, '_>, placement: &Placement) -> Result<Vec<Finding>, YamlError> {
    if !case.additions.puts_behind_sibling(placement) {
        return Ok(Vec::new());
    }
    let order = case.order()?;
    let obstacles = order.iter().flat_map(Order::obstacles);
    let finding = |(key, text): (&'static str, &str)| {
        let (tools, accepted) = match key {
            SYNC_WAVE => ("Argo CD does", "a whole number below 2147483647"),
            _ => (
                "kpt live and Config Sync do",
                "references such as apps/namespaces/shop/Deployment/web, with commas between them",
            ),
        };
        let message = format!(
            "{key} is \"{text}\": {tools} not wait for the sibling; write {accepted}, on the line of its key"
        );
        let field = format!("metadata.annotations[\"{key}\"]");
        Finding::warning(Code::NotOrdered, message).at(field)
    };
    Ok(obstacles.map(finding).collect())
}

/// The original gives up F replicas at once, and only then rolls out within its own limits; the
/// sibling's pods are not ready yet.
///
/// ```text
/// a new sibling:   lowest = (R - F) - maxUnavailable of (R - F)    10, F = 2, 25 %: 8 - 2 = 6
/// a higher floor:  lowest = (R - F) + the floor before             10, F = 2 -> 6: 4 + 2 = 6
/// ```
///
/// Source: `isScalingEvent` and `scale` in Kubernetes' `pkg/controller/deployment`.
fn adoption_dips(
    case: Case<'_, '_>,
    placement: &Placement,
    waits: bool,
) -> Result<Option<Finding>, YamlError> {
    let Mechanism::Sibling { rest: Some(rest) } = placement.mechanism else {
        return Ok(None);
    };
    // A check applies nothing, and tools that wait come to no gap.
    if case.additions.policy.mode == Mode::Check || waits {
        return Ok(None);
    }
    let workload = case.workload();
    let rollout = workload.rollout()?;
    let before = workload.mark().map_or(0, |mark| mark.floor);
    let lowest = match case.has_sibling() {
        false => rest - rollout.unavailable(rest),
        true if before < placement.floor => rest.saturating_add(before),
        true => return Ok(None),
    };
    let replicas = placement.replicas;
    let plain = replicas - rollout.unavailable(replicas);
    Ok((lowest < plain).then(|| {
        let sibling = sibling_name(workload.resource.name);
        let message = format!(
            "ready replicas may fall to {lowest} of {replicas} until {sibling} is ready, where a \
             rollout keeps {plain}; apply the siblings first and wait for them: apply --siblings"
        );
        Finding::warning(Code::AdoptionDips, message).at("spec.replicas")
    }))
}

/// Pods that exclude each other cannot surge onto the nodes that hold the floor.
fn surge_needs_a_node(
    case: Case<'_, '_>,
    placement: &Placement,
) -> Result<Option<Finding>, YamlError> {
    if !placement.has_sibling() || placement.floor == 0 {
        return Ok(None);
    }
    let workload = case.workload();
    let Some(exclusive) = workload.exclusive()? else {
        return Ok(None);
    };
    let (why, places) = match exclusive {
        Exclusive::HostPort(port) => (format!("port {port} of the node"), "nodes".to_owned()),
        Exclusive::AntiAffinity(key) if key == "kubernetes.io/hostname" => (
            "the required anti-affinity against themselves".to_owned(),
            "nodes".to_owned(),
        ),
        Exclusive::AntiAffinity(key) => (
            "the required anti-affinity against themselves".to_owned(),
            format!("places (of {key})"),
        ),
    };
    let floor = placement.floor;
    let missing = workload.rollout()?.unavailable(floor);
    let sibling = sibling_name(workload.resource.name);
    let message = match missing {
        0 => format!(
            "{why} keeps the pods apart: a rollout of {sibling} needs {} on-demand {places}, with {floor} \
             it hangs on the old template",
            floor.saturating_add(1)
        ),
        _ => format!(
            "{why} keeps the pods apart: a rollout of {sibling} follows the owner's limits and keeps \
             only {} of the floor of {floor}",
            floor - missing
        ),
    };
    Ok(Some(
        Finding::warning(Code::SurgeNeedsANode, message).at("spec.strategy"),
    ))
}
