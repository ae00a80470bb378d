//! The fields of a placement in the pod template of a new object: of one that is a value and not yet
//! text, and of one that is a copy with edits. What is written is the same.

use yaml_splice::{Edits, Kind, Node, Value, YamlError};

use super::{
    Additions, Target, affinity, affinity_terms, constraints, pod_annotations, priority_class,
    spread, template_annotation, tolerations,
};

/// Makes the pods of `template`, which `selector` selects, run on on-demand nodes only, and not all
/// of them on one; `template` is a value of that of `original`.
///
/// # Errors
/// As [`Node::get`].
pub fn pin(
    template: &mut Value,
    selector: &Value,
    additions: &Additions<'_>,
    original: &Target<'_, '_>,
) -> Result<(), YamlError> {
    let Target { pod, owned, .. } = *original;
    let annotations = pod_annotations::missing(pod.template, owned, additions.policy)?;
    pod_annotations::add_in(template, &annotations);
    let spec = template.entry("spec");
    spread::soften_in(spec, selector, &additions.constraints);
    affinity_terms::require_in(spec, additions.affinity());
    let missing = tolerations::missing(pod.spec, owned, additions.on_demand_tolerations())?;
    tolerations::add_in(spec, &missing);
    priority_class::add_in(spec, additions.policy);
    Ok(())
}

/// Makes the same of a copy of `original`, which has nothing of ours, by `edits`.
///
/// # Errors
/// As [`Edits::put`].
pub fn pin_copy<'d>(
    edits: &mut Edits<'d>,
    selector: &Value,
    additions: &Additions<'_>,
    original: &Target<'_, 'd>,
) -> Result<(), YamlError> {
    let Target { pod, owned, .. } = *original;
    let annotations = pod_annotations::missing(pod.template, owned, additions.policy)?;
    pod_annotations::write(edits, pod, owned, &annotations)?;
    spread::soften(edits, pod.spec, owned, selector, &additions.constraints)?;
    affinity::require_on_demand(edits, pod.spec, additions.affinity())?;
    let configured = additions.on_demand_tolerations();
    let missing = tolerations::missing(pod.spec, owned, configured)?;
    tolerations::write(edits, pod, owned, &missing, Some(configured))?;
    priority_class::write_default(edits, pod.spec, additions.policy)
}

const CHANGED: [&str; 4] = [
    affinity_terms::FIELD,
    constraints::CONSTRAINTS,
    tolerations::LIST,
    priority_class::NAME,
];

/// Removes from `template` what is empty and may have been filled and emptied again: an object made
/// from it before that and one made after it are the same.
pub fn clear_filled(template: &mut Value) {
    drop_empty(template, &template_annotation::ANNOTATIONS);
    let spec = template.entry("spec");
    for path in affinity_terms::FILLED {
        drop_empty(spec, path);
    }
    for field in CHANGED {
        drop_empty(spec, &[field]);
    }
}

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

/// Whether [`clear_filled`] would remove something of a copy of `original`.
///
/// # Errors
/// As [`Node::get`].
pub fn has_empty(original: &Target<'_, '_>) -> Result<bool, YamlError> {
    let pod = original.pod;
    let entries = pod.spec.entries();
    let mut changed = entries.filter(|(key, _)| CHANGED.contains(&key.text()));
    let Some((_, first)) = changed.next() else {
        return is_empty_at(pod.template, &template_annotation::ANNOTATIONS);
    };
    if is_empty(first) || changed.any(|(_, value)| is_empty(value)) {
        return Ok(true);
    }
    for path in affinity_terms::FILLED {
        if is_empty_at(pod.spec, path)? {
            return Ok(true);
        }
    }
    is_empty_at(pod.template, &template_annotation::ANNOTATIONS)
}

fn is_empty_at(node: Node<'_>, path: &[&str]) -> Result<bool, YamlError> {
    let mut node = node;
    for key in path {
        match node.get(key)? {
            Some(value) => node = value,
            None => return Ok(false),
        }
    }
    Ok(is_empty(node))
}

fn is_empty(node: Node<'_>) -> bool {
    let is_collection = node.kind() != Kind::Scalar;
    node.is_null()
        || is_collection && node.items().next().is_none() && node.entries().next().is_none()
}
