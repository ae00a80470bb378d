//! Settings of cluster autoscalers under which a floor, or the way to spot, fails without a word.
//! Only what is in the input is looked at, and what cannot be read there is left to its owner.

mod capacity_buffers;
mod cluster_autoscaler;
mod controllers;
mod duration;
mod karpenter;
mod keda;
mod node_classes;
mod node_pool;
mod node_pools;
mod pool_limits;
mod pool_settings;
mod pool_taints;
mod priority_expander;
mod sibling_scaler;
mod unguarded;

use crate::config::Policy;
use crate::findings::Finding;
use crate::inventory::Inventory;
use crate::run::Assessments;

pub(super) use controllers::runs_image;
pub(super) use node_pool::NodePool;

use super::scene::Scene;

/// The warnings about the autoscalers' own objects.
pub fn of_autoscalers(
    inventory: &Inventory<'_>,
    assessments: &Assessments,
    policy: &Policy,
) -> Vec<Finding> {
    let scene = Scene {
        inventory,
        assessments,
        policy,
    };
    let mut findings = node_pools::of_input(scene);
    let found = inventory.input.map(|_, resource| {
        let found = priority_expander::of_resource(resource)
            .into_iter()
            .chain(controllers::of_resource(scene, resource))
            .chain(node_classes::of_resource(scene, resource))
            .chain(keda::of_resource(scene, resource))
            .chain(sibling_scaler::of_resource(scene, resource))
            .chain(capacity_buffers::of_resource(scene, resource));
        found
            .map(|finding| finding.about(resource))
            .collect::<Vec<_>>()
    });
    findings.extend(found.into_iter().flatten());
    findings
}
