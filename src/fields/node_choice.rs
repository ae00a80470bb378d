//! `nodeName` and `nodeSelector`: never written, but a user's own choice of nodes.

use crate::placement::Constraint;
use yaml_splice::{Node, YamlError};

/// The user's own choice of a node, or of nodes by the capacity key.
pub(super) fn foreign(spec: Node<'_>, key: &str) -> Result<Option<Constraint>, YamlError> {
    if spec.get_non_null("nodeName")?.is_some() {
        return Ok(Some(Constraint::NodeName));
    }
    let selected = spec.at(&["nodeSelector", key])?;
    Ok(selected.map(|_| Constraint::NodeSelector))
}
