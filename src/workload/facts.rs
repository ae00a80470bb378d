//! What there is to know about one Deployment or StatefulSet by itself.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use kube_core::labels::{Selector, SelectorExt};

use crate::krm::{Resource, annotations};
use crate::placement::WorkloadKind;
use crate::results::{Finding, codes};
use crate::yaml::{Kind, Node, YamlError, decode};

use super::number::{BadCount, count};
use super::{Mark, Owned};

/// A Deployment or StatefulSet that the policy decides about.
#[derive(Debug, Clone)]
pub struct Workload<'d> {
    /// Its index in the input's resources.
    pub index: usize,
    /// The object.
    pub resource: Resource<'d>,
    /// The kind.
    pub kind: WorkloadKind,
    /// `spec.template`
    pub template: Node<'d>,
    /// `spec.template.spec`
    pub pod: Node<'d>,
    /// What an earlier run applied.
    pub mark: Option<Mark>,
    /// What that run wrote into the pod template.
    pub owned: Owned<'d>,
    /// `spec.replicas` as its owner wants it: a number that an earlier run wrote is traced back to
    /// the total it was made from. `None` where it is absent.
    pub declared: Result<Option<u32>, BadCount>,
}

/// Labels and selector are decoded when they are asked for: an estate has thousands of workloads,
/// and most never are. Reading has shown that they can be.
impl<'d> Workload<'d> {
    /// The workload's own labels.
    pub fn labels(&self) -> BTreeMap<String, String> {
        labels(self.resource.node).unwrap_or_default()
    }

    /// The labels of its pods.
    pub fn pod_labels(&self) -> BTreeMap<String, String> {
        labels(self.template).unwrap_or_default()
    }

    /// The same as borrowed pairs.
    pub fn pod_label_pairs(&self) -> Vec<(&'d str, &'d str)> {
        label_pairs(self.template).unwrap_or_default()
    }

    /// `spec.selector`
    pub fn selector(&self) -> LabelSelector {
        selector(self.resource.node).unwrap_or_default()
    }
}

/// What a resource is to the policy.
#[derive(Debug)]
pub enum Class<'d> {
    /// A workload to decide about.
    Workload(Box<Workload<'d>>),
    /// A sibling that an earlier run made.
    Sibling,
    /// A workload that is left alone, and why.
    LeftAlone(Finding),
    /// Anything else.
    Other,
}

/// Tells what `resource` is, and reads the facts of a workload.
///
/// # Errors
/// A finding where the manifest cannot be read, or Kubernetes would reject what had to be read.
pub fn classify<'d>(index: usize, resource: &Resource<'d>) -> Result<Class<'d>, Finding> {
    let kind = match resource.kind {
        "Deployment" => WorkloadKind::Deployment,
        "StatefulSet" => WorkloadKind::StatefulSet,
        _ => return Ok(Class::Other),
    };
    if !matches!(resource.group(), "apps" | "extensions") || resource.is_local_config()? {
        return Ok(Class::Other);
    }
    if resource.api_version != "apps/v1" {
        let message = format!(
            "left alone: Kubernetes no longer serves {} {kind}s; use apps/v1",
            resource.api_version
        );
        let finding = Finding::warning(codes::UNSUPPORTED_API_VERSION, message);
        return Ok(Class::LeftAlone(finding.at("apiVersion")));
    }
    if resource.annotation(annotations::BASE_OF)?.is_some() {
        return Ok(Class::Sibling);
    }
    if let Some(field) = missing_field(resource)? {
        let message =
            format!("left alone: {field} is missing, so this is a patch or an incomplete manifest");
        let finding = Finding::info(codes::PARTIAL_MANIFEST, message);
        return Ok(Class::LeftAlone(finding.at(field)));
    }
    if resource.is_name_generated {
        let message = "left alone: the API server makes the name, so nothing can refer to it";
        let finding = Finding::info(codes::GENERATED_NAME, message);
        return Ok(Class::LeftAlone(finding.at("metadata.generateName")));
    }
    let workload = read(index, resource, kind)?;
    match selector_mismatch(&workload)? {
        Some(finding) => Ok(Class::LeftAlone(finding)),
        None => Ok(Class::Workload(Box::new(workload))),
    }
}

/// The first field that a workload cannot be placed without and that is not there.
fn missing_field(resource: &Resource<'_>) -> Result<Option<&'static str>, YamlError> {
    let spec = |key| resource.node.at(&["spec", key]);
    let Some(template) = spec("template")? else {
        return Ok(Some("spec.template"));
    };
    if spec("selector")?.is_none() {
        return Ok(Some("spec.selector"));
    }
    let bare = template.kind() == Kind::Mapping && template.present("spec")?.is_none();
    Ok(bare.then_some("spec.template.spec"))
}

fn read<'d>(
    index: usize,
    resource: &Resource<'d>,
    kind: WorkloadKind,
) -> Result<Workload<'d>, Finding> {
    let node = resource.node;
    let template = mapping(node, &["spec", "template"])?;
    let pod = mapping(node, &["spec", "template", "spec"])?;
    let mark = mark(resource)?;
    let owned = if let Some(mark) = &mark {
        Owned::find(mark, template)?
    } else {
        Owned::can_be_found(template)?;
        Owned::default()
    };
    Ok(Workload {
        index,
        resource: resource.clone(),
        kind,
        template,
        pod,
        declared: declared(resource, mark.as_ref())?,
        mark,
        owned,
    })
}

