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
    let places = Place::OF_WORKLOADS.into_iter();
    let found = places.map(|place| match place.path() {
        // It is known where the template stands.
        ["spec", "template", path @ ..] => unknown_below(workload.pod.template, path, place),
        path => unknown_below(workload.resource.node, path, place),
    });
    Ok(found.collect::<Result<Vec<_>, _>>()?.concat())
}

/// An error for every such name on a Namespace: nothing is read there.
pub(super) fn on_namespaces(inventory: &Inventory<'_>) -> Vec<Finding> {
    let namespaces = inventory.input.enumerate().map(|(_, resource)| resource);
    let namespaces = namespaces.filter(|resource| resource.kind == "Namespace");
    namespaces
        .flat_map(|namespace| {
            let places = Place::OF_NAMESPACES.into_iter();
            let found = places.map(|place| unknown_below(namespace.node, place.path(), place));
            let problems = match found.collect::<Result<Vec<_>, _>>() {
                Ok(problems) => problems.concat().into_iter().map(super::problem).collect(),
                Err(error) => vec![Finding::from(error)],
            };
            problems.into_iter().map(|found| found.about(namespace))
        })
        .collect()
}

/// The problems of the names at `path` below `object`, which stand at `place`.
fn unknown_below(
    object: Node<'_>,
    path: &[&str],
    place: Place,
) -> Result<Vec<ConfigProblem>, YamlError> {
    let entries = object.at(path)?.into_iter().flat_map(Node::entries);
    Ok(place.unknown(entries.map(|(key, _)| key.text())))
}
