//! The annotations on the pod template: what a placement depends on stands there, so that a change
//! of it rolls the workload.

use crate::krm::annotations::COMPUTED_FOR_REPLICAS;
use yaml_splice::{Edits, Node, Value, YamlError};

use super::{Owned, Pod, write::field};

/// The annotations below a pod template.
pub(super) const ANNOTATIONS: [&str; 2] = ["metadata", "annotations"];

const COMPUTED_FOR: [&str; 3] = [ANNOTATIONS[0], ANNOTATIONS[1], COMPUTED_FOR_REPLICAS];

/// The replicas that a topology spread was computed for.
pub(super) fn find(template: Node<'_>) -> Result<Option<Node<'_>>, YamlError> {
    template.at(&COMPUTED_FOR)
}

pub(super) fn write<'d>(
    edits: &mut Edits<'d>,
    pod: Pod<'d>,
    owned: &Owned<'d>,
    computed_for: Option<u32>,
) -> Result<(), YamlError> {
    let wanted = computed_for.map(|replicas| Value::text(replicas.to_string()));
    field(
        edits,
        pod.template,
        &COMPUTED_FOR,
        owned.computed_for,
        wanted,
    )
}
