//! Objects that drive a Deployment or take it as their template, so that it must not be divided.

use crate::krm::Resource;
use crate::placement::Driver;
use yaml_splice::{Node, YamlError};

use super::autoscaler::Reference;

/// Where each of them names the workload: its API group, its kind, the path.
const REFERENCES: [(&str, &str, &[&str], Driver); 5] = [
    (
        "argoproj.io",
        "Rollout",
        &["spec", "workloadRef"],
        Driver::ArgoRollout,
    ),
    (
        "flagger.app",
        "Canary",
        &["spec", "targetRef"],
        Driver::FlaggerCanary,
    ),
    (
        "rollouts.kruise.io",
        "Rollout",
        &["spec", "workloadRef"],
        Driver::KruiseRollout,
    ),
    (
        "rollouts.kruise.io",
        "Rollout",
        &["spec", "objectRef", "workloadRef"],
        Driver::KruiseRollout,
    ),
    (
        "apps.kruise.io",
        "WorkloadSpread",
        &["spec", "targetRef"],
        Driver::WorkloadSpread,
    ),
];

/// The workload that `resource` drives, and how.
///
/// # Errors
/// As [`Node::get`].
pub fn read<'d>(resource: &Resource<'d>) -> Result<Option<(Reference<'d>, Driver)>, YamlError> {
    for (group, kind, path, driver) in REFERENCES {
        if !resource.is(group, kind) {
            continue;
        }
        if let Some(node) = resource.node.at(path)? {
            let text = |key| Ok::<_, YamlError>(node.get_non_null(key)?.map(Node::text));
            if let (Some(kind), Some(name)) = (text("kind")?, text("name")?) {
                return Ok(Some((Reference { kind, name, node }, driver)));
            }
        }
    }
    Ok(None)
}
