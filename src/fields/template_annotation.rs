//! The annotations on the pod template: what a placement depends on stands there, so that a change
//! of it rolls the workload, and so that the cluster's admission policy can read it.

use crate::krm::annotations::{COMPUTED_FOR_REPLICAS, SPOT_FROM_ORDINAL};
use crate::placement::{Mechanism, Placement};
use yaml_splice::{Edits, Node, Value, YamlError};

use super::{Owned, Pod, write::field};

/// The annotations below a pod template.
pub(super) const ANNOTATIONS: [&str; 2] = ["metadata", "annotations"];

/// An annotation on the pod template, with its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TemplateAnnotation {
    /// The replicas that a topology spread was computed for.
    ComputedFor(u32),
    /// The first ordinal that may use spot nodes.
    SpotFrom(u32),
}

impl TemplateAnnotation {
    /// The annotation that `placement` needs.
    pub fn of(placement: &Placement) -> Option<Self> {
        match placement.mechanism {
            Mechanism::Spread { .. } => Some(Self::ComputedFor(placement.replicas)),
            Mechanism::Ordinals { spot_from } => Some(Self::SpotFrom(spot_from)),
            _ => None,
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::ComputedFor(_) => COMPUTED_FOR_REPLICAS,
            Self::SpotFrom(_) => SPOT_FROM_ORDINAL,
        }
    }

    fn number(self) -> u32 {
        match self {
            Self::ComputedFor(number) | Self::SpotFrom(number) => number,
        }
    }
}

/// Every key that one of ours may have.
const KEYS: [&str; 2] = [COMPUTED_FOR_REPLICAS, SPOT_FROM_ORDINAL];

/// Our annotations, by their key: on a workload with a mark both are ours, whichever strategy it names.
/// One that a strategy leaves behind would lift a pin, or roll the workload for nothing.
pub(super) fn find(metadata: Option<Node<'_>>) -> Result<Vec<(&'static str, Node<'_>)>, YamlError> {
    let annotations = metadata.map(|metadata| metadata.get_non_null(ANNOTATIONS[1]));
    let Some(annotations) = annotations.transpose()?.flatten() else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for key in KEYS {
        found.extend(annotations.get(key)?.map(|node| (key, node)));
    }
    Ok(found)
}

/// The keys of those of ours in the metadata of a pod template.
///
/// # Errors
/// As [`Node::get`].
pub fn written_in(metadata: Option<Node<'_>>) -> Result<Vec<&'static str>, YamlError> {
    let found = find(metadata)?.into_iter();
    Ok(found.map(|(key, _)| key).collect())
}

pub(super) fn write<'d>(
    edits: &mut Edits<'d>,
    pod: Pod<'d>,
    owned: &Owned<'d>,
    wanted: Option<TemplateAnnotation>,
) -> Result<(), YamlError> {
    for key in KEYS {
        let mut ours = owned.template_annotations.iter();
        let found = ours.find(|(found, _)| *found == key).map(|(_, node)| *node);
        let value = wanted.filter(|wanted| wanted.key() == key);
        let value = value.map(|wanted| Value::text(wanted.number().to_string()));
        field(edits, pod.template, &path(key), found, value)?;
    }
    Ok(())
}

/// The path of an annotation below a pod template.
pub(super) fn path(key: &str) -> [&str; 3] {
    [ANNOTATIONS[0], ANNOTATIONS[1], key]
}
