//! PersistentVolumeClaims: whether a second Deployment could mount what the first mounts.

use crate::krm::Resource;
use crate::krm::template::has_variable;
use yaml_splice::{Node, YamlError};

/// Whether `resource` is a PersistentVolumeClaim.
pub fn is_claim(resource: &Resource<'_>) -> bool {
    resource.is("", "PersistentVolumeClaim")
}

/// Whether the claim `resource` names its access modes and neither
/// `ReadWriteMany` nor `ReadOnlyMany` among them.
///
/// # Errors
/// As [`Node::get`].
pub fn is_exclusive(resource: &Resource<'_>) -> Result<bool, YamlError> {
    let modes = resource.node.items_at(&["spec", "accessModes"])?;
    let modes: Vec<_> = modes.map(Node::text).collect();
    let is_shared = |mode: &&str| matches!(*mode, "ReadWriteMany" | "ReadOnlyMany");
    // A mode that is filled in later may be any.
    let is_open = |mode: &&str| has_variable(mode);
    let may_be_shared = modes.iter().any(|mode| is_shared(mode) || is_open(mode));
    Ok(!modes.is_empty() && !may_be_shared)
}

/// The names of the claims that the pod spec `pod` mounts.
///
/// # Errors
/// As [`Node::get`].
pub fn mounted_claims(pod: Node<'_>) -> Result<Vec<&str>, YamlError> {
    let mut claims = Vec::new();
    for volume in pod.items_at(&["volumes"])? {
        let claim = volume.at(&["persistentVolumeClaim", "claimName"])?;
        claims.extend(claim.map(Node::text));
    }
    Ok(claims)
}
