//! What there is to know about one Deployment or StatefulSet by itself.

use std::collections::BTreeMap;

use crate::krm::{Resource, annotations};
use crate::placement::WorkloadKind;
use crate::results::{Finding, codes};
use crate::yaml::{Kind, Node, Value, YamlError};

use super::number::{BadCount, count};
use super::selector::{PodSelector, labels, owned};
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
    /// `spec.selector`
    selector: Node<'d>,
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

/// Labels and selector are read when they are asked for: an estate has thousands of workloads, and
/// most never are. Reading the facts has shown that they can be.
impl<'d> Workload<'d> {
    /// The workload's own labels.
    pub fn labels(&self) -> BTreeMap<String, String> {
        owned(&labels(self.resource.node).unwrap_or_default())
    }

    /// The labels of its pods.
    pub fn pod_labels(&self) -> BTreeMap<String, String> {
        owned(&self.pod_label_pairs())
    }

    /// The same as borrowed pairs.
    pub fn pod_label_pairs(&self) -> Vec<(&'d str, &'d str)> {
        labels(self.template).unwrap_or_default()
    }

    /// `spec.selector` as a value to insert.
    pub fn selector(&self) -> Value {
        let selector = self.read_selector();
        selector.map_or(Value::Null, |selector| selector.value())
    }

    /// Whether `spec.selector` has just these `matchLabels`.
    pub fn selects_by(&self, wanted: &BTreeMap<&str, &str>) -> bool {
        let selector = self.read_selector();
        selector.is_ok_and(|selector| selector.labels().as_ref() == Some(wanted))
    }

    fn read_selector(&self) -> Result<PodSelector<'d>, Finding> {
        PodSelector::read(mapping(self.selector, "spec.selector")?)
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
    let fields = match Fields::of(resource)? {
        Ok(fields) => fields,
        Err(missing) => return Ok(Class::LeftAlone(incomplete(missing))),
    };
    if resource.is_name_generated {
        let message = "left alone: the API server makes the name, so nothing can refer to it";
        let finding = Finding::info(codes::GENERATED_NAME, message);
        return Ok(Class::LeftAlone(finding.at("metadata.generateName")));
    }
    let workload = read(index, resource, kind, &fields)?;
    match selector_mismatch(&workload)? {
        Some(finding) => Ok(Class::LeftAlone(finding)),
        None => Ok(Class::Workload(Box::new(workload))),
    }
}

fn incomplete(missing: &'static str) -> Finding {
    let message =
        format!("left alone: {missing} is missing, so this is a patch or an incomplete manifest");
    Finding::info(codes::PARTIAL_MANIFEST, message).at(missing)
}

/// The fields that a workload cannot be placed without.
struct Fields<'d> {
    template: Node<'d>,
    selector: Node<'d>,
    /// Absent only where the template is no mapping.
    pod: Option<Node<'d>>,
}

impl<'d> Fields<'d> {
    /// Looks them up; the name of the first one that is not there otherwise.
    fn of(resource: &Resource<'d>) -> Result<Result<Self, &'static str>, YamlError> {
        let spec = resource.node.present("spec")?;
        let field = |key| spec.map_or(Ok(None), |spec| spec.present(key));
        let Some(template) = field("template")? else {
            return Ok(Err("spec.template"));
        };
        let Some(selector) = field("selector")? else {
            return Ok(Err("spec.selector"));
        };
        let pod = template.present("spec")?;
        if pod.is_none() && template.kind() == Kind::Mapping {
            return Ok(Err("spec.template.spec"));
        }
        Ok(Ok(Self {
            template,
            selector,
            pod,
        }))
    }
}

fn read<'d>(
    index: usize,
    resource: &Resource<'d>,
    kind: WorkloadKind,
    fields: &Fields<'d>,
) -> Result<Workload<'d>, Finding> {
    let template = mapping(fields.template, "spec.template")?;
    let pod = mapping(fields.pod.unwrap_or(template), "spec.template.spec")?;
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
        selector: fields.selector,
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
    let mismatch = workload.read_selector()?.mismatch(&pod_labels)?;
    Ok(mismatch
        .map(|message| Finding::warning(codes::SELECTOR_MISMATCH, message).at("spec.selector")))
}

/// `node`, the value of `field`, if it is a mapping.
fn mapping<'d>(node: Node<'d>, field: &str) -> Result<Node<'d>, Finding> {
    let what = match node.kind() {
        Kind::Mapping => return Ok(node),
        Kind::Sequence => "a list",
        Kind::Scalar => "a single value",
    };
    let message = format!("{field} is {what}, expected a mapping");
    Err(Finding::error(codes::INVALID_MANIFEST, message)
        .located(Some(node.position()))
        .at(field))
}
