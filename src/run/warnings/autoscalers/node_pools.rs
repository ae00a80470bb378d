//! Karpenter's `NodePools`: whether together they offer what the placement needs.
//!
//! Source: <https://karpenter.sh/docs/concepts/nodepools/>, "Capacity Type".

use crate::config::OnDemandNodes;
use crate::findings::{Code, Finding};
use crate::placement::{CapacityType, Mechanism};
use crate::room::Requirement;

use super::super::on_demand::Ground;
use super::super::scene::{Pods, Scene, example_of};
use super::node_pool::{KEY, NodePool, POOL, REQUIREMENTS, by_name};
use super::{pool_limits, pool_settings, pool_taints, unguarded};

pub(super) fn of_input(scene: Scene<'_, '_>) -> Vec<Finding> {
    let is_key = scene.policy.capacity.keys().any(|key| key == KEY);
    let pools: Vec<_> = scene
        .resources()
        .iter()
        .filter_map(NodePool::read)
        .collect();
    let Some(first) = pools.first().filter(|_| is_key) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    let any = |kind| pools.iter().any(|pool| pool.offers(kind));
    if !any("on-demand") {
        findings.push(lacks_on_demand(first));
    }
    if !any("spot") {
        findings.push(lacks_spot(first));
    }
    let spreads = |mechanism| matches!(mechanism, Mechanism::Spread { .. });
    let is_spread = scene
        .placed()
        .any(|(_, placement)| spreads(placement.mechanism));
    let reserved = pools.iter().find(|pool| pool.offers("reserved"));
    findings.extend(reserved.filter(|_| is_spread).map(spread_counts_reserved));
    findings.extend(reserved.and_then(|pool| reserved_unused(scene, pool)));
    for kind in [CapacityType::OnDemand, CapacityType::Spot] {
        findings.extend(out_of_reach(scene, &pools, kind));
        findings.extend(unsuited(scene, &pools, kind));
        findings.extend(pool_taints::of_pools(scene, &pools, kind));
    }
    findings.extend(pool_limits::of_pools(scene, &pools));
    findings.extend(pool_settings::of_pools(scene, &pools));
    findings.extend(unguarded::of_pools(scene, &pools));
    findings
}

fn lacks_on_demand(pool: &NodePool<'_, '_>) -> Finding {
    let message = format!(
        "no NodePool in the input offers on-demand nodes: pods pinned to them stay Pending; add \
         \"on-demand\" to the values of {KEY}"
    );
    Finding::warning(Code::NoOnDemandNodes, message)
        .at(REQUIREMENTS)
        .about(pool.resource)
}

fn lacks_spot(pool: &NodePool<'_, '_>) -> Finding {
    let message = format!(
        "no NodePool in the input offers spot nodes, so every replica runs on on-demand nodes; add \
         \"spot\" to the values of {KEY}, without which Karpenter takes on-demand alone"
    );
    Finding::warning(Code::NoSpotNodes, message)
        .at(REQUIREMENTS)
        .about(pool.resource)
}

fn spread_counts_reserved(pool: &NodePool<'_, '_>) -> Finding {
    let message = format!(
        "the value \"reserved\" of {KEY} is a third domain for strategy spread: replicas stay Pending \
         when the reservation is used up; use floor or ordinals, or a NodePool without it"
    );
    Finding::warning(Code::SpreadCountsReserved, message)
        .at(REQUIREMENTS)
        .about(pool.resource)
}

/// A reservation is paid for whether it is used or not.
fn reserved_unused(scene: Scene<'_, '_>, pool: &NodePool<'_, '_>) -> Option<Finding> {
    is_reserved_left_out(scene).then(|| {
        let message = format!(
            "the value \"reserved\" of {KEY} is not one of capacity.onDemand, so pods that are pinned \
             to on-demand nodes cannot use the reservation; set onDemand: [on-demand, reserved], or \
             provider: karpenter"
        );
        Finding::warning(Code::ReservedUnused, message)
            .at(REQUIREMENTS)
            .about(pool.resource)
    })
}

