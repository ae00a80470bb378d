//! What Kubernetes accepts: every placed workload decodes without an unknown field, and keeps the
//! rules.

use k8s_openapi::api::apps::v1::{Deployment, DeploymentStrategy, StatefulSet};
use k8s_openapi::api::core::v1::PodTemplateSpec;
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use spot_distribution::krm::{Input, Resource, Source, annotations};
use yaml_splice::{Stream, decode};

use super::rules;

/// What of a workload the rules look at.
pub struct Placed {
    pub kind: String,
    pub name: String,
    pub namespace: Option<String>,
    pub base_of: Option<String>,
    pub selector: LabelSelector,
    pub template: PodTemplateSpec,
    pub strategy: Option<DeploymentStrategy>,
}

/// A disruption budget.
pub struct Budget {
    pub name: String,
    pub namespace: Option<String>,
    pub selector: LabelSelector,
    pub is_ours: bool,
}

/// Everything in the stream `text` that Kubernetes would reject.
pub fn problems(text: &str) -> Vec<String> {
    let stream = match Stream::parse(text) {
        Ok(stream) => stream,
        Err(error) => return vec![error.to_string()],
    };
    let sources = [Source { file: None, stream }];
    let input = Input::read(&sources).unwrap();
    let mut problems = Vec::new();
    let mut placed = Vec::new();
    for resource in input
        .resources
        .iter()
        .filter(|resource| is_placed(resource))
    {
        match read(resource) {
            Ok(workload) => placed.push(workload),
            Err(problem) => problems.push((resource.name.to_owned(), problem)),
        }
    }
    let (budgets, unreadable) = budgets(&input);
    problems.extend(unreadable);
    for workload in &placed {
        let found = rules::rules(workload)
            .into_iter()
            .chain(rules::beside_original(workload, &placed))
            .chain(rules::budgets(workload, &budgets));
        problems.extend(found.map(|problem| (workload.name.clone(), problem)));
    }
    problems
        .into_iter()
        .map(|(name, problem)| format!("{name}: {problem}"))
        .collect()
}

/// The budgets of the input, and what is wrong with those that are ours.
fn budgets(input: &Input<'_>) -> (Vec<Budget>, Vec<(String, String)>) {
    let mut budgets = Vec::new();
    let mut problems = Vec::new();
    let all = input.resources.iter();
    for resource in all.filter(|resource| resource.kind == "PodDisruptionBudget") {
        let value: Value = decode(resource.node).unwrap();
        let is_ours = resource
            .annotation(annotations::BUDGET_OF)
            .unwrap()
            .is_some();
        match strict::<PodDisruptionBudget>(&value) {
            Ok(typed) => budgets.push(Budget {
                name: resource.name.to_owned(),
                namespace: typed.metadata.namespace,
                selector: typed
                    .spec
                    .and_then(|spec| spec.selector)
                    .unwrap_or_default(),
                is_ours,
            }),
            Err(problem) if is_ours => problems.push((resource.name.to_owned(), problem)),
            Err(_) => {}
        }
    }
    (budgets, problems)
}

fn is_placed(resource: &Resource<'_>) -> bool {
    let has = |key| resource.annotation(key).unwrap().is_some();
    resource.api_version == "apps/v1" && (has(annotations::APPLIED) || has(annotations::SIBLING_OF))
}

fn read(resource: &Resource<'_>) -> Result<Placed, String> {
    let mut value: Value = decode(resource.node).map_err(|error| error.to_string())?;
    quantities(&mut value);
    let common = |metadata: ObjectMeta| {
        let base_of = metadata
            .annotations
            .unwrap_or_default()
            .remove(annotations::SIBLING_OF);
        (
            metadata.name.unwrap_or_default(),
            metadata.namespace,
            base_of,
        )
    };
    if resource.kind == "Deployment" {
        let typed: Deployment = strict(&value)?;
        let (name, namespace, base_of) = common(typed.metadata);
        let spec = typed.spec.unwrap();
        let (selector, template, strategy) = (spec.selector, spec.template, spec.strategy);
        Ok(Placed {
            kind: resource.kind.to_owned(),
            name,
            namespace,
            base_of,
            selector,
            template,
            strategy,
        })
    } else {
        let typed: StatefulSet = strict(&value)?;
        let (name, namespace, base_of) = common(typed.metadata);
        let spec = typed.spec.unwrap();
        let (selector, template) = (spec.selector, spec.template);
        Ok(Placed {
            kind: resource.kind.to_owned(),
            name,
            namespace,
            base_of,
            selector,
            template,
            strategy: None,
        })
    }
}

/// Decodes and encodes again: what is lost on the way is unknown to Kubernetes.
fn strict<T: DeserializeOwned + Serialize>(value: &Value) -> Result<T, String> {
    let typed: T = serde_json::from_value(value.clone()).map_err(|error| error.to_string())?;
    let again = serde_json::to_value(&typed).unwrap();
    match lost(value, &again, String::new()) {
        Some(path) => Err(format!("{path} is not what Kubernetes knows")),
        None => Ok(typed),
    }
}

fn lost(value: &Value, again: &Value, path: String) -> Option<String> {
    match (value, again) {
        (Value::Object(entries), Value::Object(_)) => entries
            .iter()
            // Anchors are often collected under keys that Kubernetes ignores.
            .filter(|(key, value)| !value.is_null() && !key.starts_with("x-"))
            .find_map(|(key, value)| lost(value, &again[key], format!("{path}.{key}"))),
        (Value::Array(items), Value::Array(others)) if items.len() == others.len() => {
            let mut pairs = items.iter().zip(others).enumerate();
            pairs.find_map(|(index, (item, other))| lost(item, other, format!("{path}[{index}]")))
        }
        _ => (value != again).then_some(path),
    }
}

/// Quantities may be written as numbers; the type knows them as text.
fn quantities(value: &mut Value) {
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                if let (true, Value::Object(amounts)) =
                    (key == "limits" || key == "requests", &mut *value)
                {
                    for amount in amounts.values_mut().filter(|amount| amount.is_number()) {
                        *amount = Value::String(amount.to_string());
                    }
                }
                quantities(value);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(quantities),
        _ => {}
    }
}