fn mark(resource: &Resource<'_>) -> Result<Option<Mark>, Finding> {
    let Some(text) = resource.annotation(annotations::APPLIED)? else {
        return Ok(None);
    };
    let field = format!("metadata.annotations[\"{}\"]", annotations::APPLIED);
    let bad = |error: super::BadMark| {
        Finding::error(codes::INVALID_ANNOTATION, format!("{field}: {error}")).at(field.clone())
    };
    text.parse().map(Some).map_err(bad)
}

fn selector(node: Node<'_>) -> Result<LabelSelector, Finding> {
    let selector = mapping(node, &["spec", "selector"])?;
    decode(selector).map_err(|error| {
        let message = format!("spec.selector cannot be read: {}", error.problem);
        Finding::error(codes::INVALID_MANIFEST, message)
            .located(error.at)
            .at("spec.selector")
    })
}

/// The owner's number: what the function wrote (total - floor) stands for the total it remembers,
/// any other number is the owner's new total.
///
/// With a remembered total of 10 and a floor of 2, a written 8 means 10 and a written 9 means 9.
fn declared(
    resource: &Resource<'_>,
    mark: Option<&Mark>,
) -> Result<Result<Option<u32>, BadCount>, Finding> {
    let written = count(resource.node, &["spec", "replicas"])?;
    let total = resource.annotation(annotations::REPLICAS)?;
    let (Some(mark), Some(total), Ok(Some(number))) = (mark, total, &written) else {
        return Ok(written);
    };
    let field = format!("metadata.annotations[\"{}\"]", annotations::REPLICAS);
    let Ok(total) = total.parse::<u32>() else {
        let message = format!("{field}: found \"{total}\", expected the total number of replicas");
        return Err(Finding::error(codes::INVALID_ANNOTATION, message).at(field));
    };
    if total != mark.replicas {
        let message = format!(
            "{field}: found \"{total}\", but the mark says replicas={}; the function writes both, \
             to change the total write it into spec.replicas",
            mark.replicas
        );
        return Err(Finding::error(codes::INVALID_ANNOTATION, message).at(field));
    }
    let is_ours = total.checked_sub(mark.floor) == Some(*number);
    Ok(if is_ours { Ok(Some(total)) } else { written })
}

/// The API server rejects a workload whose selector does not match its own pods.
fn selector_mismatch(workload: &Workload<'_>) -> Result<Option<Finding>, Finding> {
    labels(workload.resource.node)?;
    let pod_labels = labels(workload.template)?;
    let selector = selector(workload.resource.node)?;
    let selector = Selector::try_from(selector).map_err(|error| {
        let message = format!("spec.selector cannot be read: {error}");
        Finding::error(codes::INVALID_MANIFEST, message).at("spec.selector")
    })?;
    let message = if selector.selects_all() {
        "left alone: spec.selector is empty, so Kubernetes would reject it"
    } else if selector.matches(&pod_labels) {
        return Ok(None);
    } else {
        "left alone: spec.selector does not match the labels of spec.template, so Kubernetes \
         would reject it"
    };
    Ok(Some(
        Finding::warning(codes::SELECTOR_MISMATCH, message).at("spec.selector"),
    ))
}

/// The mapping at `path`, which must be there.
fn mapping<'d>(node: Node<'d>, path: &[&str]) -> Result<Node<'d>, Finding> {
    let found = node.at(path)?.unwrap_or(node);
    if found.kind() == Kind::Mapping {
        return Ok(found);
    }
    let field = path.join(".");
    let what = if found.kind() == Kind::Sequence {
        "a list"
    } else {
        "a single value"
    };
    let message = format!("{field} is {what}, expected a mapping");
    Err(Finding::error(codes::INVALID_MANIFEST, message)
        .located(Some(found.position()))
        .at(field))
}

/// The labels of an object or of a pod template.
fn labels(node: Node<'_>) -> Result<BTreeMap<String, String>, YamlError> {
    let pairs = label_pairs(node)?.into_iter();
    Ok(pairs
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect())
}

fn label_pairs(node: Node<'_>) -> Result<Vec<(&str, &str)>, YamlError> {
    let Some(labels) = node.at(&["metadata", "labels"])? else {
        return Ok(Vec::new());
    };
    let entries = labels.merged_entries()?.into_iter();
    Ok(entries.map(|(key, value)| (key, value.text())).collect())
}
