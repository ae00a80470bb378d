//! The priority class of pods that must run on on-demand nodes and name none of their own.

use crate::config::Policy;
use yaml_splice::{Edits, Node, Value, YamlError};

use super::{Mark, Owned, Pod, write::field};

/// The class below a pod spec.
pub(super) const NAME: &str = "priorityClassName";

/// The class that was set.
pub(super) fn find<'d>(mark: &Mark, spec: Node<'d>) -> Result<Option<Node<'d>>, YamlError> {
    let class = spec.get_non_null(NAME)?;
    Ok(class.filter(|class| mark.priority_class.as_deref() == Some(class.text())))
}

/// The configured class, where the pod names none of its own.
pub(super) fn missing(
    spec: Node<'_>,
    owned: &Owned<'_>,
    policy: &Policy,
) -> Result<Option<String>, YamlError> {
    let [own, number] = spec.pick([NAME, "priority"])?;
    // A pod with a number of its own is refused where a class says another.
    let is_own = number.is_some() || (own.is_some() && own != owned.priority_class);
    let configured = policy.on_demand_priority_class_name.clone();
    Ok(configured.filter(|_| !is_own))
}

pub(super) fn write<'d>(
    edits: &mut Edits<'d>,
    pod: Pod<'d>,
    owned: &Owned<'d>,
    wanted: Option<&str>,
) -> Result<(), YamlError> {
    let wanted = wanted.map(Value::text);
    field(edits, pod.spec, &[NAME], owned.priority_class, wanted)
}

/// Gives the pod spec of a new object the configured class, where it names none.
pub(super) fn add_in(spec: &mut Value, policy: &Policy) {
    if let Some(class) = &policy.on_demand_priority_class_name
        && spec.get(NAME).is_none_or(Value::is_empty)
    {
        *spec.entry(NAME) = Value::text(class);
    }
}

/// The same in a copy of `spec`.
pub(super) fn write_default<'d>(
    edits: &mut Edits<'d>,
    spec: Node<'d>,
    policy: &Policy,
) -> Result<(), YamlError> {
    match &policy.on_demand_priority_class_name {
        Some(class) if spec.get_non_null(NAME)?.is_none() => {
            edits.put(spec, &[NAME], Value::text(class))
        }
        _ => Ok(()),
    }
}
