//! Rollouts of a Deployment and of its sibling: how many replicas are ready at the lowest, and which
//! nodes they need.

use crate::config::Mode;
use crate::fields::Order;
use crate::findings::{Code, Finding};
use crate::inventory::Exclusive;
use crate::krm::annotations::SYNC_WAVE;
use crate::krm::sibling_name;
use crate::placement::{Mechanism, Placement, WorkloadKind};
use crate::report::text::plural;
use yaml_splice::YamlError;

use super::Case;

/// The label that tells one node from another.
pub(super) const HOSTNAME: &str = "kubernetes.io/hostname";

/// Adds what there is to report about the rollouts of one workload that is placed.
pub fn of_workload(
    case: Case<'_, '_>,
    placement: &Placement,
    found: &mut Vec<Finding>,
) -> Result<(), YamlError> {
    let not_ordered = not_ordered(case, placement)?;
    let waits = case.additions.policy.siblings_first && not_ordered.is_empty();
    found.extend(not_ordered);
    found.extend(adoption_dips(case, placement, waits)?);
    found.extend(surge_needs_a_node(case, placement)?);
    Ok(())
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

/// Pods that exclude each other cannot surge onto the nodes that hold the floor, be it the sibling's or
/// that of a Deployment with every replica pinned.
fn surge_needs_a_node(
    case: Case<'_, '_>,
    placement: &Placement,
) -> Result<Option<Finding>, YamlError> {
    let workload = case.workload();
    let own = workload.resource.name;
    let (name, floor) = match placement.mechanism {
        Mechanism::Sibling { .. } => (sibling_name(own), placement.floor),
        Mechanism::Pinned if workload.kind == WorkloadKind::Deployment => {
            (own.to_owned(), placement.replicas)
        }
        _ => return Ok(None),
    };
    let Some(exclusive) = workload.exclusive()?.filter(|_| floor > 0) else {
        return Ok(None);
    };
    let needed = floor.saturating_add(1);
    let (why, places) = words(&exclusive, needed);
    let missing = workload.rollout()?.unavailable(floor);
    let message = match missing {
        0 => format!(
            "{why} keeps the pods apart: a rollout of {name} needs {needed} on-demand {places}, with \
             {floor} it hangs on the old template"
        ),
        _ if placement.has_sibling() => format!(
            "{why} keeps the pods apart: a rollout of {name} follows the owner's limits and keeps \
             only {} of the floor of {floor}",
            floor - missing
        ),
        // Its owner lets a replica go first, as without the policy.
        _ => return Ok(None),
    };
    let finding = Finding::warning(Code::SurgeNeedsANode, message).at("spec.strategy");
    // The replicas that are pinned stay ready meanwhile.
    Ok(Some(finding.accepted_if(!placement.has_sibling())))
}

/// What keeps pods apart, and what each of them needs for itself, as the noun behind `count`.
pub(super) fn words(exclusive: &Exclusive, count: u32) -> (String, String) {
    let anti_affinity = "the required anti-affinity against themselves";
    let noun = |what| plural(count.into(), what);
    match exclusive {
        Exclusive::HostPort(port) => (format!("port {port} of the node"), noun("node")),
        Exclusive::AntiAffinity(key) if key == HOSTNAME => (anti_affinity.to_owned(), noun("node")),
        Exclusive::AntiAffinity(key) => (
            anti_affinity.to_owned(),
            format!("{} (of {key})", noun("place")),
        ),
    }
}
