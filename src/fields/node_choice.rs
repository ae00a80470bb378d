//! `nodeName` and `nodeSelector`: never written, but a user's own choice of nodes.

use crate::placement::Constraint;
use yaml_splice::{Node, YamlError};

use super::affinity_terms::FIELD as AFFINITY;
use super::constraints::CONSTRAINTS;

/// Whether the pod spec `spec` has any field that may choose its nodes: most have none.
pub(super) fn may_choose(spec: Node<'_>) -> Result<bool, YamlError> {
    let fields = spec.pick(["nodeName", "nodeSelector", AFFINITY, CONSTRAINTS])?;
    Ok(fields.iter().any(Option::is_some))
}

/// The user's own choice of a node, or of nodes by the capacity key.
pub(super) fn foreign(spec: Node<'_>, key: &str) -> Result<Option<Constraint>, YamlError> {
    if spec.get_non_null("nodeName")?.is_some() {
        return Ok(Some(Constraint::NodeName));
    }
    Ok(selects(spec, key)?.then_some(Constraint::NodeSelector))
}

/// Whether the node selector names `key`.
pub(super) fn selects(spec: Node<'_>, key: &str) -> Result<bool, YamlError> {
    Ok(spec.at(&["nodeSelector", key])?.is_some())
}
