//! Settings of cluster autoscalers under which a floor, or the way to spot, fails without a word.
//! Only what is in the input is looked at, and what cannot be read there is left to its owner.

mod controllers;
mod node_pools;
mod priority_expander;

use crate::config::Policy;
use crate::findings::Finding;
use crate::inventory::Inventory;
use crate::run::Assessments;

/// The warnings about the autoscalers' own objects.
pub fn of_autoscalers(
    inventory: &Inventory<'_>,
    assessments: &Assessments,
    policy: &Policy,
) -> Vec<Finding> {
    let mut findings = node_pools::of_input(inventory, assessments, policy);
    for resource in &inventory.input.resources {
        let found = priority_expander::of_resource(resource)
            .into_iter()
            .chain(controllers::of_resource(resource));
        findings.extend(found.map(|finding| finding.about(resource)));
    }
    findings
}
