//! The sibling Deployment that holds the floor on on-demand nodes.

use crate::fields::{Additions, clear_filled, pin};
use crate::inventory::Workload;
use crate::krm::annotations::{CAPACITY_LABEL, SIBLING_OF, is_copied};
use crate::krm::{Resource, sibling_name};
use yaml_splice::{Node, Scalar, Value, YamlError, resolve};

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
    let ours = workload.owned.in_template();
    let mut sibling = Value::from_node_without(workload.resource.node, &ours)?;
    keep_own(
        &mut sibling,
        "status",
        existing.map(|existing| existing.node),
    )?;
    metadata(sibling.entry("metadata"), workload, existing)?;
    let spec = sibling.entry("spec");
    *spec.entry("replicas") = Value::Int(i64::from(floor));
    let selector = spec.entry("selector").entry("matchLabels");
    *selector.entry(CAPACITY_LABEL) = Value::text(ON_DEMAND);
    let selector = spec.entry("selector").clone();
    if workload.exclusive()?.is_none() {
        rollout(spec);
    }
    let template = spec.entry("template");
    clear_filled(template);
    let labels = template.entry("metadata").entry("labels");
    *labels.entry(CAPACITY_LABEL) = Value::text(ON_DEMAND);
    pin(template, &selector, additions, &workload.target())?;
    Ok(sibling)
}

fn metadata(
    metadata: &mut Value,
    workload: &Workload<'_>,
    existing: Option<&Resource<'_>>,
) -> Result<(), YamlError> {
    let own = existing.map(|existing| existing.node.get_non_null("metadata"));
    let own = own.transpose()?.flatten();
    for field in NOT_COPIED_METADATA {
        keep_own(metadata, field, own)?;
    }
    let original = &workload.resource;
    *metadata.entry("name") = Value::text(sibling_name(original.name));
    let annotations = metadata.entry("annotations");
    if let Value::Mapping(entries) = annotations {
        entries.retain(|(key, _)| key.as_text().is_none_or(is_copied));
    }
    *annotations.entry(SIBLING_OF) = Value::text(original.name);
    match existing {
        Some(existing) => keep_tool_annotations(annotations, existing),
        None => Ok(()),
    }
}

/// Puts the `field` that an existing sibling has in place of the original's: a sibling that is read
/// from a cluster keeps what the API server set.
fn keep_own(value: &mut Value, field: &str, own: Option<Node<'_>>) -> Result<(), YamlError> {
    value.take(field);
    if let Some(own) = own.map(|own| own.get(field)).transpose()?.flatten() {
        *value.entry(field) = Value::from_node(own)?;
    }
    Ok(())
}

/// Tools know an existing sibling by annotations that are not copied from the original.
fn keep_tool_annotations(
    annotations: &mut Value,
    existing: &Resource<'_>,
) -> Result<(), YamlError> {
    let found = existing.node.at(&["metadata", "annotations"])?;
    for (key, value) in found.into_iter().flat_map(Node::entries) {
        if !is_copied(key.text()) && key.text() != SIBLING_OF {
            *annotations.entry(key.text()) = Value::from_node(value)?;
        }
    }
    Ok(())
}

/// Rollouts of the sibling never go below the floor: no pod may be missing, so one more must be
/// allowed. Pods that exclude each other could not start beside the old ones: there the owner's
/// limits stay. `Recreate` cannot be combined with either and stays the owner's choice.
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
