//! What makes an object a companion of a workload.

use crate::fields::Order;
use crate::inventory::Workload;
use crate::krm::annotations::{DEPENDS_ON, LOCAL_CONFIG, SYNC_WAVE, is_copied};
use crate::krm::{Companion, Resource};
use yaml_splice::{Edits, Node, Value, YamlError};

use super::CompanionFile;

/// What the API server sets, and what belongs to one object only.
const NOT_COPIED_METADATA: [&str; 10] = [
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "managedFields",
    "selfLink",
    "ownerReferences",
    "finalizers",
];

/// Makes `object`, which has the metadata of `workload`, a companion of it: its own name, the
/// annotation that shows whose it is, and of `existing`, which an earlier run made, what the API
/// server and tools have set there.
///
/// # Errors
/// As [`Node::get`].
pub(super) fn adopt(
    object: &mut Value,
    companion: Companion,
    workload: &Workload<'_>,
    existing: Option<&Resource<'_>>,
) -> Result<(), YamlError> {
    let node = existing.map(|existing| existing.node);
    keep_own(object, "status", node)?;
    let metadata = object.entry("metadata");
    let own = node.map(|node| node.get_non_null("metadata"));
    let own = own.transpose()?.flatten();
    for field in NOT_COPIED_METADATA {
        keep_own(metadata, field, own)?;
    }
    let name = workload.resource.name;
    *metadata.entry("name") = Value::text(companion.name(name));
    let annotations = metadata.entry("annotations");
    if let Value::Mapping(entries) = annotations {
        let copied = |key: &str, value: &Value| is_copied(key, value.as_text());
        entries.retain(|(key, value)| key.as_text().is_none_or(|key| copied(key, value)));
    }
    let is_ordered = |key| annotations.get(key).is_some();
    if is_ordered(SYNC_WAVE) || is_ordered(DEPENDS_ON) {
        let order = Order::read(&workload.resource, workload.mark())?;
        order.restore_in(annotations);
    }
    *annotations.entry(companion.annotation()) = Value::text(name);
    match existing {
        Some(existing) => keep_tool_annotations(annotations, companion, existing),
        None => Ok(()),
    }
}

/// Makes a copy of `workload`, which has nothing of ours, a companion of it that goes to `file`; `None`
/// where its annotations have to be read.
///
/// # Errors
/// As [`Edits::put`].
pub(super) fn adopt_copy<'d>(
    edits: &mut Edits<'d>,
    companion: Companion,
    workload: &Workload<'d>,
    file: Option<&CompanionFile>,
) -> Result<Option<()>, YamlError> {
    let Some(metadata) = workload.resource.metadata() else {
        return Ok(None);
    };
    if let Some(status) = workload.resource.node.get("status")? {
        edits.remove(status)?;
    }
    for (key, value) in metadata.entries() {
        if NOT_COPIED_METADATA.contains(&key.text()) {
            edits.remove(value)?;
        }
    }
    let name = workload.resource.name;
    edits.put(metadata, &["name"], Value::text(companion.name(name)))?;
    let annotations = metadata.get("annotations")?;
    for (key, value) in annotations.into_iter().flat_map(Node::entries) {
        if [SYNC_WAVE, DEPENDS_ON].contains(&key.text()) {
            return Ok(None);
        }
        if !is_copied(key.text(), Some(value.text())) {
            edits.remove(value)?;
        }
    }
    let mut given = vec![(companion.annotation(), name)];
    if let Some(file) = file {
        given.extend(file.annotations());
    }
    for (key, text) in given {
        match annotations.filter(|annotations| !annotations.is_null()) {
            Some(annotations) => edits.add(annotations, key, Value::text(text))?,
            None => edits.put(metadata, &["annotations", key], Value::text(text))?,
        }
    }
    Ok(Some(()))
}

/// Puts the `field` that an existing companion has in place of the workload's: one that is read from
/// a cluster keeps what the API server set.
fn keep_own(value: &mut Value, field: &str, own: Option<Node<'_>>) -> Result<(), YamlError> {
    value.take(field);
    if let Some(own) = own.map(|own| own.get(field)).transpose()?.flatten() {
        *value.entry(field) = Value::from_node(own)?;
    }
    Ok(())
}

/// Tools know an existing companion by annotations that are not copied from the workload. That it is for
/// tools only would keep it from the cluster.
fn keep_tool_annotations(
    annotations: &mut Value,
    companion: Companion,
    existing: &Resource<'_>,
) -> Result<(), YamlError> {
    let found = existing.node.at(&["metadata", "annotations"])?;
    for (key, value) in found.into_iter().flat_map(Node::entries) {
        let is_another = |other| key.text() != other;
        let is_kept = [companion.annotation(), LOCAL_CONFIG]
            .into_iter()
            .all(is_another);
        let is_of_tool = !is_copied(key.text(), Some(value.text()));
        if is_kept && is_of_tool && annotations.get(key.text()).is_none() {
            *annotations.entry(key.text()) = Value::from_node(value)?;
        }
    }
    Ok(())
}
