//! Node affinity: required on-demand nodes, preferred nodes of either type.

use k8s_openapi::api::core::v1::{
    NodeSelectorRequirement, NodeSelectorTerm, PreferredSchedulingTerm,
};

use crate::config::Capacity;
use crate::placement::CapacityType;
use crate::workload::Workload;
use yaml_splice::{Edits, Node, Value, YamlError, reconcile};

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

/// The affinity to the nodes of either type, as values.
#[derive(Debug, PartialEq)]
pub(super) struct Affinity {
    /// `key In [on-demand]`
    requirement: Value,
    /// A term that holds the requirement only.
    required: Value,
    /// The preferred term for on-demand nodes.
    on_demand: Value,
    /// The preferred term for spot nodes.
    spot: Value,
}

impl Affinity {
    pub fn to(capacity: &Capacity) -> Self {
        let on_demand = requirement(capacity, CapacityType::OnDemand);
        let spot = requirement(capacity, CapacityType::Spot);
        Self {
            requirement: Value::from_typed(&on_demand).with_quoting_decided(),
            required: Value::from_typed(&term(on_demand.clone())).with_quoting_decided(),
            on_demand: Value::from_typed(&preferred_term(on_demand)).with_quoting_decided(),
            spot: Value::from_typed(&preferred_term(spot)).with_quoting_decided(),
        }
    }

    /// The preferred term for nodes of the type `wanted`.
    pub fn preferred(&self, wanted: CapacityType) -> &Value {
        match wanted {
            CapacityType::OnDemand => &self.on_demand,
            CapacityType::Spot => &self.spot,
        }
    }
}

pub(super) fn write<'d>(
    edits: &mut Edits<'d>,
    workload: &Workload<'d>,
    desired: &Desired<'_>,
) -> Result<(), YamlError> {
    if let Some(affinity) = desired.required {
        require(edits, workload, affinity)?;
    } else {
        for ours in &workload.owned.required {
            edits.remove(*ours)?;
        }
    }
    match (workload.owned.preferred, desired.preferred) {
        (Some(ours), Some(wanted)) => reconcile(edits, ours, wanted),
        (Some(ours), None) => edits.remove(ours),
        (None, Some(wanted)) => edits.append(workload.pod, &PREFERRED, wanted.clone()),
        (None, None) => Ok(()),
    }
}

/// Terms are alternatives, so the requirement goes into every one of them. A term without
/// requirements matches no node and stays as it is.
fn require<'d>(
    edits: &mut Edits<'d>,
    workload: &Workload<'d>,
    affinity: &Affinity,
) -> Result<(), YamlError> {
    let terms = workload.pod.at(&REQUIRED)?;
    let terms: Vec<_> = terms.into_iter().flat_map(Node::items).collect();
    if terms.is_empty() {
        return edits.append(workload.pod, &REQUIRED, affinity.required.clone());
    }
    for term in terms
        .into_iter()
        .filter(|term| term.entries().next().is_some())
    {
        let list = term.get_non_null("matchExpressions")?;
        let ours = workload
            .owned
            .required
            .iter()
            .find(|ours| ours.parent() == list);
        if let Some(ours) = ours.filter(|_| list.is_some()) {
            reconcile(edits, *ours, &affinity.requirement)?;
        } else {
            let requirement = affinity.requirement.clone();
            edits.append(term, &["matchExpressions"], requirement)?;
        }
    }
    Ok(())
}

/// Adds the requirement for on-demand nodes to a pod spec that is printed anew.
pub(super) fn require_in(pod: &mut Value, affinity: &Affinity) {
    let terms = REQUIRED.iter().fold(pod, |value, key| value.entry(key));
    match terms {
        Value::Sequence(terms) if !terms.is_empty() => {
            for term in terms.iter_mut().filter(|term| !term.is_empty()) {
                let expressions = term.entry("matchExpressions");
                expressions.push(affinity.requirement.clone());
            }
        }
        _ => *terms = Value::Sequence(vec![affinity.required.clone()]),
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

fn term(requirement: NodeSelectorRequirement) -> NodeSelectorTerm {
    NodeSelectorTerm {
        match_expressions: Some(vec![requirement]),
        match_fields: None,
    }
}

fn preferred_term(requirement: NodeSelectorRequirement) -> PreferredSchedulingTerm {
    PreferredSchedulingTerm {
        preference: term(requirement),
        weight: WEIGHT,
    }
}
