//! `VerticalPodAutoscaler`s: whose pods get other requests than their template says.

use crate::krm::Resource;
use yaml_splice::{Node, YamlError};

/// The kind and name of the workload that `resource` targets, where it changes pods.
///
/// # Errors
/// As [`Node::get`].
pub fn read<'d>(resource: &Resource<'d>) -> Result<Option<(&'d str, &'d str)>, YamlError> {
    if !resource.is("autoscaling.k8s.io", "VerticalPodAutoscaler") {
        return Ok(None);
    }
    let mode = resource.node.at(&["spec", "updatePolicy", "updateMode"])?;
    if mode.is_some_and(|mode| mode.text() == "Off") {
        return Ok(None);
    }
    let text = |key| resource.node.at(&["spec", "targetRef", key]);
    let (kind, name) = (text("kind")?, text("name")?);
    Ok(kind.map(Node::text).zip(name.map(Node::text)))
}
