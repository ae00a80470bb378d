//! What there is to know about one Deployment or StatefulSet by itself.

use std::collections::BTreeMap;

use crate::krm::{Resource, annotations};
use crate::placement::WorkloadKind;
use crate::results::{Finding, codes};
use yaml_splice::{Kind, Node, Value};

use super::class::Fields;
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

impl<'d> Workload<'d> {
    /// Reads the facts of `resource`.
    ///
    /// # Errors
    /// A finding where they cannot be read.
    pub(super) fn read(
        index: usize,
        resource: &Resource<'d>,
        kind: WorkloadKind,
        fields: &Fields<'d>,
    ) -> Result<Self, Finding> {
        let template = mapping(fields.template, "spec.template")?;
        let pod = mapping(fields.pod.unwrap_or(template), "spec.template.spec")?;
        let mark = mark(resource)?;
        let owned = if let Some(mark) = &mark {
            Owned::find(mark, template)?
        } else {
            Owned::can_be_found(template)?;
            Owned::default()
        };
        Ok(Self {
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
}

/// Labels and selector are read when they are asked for: an estate has thousands of workloads, and
/// most never are. `classify` has shown that they can be.
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
    ///
    /// # Errors
    /// As [`classify`](super::classify).
    pub fn selector(&self) -> Result<Value, Finding> {
        Ok(self.read_selector()?.value())
    }

    /// Whether `spec.selector` has just these `matchLabels`.
    pub fn selects_by(&self, wanted: &BTreeMap<&str, &str>) -> bool {
        let selector = self.read_selector();
        selector.is_ok_and(|selector| selector.labels().as_ref() == Some(wanted))
    }

    pub(super) fn read_selector(&self) -> Result<PodSelector<'d>, Finding> {
        PodSelector::read(mapping(self.selector, "spec.selector")?)
    }
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
