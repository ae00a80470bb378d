//! The controllers' own arguments and environment, where they are deployed from the same files.

use crate::findings::Finding;
use crate::krm::{Companion, Resource};
use yaml_splice::{Node, YamlError};

use super::super::scene::Scene;
use super::{cluster_autoscaler, karpenter};

/// A container of an autoscaler.
#[derive(Debug, Clone, Copy)]
pub(super) struct Container<'a, 'd> {
    /// The Deployment that it belongs to.
    pub resource: &'a Resource<'d>,
    /// The container.
    pub node: Node<'d>,
    /// Its place in the Deployment.
    pub index: usize,
}

impl Container<'_, '_> {
    /// Its field path.
    pub fn path(self) -> String {
        format!("spec.template.spec.containers[{}]", self.index)
    }
}

pub(super) fn of_resource(scene: Scene<'_, '_>, resource: &Resource<'_>) -> Vec<Finding> {
    let found = containers(resource).map(|container| match image(container) {
        image if image.contains("cluster-autoscaler") && !is_made(resource) => {
            cluster_autoscaler::of_container(scene, container)
        }
        image if image.contains("karpenter") && !is_made(resource) => {
            karpenter::of_container(scene, container, image)
        }
        _ => Ok(Vec::new()),
    });
    // What cannot be read is left to its owner.
    found.filter_map(Result::ok).flatten().collect()
}

/// Whether `resource` is a sibling, which has the containers of its original.
fn is_made(resource: &Resource<'_>) -> bool {
    Companion::of(resource).is_ok_and(|companion| companion.is_some())
}

/// Whether `resource` is a Deployment with a container whose image has `word` in its name.
pub(in super::super) fn runs_image(resource: &Resource<'_>, word: &str) -> bool {
    containers(resource).any(|container| image(container).contains(word))
}

/// The containers of `resource`, where it is a Deployment.
pub(super) fn containers<'a, 'd>(
    resource: &'a Resource<'d>,
) -> impl Iterator<Item = Container<'a, 'd>> {
    let path = ["spec", "template", "spec", "containers"];
    let is_deployment = resource.is("apps", "Deployment");
    let list = is_deployment.then(|| resource.node.at(&path).ok().flatten());
    let containers = list.flatten().into_iter().flat_map(Node::items);
    containers.enumerate().map(|(index, node)| Container {
        resource,
        node,
        index,
    })
}

pub(super) fn image<'d>(container: Container<'_, 'd>) -> &'d str {
    container.node.text_at(&["image"]).unwrap_or_default()
}

/// The variables of the environment: index, name, value.
pub(super) fn environment<'d>(
    container: Container<'_, 'd>,
) -> Result<Vec<(usize, &'d str, &'d str)>, YamlError> {
    let list = container.node.items_at(&["env"])?.enumerate();
    list.map(|(index, variable)| {
        Ok((
            index,
            variable.text_at(&["name"])?,
            variable.text_at(&["value"])?,
        ))
    })
    .collect()
}
