//! Annotations that the policy gives to pods pinned to on-demand nodes. A pod that has one keeps its
//! own value.

use crate::config::Policy;
use yaml_splice::{Edits, Node, Value, YamlError};

use super::template_annotation::path;
use super::{Mark, Owned, Pod, write::field};

/// The annotations that were added, by their key.
pub(super) fn find<'d>(
    mark: &Mark,
    template: Node<'d>,
) -> Result<Vec<(String, Node<'d>)>, YamlError> {
    let mut found = Vec::new();
    for key in &mark.pod_annotations {
        let node = template.at(&path(key))?;
        found.extend(node.map(|node| (key.clone(), node)));
    }
    Ok(found)
}

/// The configured ones that the pod template does not have by itself.
pub(super) fn missing<'p>(
    template: Node<'_>,
    owned: &Owned<'_>,
    policy: &'p Policy,
) -> Result<Vec<(&'p str, &'p str)>, YamlError> {
    let mut missing = Vec::new();
    for (key, value) in &policy.on_demand_pod_annotations {
        let own = template.at(&path(key))?;
        let is_ours = |node: &Node<'_>| owned.pod_annotations.iter().any(|(_, ours)| ours == node);
        if own.is_none_or(|own| is_ours(&own)) {
            missing.push((key.as_str(), value.as_str()));
        }
    }
    Ok(missing)
}

pub(super) fn write<'d>(
    edits: &mut Edits<'d>,
    pod: Pod<'d>,
    owned: &Owned<'d>,
    wanted: &[(&str, &str)],
) -> Result<(), YamlError> {
    let ours = &owned.pod_annotations;
    for (key, node) in ours {
        if !wanted.iter().any(|(wanted, _)| wanted == key) {
            edits.remove(*node)?;
        }
    }
    for (key, value) in wanted {
        let found = ours.iter().find(|(found, _)| found == key);
        let found = found.map(|(_, node)| *node);
        field(
            edits,
            pod.template,
            &path(key),
            found,
            Some(Value::text(*value)),
        )?;
    }
    Ok(())
}

/// Gives the pod template of a new object those of `wanted`.
pub(super) fn add_in(template: &mut Value, wanted: &[(&str, &str)]) {
    for (key, value) in wanted {
        let at = path(key).into_iter().fold(&mut *template, Value::entry);
        *at = Value::text(*value);
    }
}
