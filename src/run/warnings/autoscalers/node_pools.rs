//! Karpenter's `NodePools`: which capacity types they offer together.
//!
//! Source: <https://karpenter.sh/docs/concepts/nodepools/>, "Capacity Type".

use crate::config::Policy;
use crate::findings::{Code, Finding};
use crate::inventory::Inventory;
use crate::krm::Resource;
use crate::placement::{Decision, Mechanism};
use crate::run::Assessments;
use yaml_splice::{Node, YamlError};

const KEY: &str = "karpenter.sh/capacity-type";
const REQUIREMENTS: &str = "spec.template.spec.requirements";

/// A `NodePool` and the capacity types that it offers.
struct NodePool<'a, 'd> {
    resource: &'a Resource<'d>,
    offers: Vec<&'static str>,
}

impl NodePool<'_, '_> {
    fn offers(&self, kind: &str) -> bool {
        self.offers.contains(&kind)
    }
}

pub(super) fn of_input(
    inventory: &Inventory<'_>,
    assessments: &Assessments,
    policy: &Policy,
) -> Vec<Finding> {
    let is_key = policy.capacity.keys().any(|key| key == KEY);
    let pools: Vec<_> = inventory.input.resources.iter().filter_map(read).collect();
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
    let is_spread = assessments.iter().any(|assessment| {
        matches!(&assessment.decision, Decision::Place(placement) if spreads(placement.mechanism))
    });
    let reserved = pools.iter().find(|pool| pool.offers("reserved"));
    findings.extend(reserved.filter(|_| is_spread).map(spread_counts_reserved));
    let settings = pools.iter().filter_map(keeps_off_spot);
    findings.extend(settings);
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

/// Replicas that had to move to on-demand nodes come back when Karpenter replaces those.
fn keeps_off_spot(pool: &NodePool<'_, '_>) -> Option<Finding> {
    let node = pool.resource.node;
    let setting = |name: &'static str, value: &str| {
        let found = node.at(&["spec", "disruption", name]).ok().flatten()?;
        (found.text() == value).then_some(name)
    };
    let name = setting("consolidationPolicy", "WhenEmpty")
        .or_else(|| setting("consolidateAfter", "Never"))?;
    let field = format!("spec.disruption.{name}");
    let message = format!(
        "{field} keeps on-demand nodes while anything runs there, so replicas that fled from spot \
         nodes do not return; use consolidationPolicy: WhenEmptyOrUnderutilized"
    );
    let finding = Finding::warning(Code::NoWayBackToSpot, message).at(field);
    Some(finding.about(pool.resource))
}

fn read<'a, 'd>(resource: &'a Resource<'d>) -> Option<NodePool<'a, 'd>> {
    let is_pool = resource.kind == "NodePool" && resource.group() == "karpenter.sh";
    let offers = is_pool.then(|| offers(resource.node))?.ok()?;
    Some(NodePool { resource, offers })
}

/// Karpenter makes on-demand nodes where a `NodePool` does not name the types.
fn offers(node: Node<'_>) -> Result<Vec<&'static str>, YamlError> {
    let mut offered = vec!["on-demand", "spot", "reserved"];
    let mut is_named = false;
    let list = node.at(&["spec", "template", "spec", "requirements"])?;
    for requirement in list.into_iter().flat_map(Node::items) {
        if requirement.get_non_null("key")?.map(Node::text) != Some(KEY) {
            continue;
        }
        is_named = true;
        let operator = requirement.get_non_null("operator")?.map_or("", Node::text);
        let values = requirement.get_non_null("values")?;
        let values: Vec<_> = values
            .into_iter()
            .flat_map(Node::items)
            .map(Node::text)
            .collect();
        match operator {
            "In" => offered.retain(|kind| values.contains(kind)),
            "NotIn" => offered.retain(|kind| !values.contains(kind)),
            _ => {}
        }
    }
    if !is_named {
        offered.retain(|kind| *kind == "on-demand");
    }
    Ok(offered)
}
