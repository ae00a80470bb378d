//! What runs pods and is not placed.

use std::collections::BTreeMap;

use yaml_splice::YamlError;

use crate::krm::{Input, Resource};
use crate::room::controller;

/// The objects that run pods and are neither a Deployment nor a StatefulSet of `apps`, by kind.
/// What another object controls counts with that object.
///
/// # Errors
/// Where YAML makes a field ambiguous.
pub fn others(input: &Input<'_>) -> Result<BTreeMap<String, u64>, YamlError> {
    let mut found = BTreeMap::new();
    for resource in &input.resources {
        if runs_pods(resource)? && controller(resource.node)?.is_none() {
            *found.entry(resource.kind.to_owned()).or_default() += 1;
        }
    }
    Ok(found)
}

/// Whether it is a pod, or holds the template of one where the kinds of Kubernetes and those of
/// others (Rollouts, clone sets, Knative services) have it.
fn runs_pods(resource: &Resource<'_>) -> Result<bool, YamlError> {
    let is_placed =
        resource.group() == "apps" && matches!(resource.kind, "Deployment" | "StatefulSet");
    let is_template = resource.kind == "PodTemplate";
    if is_placed || is_template || resource.is_local_config()? {
        return Ok(false);
    }
    let is_pod = resource.is("", "Pod");
    let template = ["spec", "template", "spec", "containers"];
    let job = [
        "spec",
        "jobTemplate",
        "spec",
        "template",
        "spec",
        "containers",
    ];
    Ok(is_pod || has(resource, &template)? || has(resource, &job)?)
}

fn has(resource: &Resource<'_>, path: &[&str]) -> Result<bool, YamlError> {
    Ok(resource.node.at(path)?.is_some())
}
