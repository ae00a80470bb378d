//! All fields of a placement brought from what stands there to what is wanted.
//!
//! What is missing is added at the end, what differs is changed in place, what is ours and not
//! wanted any more is removed.

use yaml_splice::{Edits, Node, Value, YamlError, reconcile};

use super::{
    Desired, Target, affinity, filled, mark, pod_annotations, priority_class, replicas, spread,
    template_annotation, tolerations,
};

/// Records the edits that give the workload `target` what is `desired`.
///
/// # Errors
/// Where YAML makes an edit ambiguous.
pub fn write<'d>(
    edits: &mut Edits<'d>,
    target: &Target<'_, 'd>,
    mut desired: Desired<'_>,
) -> Result<(), YamlError> {
    let Target {
        pod,
        owned,
        replicas,
        ..
    } = *target;
    filled::restore(edits, owned);
    affinity::write(edits, pod, owned, &desired)?;
    spread::write(edits, pod, owned, desired.spreads.as_ref())?;
    let configured = desired.configured_tolerations;
    tolerations::write(edits, pod, owned, &desired.tolerations, configured)?;
    priority_class::write(edits, pod, owned, desired.priority_class.as_deref())?;
    pod_annotations::write(edits, pod, owned, &desired.pod_annotations)?;
    template_annotation::write(edits, pod, owned, desired.template_annotation)?;
    replicas::write(edits, replicas, desired.replicas)?;
    if let Some(order) = target.order {
        order.write(edits, pod.workload, &desired.order)?;
    }
    if let Some(mark) = &mut desired.mark {
        mark.filled = filled::after(edits, pod, owned, desired.total)?;
    }
    mark::write(edits, pod, owned, desired.mark.as_ref())?;
    replicas::write_total(edits, pod, replicas, desired.total)
}

/// Brings one field that is ours from what stands there to what is wanted.
pub(super) fn field<'d>(
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
