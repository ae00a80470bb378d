//! Node affinity: required on-demand nodes, preferred nodes of either type.

use k8s_openapi::api::core::v1::{
    NodeSelectorRequirement, NodeSelectorTerm, PreferredSchedulingTerm,
};

use crate::config::Capacity;
use crate::placement::CapacityType;
use crate::workload::Workload;
use crate::yaml::{Edits, Node, Value, YamlError, reconcile};

use super::Desired;

/// The path of the required terms below a pod spec.
const REQUIRED: [&str; 4] = [
    "affinity",
    "nodeAffinity",
    "requiredDuringSchedulingIgnoredDuringExecution",
    "nodeSelectorTerms",
];

/// The path of the preferred terms below a pod spec.
const PREFERRED: [&str; 3] = [
    "affinity",
    "nodeAffinity",
    "preferredDuringSchedulingIgnoredDuringExecution",
];

/// The weight of our preferred term. With a single term the number does not matter, the scheduler
/// normalises it; beside the user's own terms the greatest weight keeps ours from being outvoted.
const WEIGHT: i32 = 100;

pub(super) fn write<'d>(
    edits: &mut Edits<'d>,
    workload: &Workload<'d>,
    desired: &Desired,
) -> Result<(), YamlError> {
    if desired.pinned {
        require(edits, workload, &desired.capacity)?;
    } else {
        for ours in &workload.owned.required {
            edits.remove(*ours)?;
        }
    }
    let wanted = desired
        .preferred
        .map(|capacity| preferred_term(&desired.capacity, capacity));
    match (workload.owned.preferred, wanted) {
        (Some(ours), Some(wanted)) => reconcile(edits, ours, &wanted),
        (Some(ours), None) => edits.remove(ours),
        (None, Some(wanted)) => edits.append(workload.pod, &PREFERRED, wanted),
        (None, None) => Ok(()),
    }
}

/// Terms are alternatives, so the requirement goes into every one of them. A term without
/// requirements matches no node and stays as it is.
fn require<'d>(
    edits: &mut Edits<'d>,
    workload: &Workload<'d>,
    capacity: &Capacity,
) -> Result<(), YamlError> {
    let requirement = requirement(capacity, CapacityType::OnDemand);
    let wanted = Value::of(&requirement);
    let terms = workload.pod.at(&REQUIRED)?;
    let terms: Vec<_> = terms.into_iter().flat_map(Node::items).collect();
    if terms.is_empty() {
        return edits.append(
            workload.pod,
            &REQUIRED,
            Value::of(&required_term(requirement)),
        );
    }
    for term in terms
        .into_iter()
        .filter(|term| term.entries().next().is_some())
    {
        let list = term.present("matchExpressions")?;
        let ours = workload
            .owned
            .required
            .iter()
            .find(|ours| ours.parent() == list);
        match ours.filter(|_| list.is_some()) {
            Some(ours) => reconcile(edits, *ours, &wanted)?,
            None => edits.append(term, &["matchExpressions"], wanted.clone())?,
        }
    }
    Ok(())
}

/// Adds the requirement for on-demand nodes to a pod spec that is printed anew.
pub(super) fn require_in(pod: &mut Value, capacity: &Capacity) {
    let requirement = requirement(capacity, CapacityType::OnDemand);
    let terms = REQUIRED.iter().fold(pod, |value, key| value.entry(key));
    match terms {
        Value::Sequence(terms) if !terms.is_empty() => {
            for term in terms.iter_mut().filter(|term| !term.is_empty()) {
                term.entry("matchExpressions").push(Value::of(&requirement));
            }
        }
        _ => *terms = Value::Sequence(vec![Value::of(&required_term(requirement))]),
    }
}

fn requirement(capacity: &Capacity, wanted: CapacityType) -> NodeSelectorRequirement {
    let value = match wanted {
        CapacityType::OnDemand => &capacity.on_demand,
        CapacityType::Spot => &capacity.spot,
    };
    NodeSelectorRequirement {
        key: capacity.key.clone(),
        operator: "In".to_owned(),
        values: Some(vec![value.clone()]),
    }
}

fn required_term(requirement: NodeSelectorRequirement) -> NodeSelectorTerm {
    NodeSelectorTerm {
        match_expressions: Some(vec![requirement]),
        match_fields: None,
    }
}

fn preferred_term(capacity: &Capacity, wanted: CapacityType) -> Value {
    Value::of(&PreferredSchedulingTerm {
        preference: required_term(requirement(capacity, wanted)),
        weight: WEIGHT,
    })
}
