//! What runs pods and is not placed.

use std::collections::BTreeMap;

use yaml_splice::YamlError;

use crate::krm::{Input, Resource, annotations};
use crate::report::text::{counted, listed, verb, visible};
use crate::room::controller;

/// Numbers of objects by kind.
pub type Kinds = BTreeMap<String, u64>;

/// What runs pods and is not placed, by the reason.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Others {
    /// Neither a Deployment nor a `StatefulSet`.
    pub kinds: Kinds,
    /// Deployments and `StatefulSet`s that are hooks of a Helm chart: they run beside a release for a
    /// moment.
    pub hooks: Kinds,
    /// Deployments and `StatefulSet`s that are for tools only and never applied to a cluster.
    pub local_config: Kinds,
}

impl Others {
    /// Those of `input`. What another object controls counts with that object.
    ///
    /// # Errors
    /// Where YAML makes a field ambiguous.
    pub fn of(input: &Input<'_>) -> Result<Self, YamlError> {
        let mut found = Self::default();
        for resource in &input.resources {
            let kinds = if is_workload(resource) {
                found.of_workload(resource)?
            } else if runs_pods(resource)? && controller(resource.node)?.is_none() {
                Some(&mut found.kinds)
            } else {
                None
            };
            if let Some(kinds) = kinds {
                *kinds.entry(resource.kind.to_owned()).or_default() += 1;
            }
        }
        Ok(found)
    }

    /// Where a Deployment or a `StatefulSet` counts that is not placed because of what it is for.
    fn of_workload(&mut self, resource: &Resource<'_>) -> Result<Option<&mut Kinds>, YamlError> {
        Ok(if resource.is_local_config()? {
            Some(&mut self.local_config)
        } else if resource.annotation(annotations::HELM_HOOK)?.is_some() {
            Some(&mut self.hooks)
        } else {
            None
        })
    }

    /// Whether there is a Deployment or a `StatefulSet` among them.
    pub fn has_workloads(&self) -> bool {
        !self.hooks.is_empty() || !self.local_config.is_empty()
    }

    /// What they are and why they do not count, a sentence for each reason.
    pub fn sentences(&self) -> Vec<String> {
        let are = |kinds: &Kinds, one, many| verb(kinds.values().sum(), one, many);
        let reasons = [
            (&self.kinds, "only Deployments and StatefulSets are"),
            (
                &self.hooks,
                are(
                    &self.hooks,
                    "it is a hook of a chart",
                    "they are hooks of a chart",
                ),
            ),
            (
                &self.local_config,
                are(
                    &self.local_config,
                    "it is for tools only (local-config)",
                    "they are for tools only (local-config)",
                ),
            ),
        ];
        let some = reasons.into_iter().filter(|(kinds, _)| !kinds.is_empty());
        some.map(|(kinds, why)| {
            let kinds = kinds.iter();
            let kinds: Vec<_> = kinds
                .map(|(kind, count)| visible(&counted(*count, kind)))
                .collect();
            let kinds = listed(&kinds);
            format!("Not placed and not counted above, because {why}: {kinds}.")
        })
        .collect()
    }
}

/// Whether it is a Deployment or a `StatefulSet`, also of an API that is gone: what is not placed of
/// those is left alone by name.
fn is_workload(resource: &Resource<'_>) -> bool {
    matches!(resource.group(), "apps" | "extensions")
        && matches!(resource.kind, "Deployment" | "StatefulSet")
}

/// Whether it is a pod, or holds the template of one where the kinds of Kubernetes and those of
/// others (Rollouts, clone sets, Knative services) have it.
fn runs_pods(resource: &Resource<'_>) -> Result<bool, YamlError> {
    if resource.kind == "PodTemplate" || resource.is_local_config()? {
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
