//! The sibling as a copy of its original with few edits, which takes a fraction of the time of one that is
//! made of values. What is written is the same.

use crate::fields::{Additions, has_empty, pin_copy};
use crate::inventory::Workload;
use crate::krm::Companion;
use crate::krm::annotations::{CAPACITY_LABEL, CAPACITY_ON_DEMAND};
use yaml_splice::{Edits, Node, Value, YamlError};

use super::CompanionFile;
use super::metadata::adopt_copy;
use super::sibling::is_zero;

/// The edits that make a copy of `workload` its sibling with `floor` replicas, which goes to `file`;
/// `None` where that takes a value: an earlier run has written into the workload, or something of it has
/// to be read.
///
/// # Errors
/// As [`Edits::put`]; the same stands in the way of a value, or the value shows what it is.
pub fn sibling_copy<'d>(
    workload: &Workload<'d>,
    floor: u32,
    additions: &Additions<'_>,
    file: Option<&CompanionFile>,
) -> Result<Option<Edits<'d>>, YamlError> {
    let object = workload.resource.node;
    if !object.may_be_copied() {
        return Ok(None);
    }
    let target = workload.target();
    let template = target.pod.template;
    let has_own_spec = template.get("spec")? == Some(target.pod.spec);
    let (Some(spec), true, None) = (object.get("spec")?, has_own_spec, workload.mark()) else {
        return Ok(None);
    };
    let mut edits = Edits::of_copy(object.document());
    let adopted = adopt_copy(&mut edits, Companion::Sibling, workload, file)?;
    let Some(selector) = spec.get_non_null("selector")?.filter(|_| adopted.is_some()) else {
        return Ok(None);
    };
    if has_empty(&target)? {
        return Ok(None);
    }
    let on_demand = || Value::text(CAPACITY_ON_DEMAND);
    edits.put(spec, &["replicas"], Value::Int(i64::from(floor)))?;
    edits.put(selector, &["matchLabels", CAPACITY_LABEL], on_demand())?;
    if workload.exclusive()?.is_none() {
        rollout(&mut edits, spec)?;
    }
    edits.put(
        template,
        &["metadata", "labels", CAPACITY_LABEL],
        on_demand(),
    )?;
    let mut selector = Value::from_node(selector)?;
    *selector.entry("matchLabels").entry(CAPACITY_LABEL) = on_demand();
    pin_copy(&mut edits, &selector, additions, &target)?;
    Ok(Some(edits))
}

/// Rollouts that never go below the floor, as those of a value.
fn rollout<'d>(edits: &mut Edits<'d>, spec: Node<'d>) -> Result<(), YamlError> {
    let Some(strategy) = spec.get("strategy")? else {
        let rolling = Value::mapping([("maxUnavailable", Value::Int(0))]);
        return edits.add(
            spec,
            "strategy",
            Value::mapping([("rollingUpdate", rolling)]),
        );
    };
    if strategy.text_at(&["type"])? == "Recreate" {
        return Ok(());
    }
    if let Some(surge) = strategy.at(&["rollingUpdate", "maxSurge"])?
        && is_zero(&Value::from_node(surge)?)
    {
        edits.set(surge, Value::Int(1))?;
    }
    edits.put(
        strategy,
        &["rollingUpdate", "maxUnavailable"],
        Value::Int(0),
    )
}
