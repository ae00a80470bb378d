//! Settings of single `NodePools`.
//!
//! Source: <https://karpenter.sh/docs/concepts/disruption/> and, for the grace period,
//! `DeleteExpiringPods` in `pkg/controllers/node/termination/terminator/terminator.go` of Karpenter
//! 1.14.0.

use crate::findings::{Code, Finding};
use crate::placement::CapacityType;
use yaml_splice::Node;

use super::super::DEFAULT_GRACE_SECONDS;
use super::super::scene::{Scene, several, text_at};
use super::karpenter::ignores_preferences;
use super::node_pool::{NodePool, REQUIREMENTS};

pub(super) fn of_pools(scene: Scene<'_, '_>, pools: &[NodePool<'_, '_>]) -> Vec<Finding> {
    let mut findings: Vec<_> = pools.iter().filter_map(keeps_off_spot).collect();
    findings.extend(pools.iter().filter_map(|pool| cuts_grace(scene, pool)));
    findings.extend(one_spot_type(pools));
    findings.extend(on_demand_first(scene, pools));
    findings
}

/// Replicas that had to move to on-demand nodes come back when Karpenter replaces those.
fn keeps_off_spot(pool: &NodePool<'_, '_>) -> Option<Finding> {
    let setting = |name: &'static str, value: &str| {
        let found = text_at(pool.resource.node, &["spec", "disruption", name]);
        (found == value).then_some(name)
    };
    let name = setting("consolidationPolicy", "WhenEmpty")
        .or_else(|| setting("consolidateAfter", "Never"))
        .filter(|_| pool.makes(CapacityType::OnDemand))?;
    let field = format!("spec.disruption.{name}");
    let remedy = match name {
        "consolidateAfter" => "consolidateAfter: 1m",
        _ => "consolidationPolicy: WhenEmptyOrUnderutilized",
    };
    let message = format!(
        "{field} keeps on-demand nodes while anything runs there, so replicas that fled from spot \
         nodes do not return; use {remedy}"
    );
    let finding = Finding::warning(Code::NoWayBackToSpot, message).at(field);
    Some(finding.about(pool.resource))
}

/// A pod whose grace period is longer than what the node has left is deleted at once, past every
/// budget, and with less than it asked for.
fn cuts_grace(scene: Scene<'_, '_>, pool: &NodePool<'_, '_>) -> Option<Finding> {
    let limit = pool.grace_seconds()?;
    let grace = |pod: Node<'_>| {
        let found = pod.get_non_null("terminationGracePeriodSeconds");
        let seconds = found
            .ok()
            .flatten()
            .and_then(|found| found.scalar()?.whole());
        seconds.unwrap_or(DEFAULT_GRACE_SECONDS)
    };
    let placed = scene.placed();
    let cut = placed.filter(|(workload, _)| grace(workload.pod.spec) > i128::from(limit));
    let cut: Vec<_> = cut.map(|(workload, _)| workload).collect();
    let most = cut.iter().map(|workload| grace(workload.pod.spec)).max()?;
    let who = several(cut.first()?, cut.len());
    let field = "spec.template.spec.terminationGracePeriod";
    let message = format!(
        "{field} is {limit} seconds, less than terminationGracePeriodSeconds of {who}: Karpenter \
         deletes such a pod at once when it drains the node, past every disruption budget; use at \
         least {most}s"
    );
    let finding = Finding::warning(Code::NodeGraceTooShort, message).at(field);
    Some(finding.about(pool.resource))
}

/// One event in one market takes every spot node.
fn one_spot_type(pools: &[NodePool<'_, '_>]) -> Option<Finding> {
    let makers = pools.iter().filter(|pool| pool.makes(CapacityType::Spot));
    let makers: Vec<_> = makers.collect();
    let first = makers.first()?;
    let (key, value) = first.only_type()?;
    let is_same = |pool: &&NodePool<'_, '_>| pool.only_type() == Some((key, value));
    makers.iter().all(is_same).then(|| {
        let message = format!(
            "every spot node is of {key} {value}, so one event in that market takes all of them; allow \
             several"
        );
        Finding::warning(Code::OneSpotType, message)
            .at(REQUIREMENTS)
            .about(first.resource)
    })
}

/// Karpenter treats a preference as a requirement first, so that weights do not matter to pods that
/// prefer spot nodes, unless it is told to ignore preferences.
fn on_demand_first(scene: Scene<'_, '_>, pools: &[NodePool<'_, '_>]) -> Option<Finding> {
    let weight = |pool: &&NodePool<'_, '_>| pool.weight();
    let spot = pools
        .iter()
        .filter(|pool| pool.makes(CapacityType::Spot))
        .max_by_key(weight)?;
    let others = pools.iter().filter(|pool| !pool.makes(CapacityType::Spot));
    let first = others.max_by_key(weight)?;
    let is_wrong = first.weight() > spot.weight() && ignores_preferences(scene);
    is_wrong.then(|| {
        let message = format!(
            "with PREFERENCE_POLICY=Ignore this NodePool of on-demand nodes, of weight {}, comes before \
             {}, of weight {}: nothing is bought on spot; give the NodePool of spot nodes the greater \
             weight",
            first.weight(),
            spot.resource.name,
            spot.weight()
        );
        Finding::warning(Code::PreferencesIgnored, message)
            .at("spec.weight")
            .about(first.resource)
    })
}
