//! `nodeName` and `nodeSelector`: never written, but a user's own choice of nodes.

use crate::placement::Constraint;
use yaml_splice::{Node, YamlError};

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

/// Whether there is a node selector or an affinity at all: most pods have neither.
pub(super) fn chooses_nodes(spec: Node<'_>) -> Result<bool, YamlError> {
    let selector = spec.get_non_null("nodeSelector")?;
    Ok(selector.is_some() || spec.get_non_null("affinity")?.is_some())
}
