//! Replicas, annotations and the mark.

use crate::krm::annotations;
use crate::workload::Workload;
use yaml_splice::{Edits, Node, Value, YamlError, reconcile};

use super::Desired;

pub(super) fn write<'d>(
    edits: &mut Edits<'d>,
    workload: &Workload<'d>,
    desired: &Desired<'_>,
) -> Result<(), YamlError> {
    let class = desired.priority_class.clone().map(Value::text);
    let ours = workload.owned.priority_class;
    field(edits, workload.pod, &["priorityClassName"], ours, class)?;

    let template = [
        "metadata",
        "annotations",
        annotations::COMPUTED_FOR_REPLICAS,
    ];
    let computed_for = desired
        .computed_for
        .map(|replicas| Value::text(replicas.to_string()));
    field(
        edits,
        workload.template,
        &template,
        workload.owned.computed_for,
        computed_for,
    )?;

    replicas(edits, workload, desired.replicas)?;

    let mark = desired
        .mark
        .as_ref()
        .map(|mark| Value::text(mark.to_string()));
    annotation(edits, workload, annotations::APPLIED, mark)?;
    let total = desired.total.map(|total| Value::text(total.to_string()));
    annotation(edits, workload, annotations::REPLICAS, total)
}

/// Only a number that stands there is rewritten, and only where it differs.
fn replicas<'d>(
    edits: &mut Edits<'d>,
    workload: &Workload<'d>,
    wanted: Option<u32>,
) -> Result<(), YamlError> {
    let written = workload.resource.node.at(&["spec", "replicas"])?;
    match (written, wanted) {
        (Some(written), Some(wanted)) => reconcile(edits, written, &Value::Int(i64::from(wanted))),
        _ => Ok(()),
    }
}

fn annotation<'d>(
    edits: &mut Edits<'d>,
    workload: &Workload<'d>,
    key: &str,
    wanted: Option<Value>,
) -> Result<(), YamlError> {
    let found = workload.resource.annotation_node(key)?;
    let path = ["metadata", "annotations", key];
    field(edits, workload.resource.node, &path, found, wanted)
}

/// Brings one field that is ours from what stands there to what is wanted.
fn field<'d>(
    edits: &mut Edits<'d>,
    at: Node<'d>,
    path: &[&str],
    found: Option<Node<'d>>,
    wanted: Option<Value>,
) -> Result<(), YamlError> {
    match (found, wanted) {
        (Some(found), Some(wanted)) => reconcile(edits, found, &wanted),
        (Some(found), None) => edits.remove(found),
        (None, Some(wanted)) => edits.put(at, path, wanted),
        (None, None) => Ok(()),
    }
}
