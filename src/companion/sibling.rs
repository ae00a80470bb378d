//! The sibling Deployment that holds the floor on on-demand nodes.

use crate::config::Mode;
use crate::fields::{Additions, clear_filled, pin};
use crate::inventory::Workload;
use crate::krm::annotations::{CAPACITY_LABEL, CAPACITY_ON_DEMAND, RESTARTED_AT};
use crate::krm::{Companion, Resource};
use yaml_splice::{Scalar, Value, YamlError, resolve};

use super::metadata::adopt;

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
    let ours = workload.owned().in_template();
    let mut sibling = Value::from_node_without(workload.resource.node, &ours)?;
    adopt(&mut sibling, Companion::Sibling, workload, existing)?;
    let spec = sibling.entry("spec");
    *spec.entry("replicas") = Value::Int(i64::from(floor));
    let selector = spec.entry("selector").entry("matchLabels");
    *selector.entry(CAPACITY_LABEL) = Value::text(CAPACITY_ON_DEMAND);
    let selector = spec.entry("selector").clone();
    if workload.exclusive()?.is_none() {
        rollout(spec);
    }
    let template = spec.entry("template");
    clear_filled(template);
    let labels = template.entry("metadata").entry("labels");
    *labels.entry(CAPACITY_LABEL) = Value::text(CAPACITY_ON_DEMAND);
    pin(template, &selector, additions, &workload.target())?;
    if let Some(existing) = existing
        && additions.policy.mode == Mode::Check
    {
        keep_restart(template, existing)?;
    }
    Ok(sibling)
}

/// Leaves to an existing sibling when it was last restarted: `kubectl rollout restart` writes that into
/// the template of one Deployment in the cluster, which is no difference. What stands in Git is copied.
fn keep_restart(template: &mut Value, existing: &Resource<'_>) -> Result<(), YamlError> {
    let path = ["spec", "template", "metadata"];
    let own = existing.node.at(&path)?;
    let own = own.map_or(Ok(None), |own| own.get("annotations"))?;
    let restarted = own.map_or(Ok(None), |own| own.get_non_null(RESTARTED_AT))?;
    let metadata = template.entry("metadata");
    let copied = metadata.get("annotations");
    if restarted.is_none() && copied.and_then(|copied| copied.get(RESTARTED_AT)).is_none() {
        return Ok(());
    }
    let annotations = metadata.entry("annotations");
    annotations.take(RESTARTED_AT);
    if let Some(restarted) = restarted {
        *annotations.entry(RESTARTED_AT) = Value::from_node(restarted)?;
    }
    if annotations.is_empty() {
        match own {
            Some(own) => *annotations = Value::from_node(own)?,
            None => drop(metadata.take("annotations")),
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
pub(super) fn is_zero(amount: &Value) -> bool {
    let is_zero_plain =
        |text: &str| matches!(resolve(text), Scalar::Int(0) | Scalar::Float(0.0)) || text == "0%";
    match amount {
        Value::Int(0) => true,
        Value::Raw(text) if is_zero_plain(text) => true,
        _ => amount.as_text() == Some("0%"),
    }
}
