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
    let found = places.map(|place| unknown_in(workload.resource.node, place));
    Ok(found.collect::<Result<Vec<_>, _>>()?.concat())
}

/// An error for every such name on a Namespace: nothing is read there.
pub(super) fn on_namespaces(inventory: &Inventory<'_>) -> Vec<Finding> {
    let namespaces = inventory.input.enumerate().map(|(_, resource)| resource);
    let namespaces = namespaces.filter(|resource| resource.kind == "Namespace");
    namespaces
        .flat_map(|namespace| {
            let places = Place::OF_NAMESPACES.into_iter();
            let found = places.map(|place| unknown_in(namespace.node, place));
            let problems = match found.collect::<Result<Vec<_>, _>>() {
                Ok(problems) => problems.concat().into_iter().map(super::problem).collect(),
                Err(error) => vec![Finding::from(error)],
            };
            problems.into_iter().map(|found| found.about(namespace))
        })
        .collect()
}

fn unknown_in(object: Node<'_>, place: Place) -> Result<Vec<ConfigProblem>, YamlError> {
    let entries = object.at(place.path())?.into_iter().flat_map(Node::entries);
    Ok(place.unknown(entries.map(|(key, _)| key.text())))
}
