//! Names with this function's prefix that mean nothing where they stand: a setting that is never
//! read is a floor that nobody keeps.

use crate::config::{ConfigProblem, Place};
use crate::findings::Finding;
use crate::inventory::{Inventory, Workload};
use yaml_splice::{Node, YamlError};

/// The problems of a workload and of its pod template.
///
/// # Errors
/// As [`Node::get`].
pub(super) fn unknown(workload: &Workload<'_>) -> Result<Vec<ConfigProblem>, YamlError> {
    let mut found = unknown_in(workload.resource.metadata(), Place::OF_WORKLOADS)?;
    found.extend(unknown_in(workload.pod.metadata, Place::OF_TEMPLATES)?);
    Ok(found)
}

/// An error for every such name on a Namespace: nothing is read there.
pub(super) fn on_namespaces(inventory: &Inventory<'_>) -> Vec<Finding> {
    let namespaces = inventory.input.enumerate().map(|(_, resource)| resource);
    let namespaces = namespaces.filter(|resource| resource.kind == "Namespace");
    namespaces
        .flat_map(|namespace| {
            let problems = match unknown_in(namespace.metadata(), Place::OF_NAMESPACES) {
                Ok(problems) => problems.into_iter().map(super::problem).collect(),
                Err(error) => vec![Finding::from(error)],
            };
            problems.into_iter().map(|found| found.about(namespace))
        })
        .collect()
}

/// The problems of the annotations and the labels in `metadata`, which stand at `places`.
fn unknown_in(
    metadata: Option<Node<'_>>,
    places: [Place; 2],
) -> Result<Vec<ConfigProblem>, YamlError> {
    let Some(metadata) = metadata else {
        return Ok(Vec::new());
    };
    let found = metadata.pick(["annotations", "labels"])?;
    let problems = places.into_iter().zip(found).flat_map(|(place, names)| {
        let entries = names.into_iter().flat_map(Node::entries);
        place.unknown(entries.map(|(key, _)| key.text()))
    });
    Ok(problems.collect())
}
