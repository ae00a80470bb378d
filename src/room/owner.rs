//! Which workload a pod belongs to.

use std::collections::HashMap;

use yaml_splice::{Node as Yaml, YamlError};

use crate::krm::Resource;

use super::pod::LivePod;

/// The object that controls another one, in its namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Owner<'d> {
    /// Such as `ReplicaSet`.
    pub kind: &'d str,
    /// The name.
    pub name: &'d str,
}

/// The entry of `metadata.ownerReferences` that controls `object`.
///
/// # Errors
/// Where YAML makes a field ambiguous.
pub fn controller(object: Yaml<'_>) -> Result<Option<Owner<'_>>, YamlError> {
    let references = object.at(&["metadata", "ownerReferences"])?;
    for reference in references.into_iter().flat_map(Yaml::items) {
        let text = |key| {
            reference
                .get_non_null(key)
                .map(|found| found.map_or("", Yaml::text))
        };
        if text("controller")? == "true" {
            return Ok(Some(Owner {
                kind: text("kind")?,
                name: text("name")?,
            }));
        }
    }
    Ok(None)
}

/// The controllers of the `ReplicaSets` in the snapshot, by namespace and name.
#[derive(Debug, Default)]
pub struct ReplicaSets<'d> {
    owners: HashMap<(&'d str, &'d str), Option<Owner<'d>>>,
}

impl<'d> ReplicaSets<'d> {
    /// Reads them out of `resources`.
    ///
    /// # Errors
    /// Where YAML makes a field ambiguous.
    pub fn read(resources: &[Resource<'d>]) -> Result<Self, YamlError> {
        let sets = resources
            .iter()
            .filter(|resource| resource.kind == "ReplicaSet");
        let owners = sets.map(|set| {
            let key = (set.effective_namespace(), set.name);
            Ok((key, controller(set.node)?))
        });
        Ok(Self {
            owners: owners.collect::<Result<_, YamlError>>()?,
        })
    }

    /// The workload that `pod` belongs to: the Deployment above its ReplicaSet, else what controls
    /// the pod. Without the ReplicaSet in the snapshot, its name is that of the Deployment and the
    /// hash of its template.
    pub fn workload_of(&self, pod: &LivePod<'d>) -> Option<Owner<'d>> {
        let owner = pod.owner?;
        if owner.kind != "ReplicaSet" {
            return Some(owner);
        }
        if let Some(above) = self.owners.get(&(pod.namespace, owner.name)) {
            return Some(above.unwrap_or(owner));
        }
        let hash = pod.template_hash?;
        let name = owner.name.strip_suffix(hash)?.strip_suffix('-')?;
        Some(Owner {
            kind: "Deployment",
            name,
        })
    }
}
