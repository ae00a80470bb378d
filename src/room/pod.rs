//! Pods of a snapshot.

use yaml_splice::{Node as Yaml, YamlError};

use crate::krm::Resource;

use super::owner::{Owner, controller};

/// A pod as far as it matters here.
#[derive(Debug, Clone)]
pub struct LivePod<'d> {
    /// The namespace.
    pub namespace: &'d str,
    /// The name.
    pub name: &'d str,
    /// The object that controls it, if any.
    pub owner: Option<Owner<'d>>,
    /// The label that names the template of its `ReplicaSet`.
    pub template_hash: Option<&'d str>,
    /// The node, once it is bound to one.
    pub node: Option<&'d str>,
    /// Whether it is ready and nobody has asked it to stop.
    pub is_ready: bool,
    /// `spec`
    pub spec: Yaml<'d>,
}

impl<'d> LivePod<'d> {
    /// Reads `resource`; `None` where it is no pod, or one that has ended and holds no room.
    ///
    /// # Errors
    /// Where YAML makes a field ambiguous.
    pub fn read(resource: &Resource<'d>) -> Result<Option<Self>, YamlError> {
        let object = resource.node;
        let phase = text_at(object, &["status", "phase"])?;
        let is_pod = resource.is("", "Pod");
        let has_ended = matches!(phase, Some("Succeeded" | "Failed"));
        let Some(spec) = object.get_non_null("spec")? else {
            return Ok(None);
        };
        if !is_pod || has_ended {
            return Ok(None);
        }
        let is_leaving = object.at(&["metadata", "deletionTimestamp"])?;
        let is_leaving = is_leaving.is_some_and(|time| !time.is_null());
        Ok(Some(Self {
            namespace: resource.effective_namespace(),
            name: resource.name,
            owner: controller(object)?,
            template_hash: text_at(object, &["metadata", "labels", "pod-template-hash"])?,
            node: text_at(spec, &["nodeName"])?,
            is_ready: !is_leaving && is_ready(object)?,
            spec,
        }))
    }

    /// Whether it stays where its node is: a pod of a `DaemonSet`, or a static one.
    pub fn belongs_to_its_node(&self) -> bool {
        let owner = self.owner.as_ref();
        owner.is_some_and(|owner| matches!(owner.kind, "DaemonSet" | "Node"))
    }
}

fn is_ready(object: Yaml<'_>) -> Result<bool, YamlError> {
    let conditions = object.at(&["status", "conditions"])?;
    for condition in conditions.into_iter().flat_map(Yaml::items) {
        if text_at(condition, &["type"])? == Some("Ready") {
            return Ok(text_at(condition, &["status"])? == Some("True"));
        }
    }
    Ok(false)
}

fn text_at<'d>(node: Yaml<'d>, path: &[&str]) -> Result<Option<&'d str>, YamlError> {
    let value = node.at(path)?.filter(|value| !value.is_null());
    Ok(value.map(Yaml::text))
}
