//! Nodes of the input: whether the configuration knows them for what they are.

use crate::config::{DEFAULT_KEY, OnDemandNodes, Policy, WELL_KNOWN_LABELS, says_spot};
use crate::findings::{Code, Finding};
use crate::inventory::Inventory;
use crate::krm::Resource;
use crate::placement::CapacityType;
use crate::report::text::{counted, verb};
use crate::room::{self, Capacities, Node, Taint};
use crate::run::Assessments;

use super::on_demand::{self, is_lasting};
use super::scene::{Scene, barrier, taint_text, toleration_text};

/// A node, and what the configuration takes it for.
struct Known<'r, 'd> {
    resource: &'r Resource<'d>,
    node: Node,
    kind: Option<CapacityType>,
}

/// The warnings about the nodes among `resources`.
pub fn of_nodes(
    resources: &[Resource<'_>],
    inventory: &Inventory<'_>,
    assessments: &Assessments,
    policy: &Policy,
) -> Vec<Finding> {
    let nodes = known(resources, policy);
    if nodes.is_empty() {
        return Vec::new();
    }
    let scene = Scene {
        inventory,
        assessments,
        policy,
    };
    let mut findings: Vec<_> = key_on_no_node(&nodes, policy).into_iter().collect();
    let is_known = findings.is_empty();
    if is_known {
        findings.extend(unknown(&nodes, policy));
    }
    findings.extend(taken_for_on_demand(&nodes));
    if is_known {
        findings.extend(on_demand::of_nodes(scene, resources));
    }
    findings.extend(tainted(scene, &nodes));
    findings
}

/// Those of them that say that the capacity of the policy is not that of the nodes, for a cluster whose
/// workloads nothing is decided about.
pub fn of_capacity(resources: &[Resource<'_>], policy: &Policy) -> Vec<Finding> {
    let nodes = known(resources, policy);
    let found = [key_on_no_node(&nodes, policy), taken_for_on_demand(&nodes)];
    found.into_iter().flatten().collect()
}

/// The nodes among `resources`.
fn known<'r, 'd>(resources: &'r [Resource<'d>], policy: &Policy) -> Vec<Known<'r, 'd>> {
    let capacities = Capacities::of(&policy.capacity);
    let is_node = |it: &&Resource<'_>| it.is("", "Node");
    let nodes = resources.iter().filter(is_node).filter_map(|resource| {
        let node = room::node(resource).ok()?;
        Some(Known {
            kind: capacities.class(|key| node.label(key)),
            resource,
            node,
        })
    });
    nodes.collect()
}

/// A key that is on no node is nearly always the wrong one. Where on-demand nodes need no label,
/// the absence of spot nodes alone says nothing.
fn key_on_no_node(nodes: &[Known<'_, '_>], policy: &Policy) -> Option<Finding> {
    let capacity = &policy.capacity;
    let is_there = |key: &str| nodes.iter().any(|known| known.node.label(key).is_some());
    if capacity.keys().any(is_there) {
        return None;
    }
    let other = WELL_KNOWN_LABELS.iter().find(|label| is_there(label.key));
    let needs_label = matches!(capacity.on_demand, OnDemandNodes::Labelled(_));
    let remedy = match other {
        Some(other) => format!(
            "they have {}: use provider: {}",
            other.key,
            other.preset.name()
        ),
        None if needs_label || is_there(DEFAULT_KEY) => {
            "set spec.capacity to the labels that they have".to_owned()
        }
        None => return None,
    };
    let keys: Vec<_> = capacity.keys().collect();
    let effect = if needs_label {
        "what is pinned to on-demand nodes stays Pending"
    } else {
        "every node counts as on-demand"
    };
    let message = format!(
        "none of {} has the label {}, so {effect}; {remedy}",
        counted(nodes.len() as u64, "node"),
        keys.join(" or ")
    );
    let finding = Finding::warning(Code::KeyOnNoNode, message).at("metadata.labels");
    Some(finding.about(nodes.first()?.resource))
}

/// Nodes that carry none of the values that the configuration knows.
fn unknown(nodes: &[Known<'_, '_>], policy: &Policy) -> Option<Finding> {
    let unknown = nodes.iter().filter(|known| known.kind.is_none());
    let unknown: Vec<_> = unknown.collect();
    let first = unknown.first()?;
    let key = &policy.capacity.key;
    let found = match first.node.label(key) {
        Some(value) => format!("the value \"{value}\" of {key}"),
        None => format!("no label {key}"),
    };
    let message = format!(
        "{} of {} {} known neither as on-demand nor as spot, such as {} with {found}: nothing that \
         is pinned runs there; {}, add the value to spec.capacity, or set onDemandLabelled: false",
        unknown.len(),
        counted(nodes.len() as u64, "node"),
        verb(unknown.len() as u64, "is", "are"),
        first.resource.name,
        verb(unknown.len() as u64, "label it", "label them"),
    );
    let finding = Finding::warning(Code::CapacityUnknown, message).at("metadata.labels");
    Some(finding.about(first.resource))
}

/// Nodes that count as on-demand although a label that is known says that they are spot.
fn taken_for_on_demand(nodes: &[Known<'_, '_>]) -> Option<Finding> {
    let on_demand = nodes
        .iter()
        .filter(|known| known.kind == Some(CapacityType::OnDemand));
    let taken = on_demand.filter_map(|known| {
        let says = says_spot(|key| known.node.label(key))?;
        Some((known, says))
    });
    let taken: Vec<_> = taken.collect();
    let (first, (key, spot)) = taken.first()?;
    let values = spot.iter().map(|value| format!("\"{value}\""));
    let others = match taken.len() {
        1 => String::new(),
        many => format!(" and {} more", many - 1),
    };
    let message = format!(
        "{}{others} would be taken for on-demand, although the label {key} says spot: a floor may rest \
         there; add {{key: {key}, values: [{}]}} to spec.capacity.alsoSpot",
        first.resource.name,
        values.collect::<Vec<_>>().join(", ")
    );
    let finding = Finding::warning(Code::SpotTakenForOnDemand, message).at("metadata.labels");
    Some(finding.about(first.resource))
}

/// Taints that keep pods away from all spot nodes.
fn tainted(scene: Scene<'_, '_>, nodes: &[Known<'_, '_>]) -> Option<Finding> {
    let spot = nodes
        .iter()
        .filter(|known| known.kind == Some(CapacityType::Spot));
    let spot: Vec<_> = spot.collect();
    let taints = spot.iter().map(|known| lasting(&known.node.taints));
    let taints: Vec<_> = taints.collect();
    let places: Vec<_> = taints.iter().map(Vec::as_slice).collect();
    let found = barrier(&scene.pods(CapacityType::Spot), &places)?;
    let (taint, who) = (taint_text(found.taint), &found.who);
    let remedy = toleration_text(found.taint);
    let message = format!(
        "no toleration covers the taint {taint} of the spot nodes, so nothing of {who} runs \
         there; add {remedy} to spotTolerations"
    );
    let finding = Finding::warning(Code::SpotTaint, message).at("spec.taints");
    Some(finding.about(spot.first()?.resource))
}

fn lasting(taints: &[Taint]) -> Vec<Taint> {
    taints
        .iter()
        .filter(|taint| is_lasting(taint))
        .cloned()
        .collect()
}