/// Whether Karpenter's label tells on-demand nodes, and reserved ones are not among them.
pub(super) fn is_reserved_left_out(scene: Scene<'_, '_>) -> bool {
    let capacity = &scene.policy.capacity;
    let left_out = |values: &[String]| !values.iter().any(|value| value == "reserved");
    capacity.key == KEY
        && matches!(&capacity.on_demand, OnDemandNodes::Labelled(values) if left_out(values))
}

/// Workloads whose pods choose pools by name, none of which makes the nodes that they need.
fn out_of_reach(
    scene: Scene<'_, '_>,
    pools: &[NodePool<'_, '_>],
    kind: CapacityType,
) -> Option<Finding> {
    let makers: Vec<_> = pools.iter().filter(|pool| pool.makes(kind)).collect();
    if makers.is_empty() {
        return None;
    }
    let admits = |pods: &Pods<'_, '_>, pool: &NodePool<'_, '_>| {
        pods.constraints.may_admit(&[by_name(pool.resource.name)])
    };
    let is_lost = |pods: &Pods<'_, '_>| {
        let by_some = pools.iter().any(|pool| admits(pods, pool));
        by_some && !makers.iter().any(|pool| admits(pods, pool))
    };
    let pods = scene.pods(kind);
    let (example, who) = example_of(&pods, is_lost)?;
    let message = match kind {
        CapacityType::OnDemand => format!(
            "the NodePools that {who} chooses by {POOL} offer no on-demand nodes, so its floor \
             stays Pending; add \"on-demand\" to their {KEY}, or drop the selector"
        ),
        CapacityType::Spot => format!(
            "the NodePools that {who} chooses by {POOL} offer no spot nodes, so all of it runs on \
             on-demand nodes; add \"spot\" to their {KEY}, or drop the selector"
        ),
    };
    Some(no_nodes(kind, message, example))
}

/// Workloads for whose pods no pool makes the nodes that they need, because of what they require of a
/// node, although some pool would suit them.
fn unsuited(
    scene: Scene<'_, '_>,
    pools: &[NodePool<'_, '_>],
    kind: CapacityType,
) -> Option<Finding> {
    let makers: Vec<_> = pools.iter().filter(|pool| pool.makes(kind)).collect();
    let ground = Ground::of(scene.resources(), scene);
    let is_lost = |pods: &Pods<'_, '_>| {
        let constraints = &pods.constraints;
        let by_name =
            |pool: &&NodePool<'_, '_>| constraints.may_admit(&[by_name(pool.resource.name)]);
        let is_elsewhere = match kind {
            CapacityType::OnDemand => ground.admits(constraints),
            CapacityType::Spot => ground.has_nodes(),
        };
        let mut chosen = makers.iter().copied().filter(by_name).peekable();
        !is_elsewhere
            && chosen.peek().is_some()
            && chosen.all(|pool| !pool.may_be_chosen(constraints))
            && pools.iter().any(|pool| pool.may_be_chosen(constraints))
    };
    let pods = scene.pods(kind);
    let (example, who) = example_of(&pods, is_lost)?;
    let meets = |own: &Requirement| makers.iter().any(|pool| pool.may_meet(own));
    let unmet = example.constraints.unmet(meets).map(ToString::to_string);
    let unmet = unmet.unwrap_or_else(|| "the labels".to_owned());
    let message = match kind {
        CapacityType::OnDemand => format!(
            "no NodePool that offers on-demand nodes makes one with {unmet}, which {who} requires, so \
             its floor stays Pending; add it to the requirements of one, or offer on-demand nodes in \
             one that has it"
        ),
        CapacityType::Spot => format!(
            "no NodePool that offers spot nodes makes one with {unmet}, which {who} requires, so all \
             of it runs on on-demand nodes; add it to the requirements of one"
        ),
    };
    Some(no_nodes(kind, message, example))
}

/// That no pool makes the nodes of that type which `example` needs.
fn no_nodes(kind: CapacityType, message: String, example: &Pods<'_, '_>) -> Finding {
    let code = match kind {
        CapacityType::OnDemand => Code::NoOnDemandNodes,
        CapacityType::Spot => Code::NoSpotNodes,
    };
    let finding = Finding::warning(code, message).at("spec.template.spec");
    finding.about(&example.workload.resource)
}
