//! PersistentVolumeClaims: whether a second Deployment could mount what the first mounts.

use crate::krm::Resource;
use crate::krm::template::has_variable;
use yaml_splice::{Node, Scalar, YamlError};

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

/// Volumes in the pod itself that one node alone can attach, or, where the second is true, that many
/// nodes can if they only read.
///
/// Source: the access modes in <https://kubernetes.io/docs/concepts/storage/persistent-volumes>.
const ATTACHED: [(&str, bool); 8] = [
    ("awsElasticBlockStore", false),
    ("azureDisk", false),
    ("cinder", false),
    ("fc", true),
    ("gcePersistentDisk", true),
    ("iscsi", true),
    ("rbd", true),
    ("vsphereVolume", false),
];

/// The kind of a volume of the pod spec `pod` that one node alone can attach, such as `azureDisk`.
///
/// # Errors
/// As [`Node::get`].
pub fn attached_by_one_node(pod: Node<'_>) -> Result<Option<&'static str>, YamlError> {
    for volume in pod.items_at(&["volumes"])? {
        let sources = volume.pick(ATTACHED.map(|(kind, _)| kind))?;
        for ((kind, is_shared_to_read), source) in ATTACHED.into_iter().zip(sources) {
            let Some(source) = source else {
                continue;
            };
            let reads = source.get_non_null("readOnly")?.and_then(Node::scalar);
            if !is_shared_to_read || reads != Some(Scalar::Bool(true)) {
                return Ok(Some(kind));
            }
        }
    }
    Ok(None)
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
