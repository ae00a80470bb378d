//! On-demand nodes that Karpenter replaces by itself while no budget guards what runs there.
//!
//! Measured with Karpenter 1.14: both replicas of a floor on one on-demand node, whose consolidation
//! took ready replicas from 10 to 1. Source of the defaults: `Disruption` and `ExpireAfter` in
//! `pkg/apis/v1` of Karpenter.

use crate::config::BudgetPolicy;
use crate::findings::{Code, Finding};
use crate::placement::CapacityType;

use super::super::scene::{Scene, items_at, several, text_at};
use super::node_pool::NodePool;

/// A warning about the first pool that moves unguarded floors.
pub(super) fn of_pools(scene: Scene<'_, '_>, pools: &[NodePool<'_, '_>]) -> Option<Finding> {
    if scene.policy.budget == BudgetPolicy::Floor {
        return None;
    }
    let makes_on_demand = |pool: &&NodePool<'_, '_>| pool.makes(CapacityType::OnDemand);
    let mut makers = pools.iter().filter(makes_on_demand);
    let (pool, (field, does)) = makers.find_map(|pool| Some((pool, moves(pool)?)))?;
    let guarded = scene.inventory.related.budgeted();
    let workloads = scene.inventory.workloads.enumerate();
    let ids: Vec<_> = workloads
        .filter(|(id, _)| !guarded.contains(id))
        .filter(|(id, _)| scene.assessments[*id].has_floor_to_guard())
        .map(|(id, _)| id)
        .collect();
    let example = &scene.inventory.workloads[*ids.first()?];
    let message = format!(
        "{field}: Karpenter {does}, and no PodDisruptionBudget selects the pods of {}: it may take \
         a whole floor at once; set budget: floor, or write a budget that lets one pod go at a time",
        several(example, ids.len())
    );
    let finding = Finding::warning(Code::FloorUnguarded, message).at(field);
    Some(finding.about(pool.resource))
}

/// The setting by which a pool replaces nodes that are in use, and what it does.
fn moves(pool: &NodePool<'_, '_>) -> Option<(&'static str, &'static str)> {
    let node = pool.resource.node;
    if is_blocked(pool) {
        return None;
    }
    let disruption = |name| text_at(node, &["spec", "disruption", name]);
    let consolidates = matches!(
        disruption("consolidationPolicy"),
        "" | "WhenEmptyOrUnderutilized" | "WhenUnderutilized"
    );
    if consolidates && disruption("consolidateAfter") != "Never" {
        return Some((
            "spec.disruption.consolidationPolicy",
            "replaces on-demand nodes that are not full",
        ));
    }
    let expires = text_at(node, &["spec", "template", "spec", "expireAfter"]);
    (expires != "Never").then_some((
        "spec.template.spec.expireAfter",
        "replaces on-demand nodes by their age",
    ))
}

/// Whether a budget of the pool lets no node go, whatever the time and the reason. Nodes expire all
/// the same.
fn is_blocked(pool: &NodePool<'_, '_>) -> bool {
    let node = pool.resource.node;
    let expires = text_at(node, &["spec", "template", "spec", "expireAfter"]) != "Never";
    let budgets = items_at(node, &["spec", "disruption", "budgets"]);
    let lets_none_go = budgets.iter().any(|budget| {
        let has = |key: &str| budget.get_non_null(key).ok().flatten().is_some();
        let zero = matches!(text_at(*budget, &["nodes"]), "0" | "0%");
        zero && !has("schedule") && !has("reasons")
    });
    lets_none_go && !expires
}
