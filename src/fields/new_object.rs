//! The fields of a placement in the pod template of a new object, which is a value and not yet text.

use yaml_splice::{Copy, Prepared, Value, YamlError};

use super::{
    Additions, Target, affinity, affinity_terms, constraints, pod_annotations, priority_class,
    spread, template_annotation, tolerations,
};

/// Makes the pods of `template`, which `selector` selects, run on on-demand nodes only, and not all
/// of them on one; `template` is part of `copy`, that of `original`.
///
/// # Errors
/// As [`Node::get`](yaml_splice::Node::get).
pub fn pin<'d>(
    template: &mut Value,
    selector: &Value,
    additions: &Additions<'_>,
    original: &Target<'_, 'd>,
    copy: Copy<'d>,
) -> Result<(), YamlError> {
    let Target { pod, owned, .. } = *original;
    let annotations = pod_annotations::missing(pod.template, owned, additions.policy)?;
    pod_annotations::add_in(template, &annotations);
    let spec = template.entry("spec");
    let whole = |entry: &Prepared, fills: &[Value]| copy.prepared(pod.spec, entry, fills);
    spread::soften_in(spec, selector, &additions.constraints, &whole);
    affinity::require_in(spec, &additions.affinity, &whole);
    let missing = tolerations::missing(pod.spec, owned, &additions.on_demand_tolerations)?;
    tolerations::add_in(spec, &missing);
    priority_class::add_in(spec, additions.policy);
    Ok(())
}

/// Whether the field `name` of a pod spec may differ in a new object.
pub fn is_changed_in_new_object(name: &str) -> bool {
    CHANGED.contains(&name)
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
