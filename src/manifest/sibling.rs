//! The sibling Deployment that holds the floor on on-demand nodes.

use crate::krm::annotations::{BASE_OF, CAPACITY_LABEL, is_copied};
use crate::krm::{Resource, sibling_name};
use crate::workload::Workload;
use yaml_splice::{Node, Scalar, Value, YamlError, resolve};

use super::{Additions, affinity};

/// The value of the label that tells a sibling's pods from its original's.
const ON_DEMAND: &str = "on-demand";

/// What the API server sets, and what belongs to one object only.
const NOT_COPIED_METADATA: [&str; 10] = [
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "managedFields",
    "selfLink",
    "ownerReferences",
    "finalizers",
];

/// The sibling of `workload` with `floor` replicas, as it should be; `existing` is the one that an
/// earlier run made, whose own annotations of tools (its file, its index) stay with it.
///
/// It is the original as its owner wrote it, without anything of ours, plus what makes it a
/// sibling: its name, a label in the selector and on the pods, the requirement for on-demand
/// nodes, and rollouts that never go below the floor.
///
/// # Errors
/// Where the original's aliases cannot be expanded.
pub fn sibling_value(
    workload: &Workload<'_>,
    floor: u32,
    additions: &Additions<'_>,
    existing: Option<&Resource<'_>>,
) -> Result<Value, YamlError> {
    let mut sibling = Value::from_node_without(workload.resource.node, &ours(workload))?;
    sibling.take("status");
    metadata(sibling.entry("metadata"), workload, existing)?;
    let spec = sibling.entry("spec");
    *spec.entry("replicas") = Value::Int(i64::from(floor));
    let selector = spec.entry("selector").entry("matchLabels");
    *selector.entry(CAPACITY_LABEL) = Value::text(ON_DEMAND);
    rollout(spec);
    let template = spec.entry("template");
    drop_empty(template, &["metadata", "annotations"]);
    let labels = template.entry("metadata").entry("labels");
    *labels.entry(CAPACITY_LABEL) = Value::text(ON_DEMAND);
    let pod = template.entry("spec");
    for path in FILLED {
        drop_empty(pod, path);
    }
    affinity::require_in(pod, &additions.affinity);
    if let Some(class) = &additions.policy.on_demand_priority_class_name
        && pod.get("priorityClassName").is_none_or(Value::is_empty)
    {
        *pod.entry("priorityClassName") = Value::text(class);
    }
    Ok(sibling)
}

/// What may be empty in the original and was filled there: a sibling made before that and one made
/// after it are the same, so an empty one is left out. Inner ones come first.
const FILLED: [&[&str]; 7] = [
    &[
        "affinity",
        "nodeAffinity",
        "preferredDuringSchedulingIgnoredDuringExecution",
    ],
    &[
        "affinity",
        "nodeAffinity",
        "requiredDuringSchedulingIgnoredDuringExecution",
    ],
    &["affinity", "nodeAffinity"],
    &["affinity"],
    &["tolerations"],
    &["topologySpreadConstraints"],
    &["priorityClassName"],
];

/// Removes the value at `path` where there is nothing in it.
fn drop_empty(value: &mut Value, path: &[&str]) {
    let Some((key, rest)) = path.split_first() else {
        return;
    };
    if rest.is_empty() {
        if value.get(key).is_some_and(Value::is_empty) {
            value.take(key);
        }
    } else if value.get(key).is_some() {
        drop_empty(value.entry(key), rest);
    }
}

/// The nodes of the original that are ours.
fn ours<'d>(workload: &Workload<'d>) -> Vec<Node<'d>> {
    let owned = &workload.owned;
    let lists = owned.required.iter().copied();
    let spreads = owned.soft_spreads.iter().map(|(_, node)| *node);
    let tolerations = owned.tolerations.iter().map(|(_, node)| *node);
    let single = [
        owned.preferred,
        owned.capacity_spread,
        owned.priority_class,
        owned.computed_for,
    ];
    lists
        .chain(spreads)
        .chain(tolerations)
        .chain(single.into_iter().flatten())
        .collect()
}

fn metadata(
    metadata: &mut Value,
    workload: &Workload<'_>,
    existing: Option<&Resource<'_>>,
) -> Result<(), YamlError> {
    for field in NOT_COPIED_METADATA {
        metadata.take(field);
    }
    let original = &workload.resource;
    *metadata.entry("name") = Value::text(sibling_name(original.name));
    let annotations = metadata.entry("annotations");
    if let Value::Mapping(entries) = annotations {
        entries.retain(|(key, _)| key.as_text().is_none_or(is_copied));
    }
    *annotations.entry(BASE_OF) = Value::text(original.name);
    match existing {
        Some(existing) => keep_tool_annotations(annotations, existing),
        None => Ok(()),
    }
}

/// Tools know an existing sibling by annotations that are not copied from the original.
fn keep_tool_annotations(
    annotations: &mut Value,
    existing: &Resource<'_>,
) -> Result<(), YamlError> {
    let found = existing.node.at(&["metadata", "annotations"])?;
    for (key, value) in found.into_iter().flat_map(Node::entries) {
        if !is_copied(key.text()) && key.text() != BASE_OF {
            *annotations.entry(key.text()) = Value::from_node(value)?;
        }
    }
    Ok(())
}

/// Rollouts of the sibling never go below the floor: no pod may be missing, so one more must be
/// allowed. `Recreate` cannot be combined with either and stays the owner's choice.
fn rollout(spec: &mut Value) {
    let kind = spec
        .get("strategy")
        .and_then(|strategy| strategy.get("type"));
    if kind.and_then(Value::as_text) == Some("Recreate") {
        return;
    }
    let rolling = spec.entry("strategy").entry("rollingUpdate");
    if rolling.get("maxSurge").is_some_and(is_zero) {
        *rolling.entry("maxSurge") = Value::Int(1);
    }
    *rolling.entry("maxUnavailable") = Value::Int(0);
}

/// `0`, `"0%"`, in any spelling.
fn is_zero(amount: &Value) -> bool {
    match amount {
        Value::Int(0) => true,
        Value::Raw(text) => {
            matches!(resolve(text), Scalar::Int(0) | Scalar::Float(0.0)) || text == "0%"
        }
        Value::Text(text) | Value::Quoted(text) => text == "0%",
        _ => false,
    }
}
