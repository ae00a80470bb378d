//! Nodes, and what pods require of them, out of manifests.

use compact_str::CompactString;
use k8s_openapi::api::core;
use yaml_splice::{Node as Yaml, YamlError};

use crate::krm::Resource;
use crate::requests::amounts_at;

use super::{Constraints, Node, Operator, Requirement, Taint, Term, Toleration};

/// `resource` as a node.
///
/// # Errors
/// Where YAML makes a field ambiguous.
pub fn node(resource: &Resource<'_>) -> Result<Node, YamlError> {
    let object = resource.node;
    let is_cordoned = object.text_at(&["spec", "unschedulable"])? == "true";
    Ok(Node {
        name: resource.name.into(),
        labels: pairs(object.at(&["metadata", "labels"])?)?,
        taints: taints_at(object, &["spec", "taints"])?,
        allocatable: amounts_at(object, &["status", "allocatable"])?,
        is_schedulable: !is_cordoned && is_ready(object)?,
    })
}

/// The taints in the list at `path`.
///
/// # Errors
/// Where YAML makes a field ambiguous.
pub fn taints_at(object: Yaml<'_>, path: &[&str]) -> Result<Vec<Taint>, YamlError> {
    let taints = object.items_at(path)?.map(|taint| {
        let text = |key| taint.text_at(&[key]).map(CompactString::from);
        Ok(Taint {
            key: text("key")?,
            value: text("value")?,
            effect: text("effect")?,
        })
    });
    taints.collect()
}

/// Whether its condition Ready does not say otherwise.
fn is_ready(object: Yaml<'_>) -> Result<bool, YamlError> {
    for condition in object.items_at(&["status", "conditions"])? {
        if condition.text_at(&["type"])? == "Ready" {
            return Ok(condition.text_at(&["status"])? == "True");
        }
    }
    Ok(true)
}

/// Tolerations of the configuration.
pub fn tolerations(configured: &[core::v1::Toleration]) -> Vec<Toleration> {
    let text = |text: &Option<String>| text.as_deref().unwrap_or_default().into();
    let tolerations = configured.iter().map(|own| Toleration {
        key: text(&own.key),
        any_value: own.operator.as_deref() == Some("Exists"),
        value: text(&own.value),
        effect: text(&own.effect),
    });
    tolerations.collect()
}

/// What the pod spec `pod` requires of its node.
///
/// # Errors
/// Where YAML makes a field ambiguous.
pub fn constraints(pod: Yaml<'_>) -> Result<Constraints, YamlError> {
    let keys = ["nodeName", "nodeSelector", "affinity", "tolerations"];
    let [name, selector, affinity, tolerations] = pod.pick(keys)?;
    let name = name.map_or("", Yaml::text);
    let required = [
        "nodeAffinity",
        "requiredDuringSchedulingIgnoredDuringExecution",
    ];
    let required = affinity.map_or(Ok(None), |affinity| affinity.at(&required))?;
    let tolerations = tolerations.into_iter().flat_map(Yaml::items);
    Ok(Constraints {
        node_name: (!name.is_empty()).then(|| name.into()),
        selector: labels(selector)?,
        terms: required.map(terms).transpose()?,
        tolerations: tolerations.map(toleration).collect::<Result<_, _>>()?,
        ..Constraints::default()
    })
}

/// The terms of the node selector `required`: of a pod's required node affinity, or of a volume's.
///
/// # Errors
/// Where YAML makes a field ambiguous.
pub fn terms(required: Yaml<'_>) -> Result<Vec<Term>, YamlError> {
    let terms = required.items_at(&["nodeSelectorTerms"])?;
    terms.into_iter().map(term).collect()
}

/// Requirements in the list at `path`.
///
/// # Errors
/// Where YAML makes a field ambiguous.
pub fn requirements_at(object: Yaml<'_>, path: &[&str]) -> Result<Vec<Requirement>, YamlError> {
    object.items_at(path)?.map(requirement).collect()
}

/// The labels at `path`, each as a requirement for its one value.
///
/// # Errors
/// Where YAML makes a field ambiguous.
pub fn labels_at(object: Yaml<'_>, path: &[&str]) -> Result<Vec<Requirement>, YamlError> {
    labels(object.at(path)?)
}

fn labels(mapping: Option<Yaml<'_>>) -> Result<Vec<Requirement>, YamlError> {
    let labels = pairs(mapping)?.into_iter();
    Ok(labels.map(selected).collect())
}

fn selected((key, value): (CompactString, CompactString)) -> Requirement {
    Requirement {
        key,
        operator: Operator::In,
        values: vec![value],
    }
}

fn term(term: Yaml<'_>) -> Result<Term, YamlError> {
    let list = |key| requirements_at(term, &[key]);
    Ok(Term {
        labels: list("matchExpressions")?,
        names: list("matchFields")?,
    })
}

fn requirement(requirement: Yaml<'_>) -> Result<Requirement, YamlError> {
    let values = requirement.items_at(&["values"])?;
    Ok(Requirement {
        key: requirement.text_at(&["key"])?.into(),
        operator: match requirement.text_at(&["operator"])? {
            "NotIn" => Operator::NotIn,
            "Exists" => Operator::Exists,
            "DoesNotExist" => Operator::DoesNotExist,
            "Gt" => Operator::Gt,
            "Lt" => Operator::Lt,
            _ => Operator::In,
        },
        values: values
            .into_iter()
            .map(|value| value.text().into())
            .collect(),
    })
}

fn toleration(toleration: Yaml<'_>) -> Result<Toleration, YamlError> {
    let text = |key| toleration.text_at(&[key]).map(CompactString::from);
    Ok(Toleration {
        key: text("key")?,
        any_value: text("operator")? == "Exists",
        value: text("value")?,
        effect: text("effect")?,
    })
}

fn pairs(mapping: Option<Yaml<'_>>) -> Result<Vec<(CompactString, CompactString)>, YamlError> {
    let Some(mapping) = mapping else {
        return Ok(Vec::new());
    };
    let entries = mapping.merged_entries()?.into_iter();
    Ok(entries
        .map(|(key, value)| (key.into(), value.text().into()))
        .collect())
}
