//! What a resource is to the policy: a workload, a sibling, or none of its business.

use crate::fields::FactError;
use crate::findings::Finding;
use crate::krm::template::Variable;
use crate::krm::{Companion, Resource, ResourceId, annotations};
use crate::placement::{Exclusion, WorkloadKind};
use yaml_splice::{Kind, Node, YamlError};

use super::Workload;
use super::selector::labels;

/// What a resource is to the policy.
#[derive(Debug)]
pub enum Class<'d> {
    /// A workload to decide about.
    Workload(Box<Workload<'d>>),
    /// What an earlier run made beside a workload.
    Companion(Companion),
    /// A workload that is left alone, and why.
    LeftAlone(Exclusion),
    /// Anything else.
    Other,
}

/// Tells what `resource` is, and reads the facts of a workload.
///
/// # Errors
/// A finding where the manifest cannot be read, or Kubernetes would reject what had to be read.
pub fn classify<'d>(id: ResourceId, resource: &Resource<'d>) -> Result<Class<'d>, Finding> {
    let kind = match resource.kind {
        "Deployment" => WorkloadKind::Deployment,
        "StatefulSet" => WorkloadKind::StatefulSet,
        _ => return Ok(Companion::of(resource)?.map_or(Class::Other, Class::Companion)),
    };
    if !matches!(resource.group(), "apps" | "extensions") {
        return Ok(Class::Other);
    }
    if let Some(companion) = Companion::of(resource)? {
        return Ok(Class::Companion(companion));
    }
    let by_nature = by_nature(resource)?;
    // What an earlier run wrote is removed as from any workload.
    let is_marked = resource.annotation(annotations::APPLIED)?.is_some();
    if let Some(exclusion) = by_nature.filter(|_| !is_marked) {
        return Ok(left_alone(exclusion));
    }
    let fields = match (Fields::of(resource), by_nature) {
        (Ok(fields), _) => fields,
        (Err(FactError::Missing(_)), Some(exclusion)) => return Ok(left_alone(exclusion)),
        (Err(FactError::Missing(field)), None) => {
            return Ok(left_alone(Exclusion::PartialManifest(field)));
        }
        (Err(other), _) => return Err(other.into()),
    };
    let by_name = resource
        .is_name_generated
        .then_some(Exclusion::GeneratedName);
    if let Some(exclusion) = by_name.filter(|_| !is_marked) {
        return Ok(left_alone(exclusion));
    }
    let mut workload = Workload::read(id, resource, kind, &fields)?;
    let mismatch = selector_mismatch(&workload)?;
    workload.excluded = by_nature.or(by_name).or(mismatch);
    Ok(match workload.excluded.filter(|_| !is_marked) {
        Some(exclusion) => left_alone(exclusion),
        None => Class::Workload(Box::new(workload)),
    })
}

/// Why `resource` is left alone by its annotations or its API version.
fn by_nature(resource: &Resource<'_>) -> Result<Option<Exclusion>, YamlError> {
    if resource.is_local_config()? {
        return Ok(Some(Exclusion::LocalConfig));
    }
    // What goes with a workload counts as a hook as well: Helm leaves an autoscaler or a budget that is one
    // in the cluster. https://helm.sh/docs/topics/charts_hooks
    if resource.annotation(annotations::HELM_HOOK)?.is_some() {
        return Ok(Some(Exclusion::HelmHook));
    }
    let is_old = resource.api_version != "apps/v1";
    Ok(is_old.then_some(Exclusion::UnsupportedApiVersion))
}

/// What is no part of a release, or never applied, is nobody's business.
fn left_alone<'d>(exclusion: Exclusion) -> Class<'d> {
    match exclusion {
        Exclusion::LocalConfig | Exclusion::HelmHook => Class::Other,
        _ => Class::LeftAlone(exclusion),
    }
}

/// The fields that a workload cannot be placed without.
pub(super) struct Fields<'d> {
    pub spec: Node<'d>,
    pub selector: Node<'d>,
    pub template: Node<'d>,
    pub template_metadata: Option<Node<'d>>,
    /// Absent only where the template is no mapping.
    pub pod: Option<Node<'d>>,
}

impl<'d> Fields<'d> {
    /// Looks them up.
    fn of(resource: &Resource<'d>) -> Result<Self, FactError> {
        let spec = resource.node.get_non_null("spec")?;
        let spec = spec.ok_or(FactError::Missing("spec.template"))?;
        let [template, selector] = spec.pick(["template", "selector"])?;
        let template = template.ok_or(FactError::Missing("spec.template"))?;
        let selector = selector.ok_or(FactError::Missing("spec.selector"))?;
        let [template_metadata, pod] = template.pick(["metadata", "spec"])?;
        if pod.is_none() && template.kind() == Kind::Mapping {
            return Err(FactError::Missing("spec.template.spec"));
        }
        Ok(Self {
            spec,
            selector,
            template,
            template_metadata,
            pod,
        })
    }
}

/// The API server rejects a workload whose selector does not match its own pods.
fn selector_mismatch(workload: &Workload<'_>) -> Result<Option<Exclusion>, Finding> {
    labels(workload.resource.metadata())?;
    require_labels(workload)?;
    mismatch(workload).map_err(|finding| {
        let variable = Variable::first(workload.resource.node, workload.selector);
        variable.as_ref().map_or(finding, unresolved)
    })
}

/// One that matches them as soon as variables are filled in is none of those.
fn mismatch(workload: &Workload<'_>) -> Result<Option<Exclusion>, Finding> {
    let pod_labels = labels(workload.pod.metadata)?;
    let selector = workload.read_selector()?;
    Ok(match selector.mismatch(&pod_labels)? {
        Some(Exclusion::SelectorMismatch) if selector.may_match(&pod_labels) => None,
        mismatch => mismatch,
    })
}

/// Nothing where no variable stands in place of all labels of the pods.
fn require_labels(workload: &Workload<'_>) -> Result<(), Finding> {
    let Some(metadata) = workload.pod.metadata else {
        return Ok(());
    };
    let labels = metadata.get_non_null("labels")?.unwrap_or(metadata);
    if labels.kind() != Kind::Scalar {
        return Ok(());
    }
    let variable = Variable::first(workload.resource.node, labels);
    variable.as_ref().map_or(Ok(()), |it| Err(unresolved(it)))
}

fn unresolved(Variable { field, node }: &Variable<'_>) -> Finding {
    Finding::unresolved_variable(field, node.written(), node.position())
}
