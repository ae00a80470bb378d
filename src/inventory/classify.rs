//! What a resource is to the policy: a workload, a sibling, or none of its business.

use crate::fields::FactError;
use crate::findings::Finding;
use crate::krm::{Companion, Resource, ResourceId, annotations};
use crate::placement::{Exclusion, WorkloadKind};
use yaml_splice::{Kind, Node};

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
    if !matches!(resource.group(), "apps" | "extensions") || resource.is_local_config()? {
        return Ok(Class::Other);
    }
    // It runs beside a release for a moment, and is no part of it. What goes with a workload counts
    // as a hook as well: Helm leaves an autoscaler or a budget that is one in the cluster.
    // https://helm.sh/docs/topics/charts_hooks
    if resource.annotation(annotations::HELM_HOOK)?.is_some() {
        return Ok(Class::Other);
    }
    if resource.api_version != "apps/v1" {
        return Ok(Class::LeftAlone(Exclusion::UnsupportedApiVersion));
    }
    if let Some(companion) = Companion::of(resource)? {
        return Ok(Class::Companion(companion));
    }
    let fields = match Fields::of(resource) {
        Ok(fields) => fields,
        Err(FactError::Missing(field)) => {
            return Ok(Class::LeftAlone(Exclusion::PartialManifest(field)));
        }
        Err(other) => return Err(other.into()),
    };
    if resource.is_name_generated {
        return Ok(Class::LeftAlone(Exclusion::GeneratedName));
    }
    let workload = Workload::read(id, resource, kind, &fields)?;
    Ok(match selector_mismatch(&workload)? {
        Some(mismatch) => Class::LeftAlone(mismatch),
        None => Class::Workload(Box::new(workload)),
    })
}

/// The fields that a workload cannot be placed without.
pub(super) struct Fields<'d> {
    pub template: Node<'d>,
    pub selector: Node<'d>,
    /// Absent only where the template is no mapping.
    pub pod: Option<Node<'d>>,
}

impl<'d> Fields<'d> {
    /// Looks them up.
    fn of(resource: &Resource<'d>) -> Result<Self, FactError> {
        let spec = resource.node.get_non_null("spec")?;
        let field = |key| spec.map_or(Ok(None), |spec| spec.get_non_null(key));
        let template = field("template")?.ok_or(FactError::Missing("spec.template"))?;
        let selector = field("selector")?.ok_or(FactError::Missing("spec.selector"))?;
        let pod = template.get_non_null("spec")?;
        if pod.is_none() && template.kind() == Kind::Mapping {
            return Err(FactError::Missing("spec.template.spec"));
        }
        Ok(Self {
            template,
            selector,
            pod,
        })
    }
}

/// The API server rejects a workload whose selector does not match its own pods.
fn selector_mismatch(workload: &Workload<'_>) -> Result<Option<Exclusion>, Finding> {
    labels(workload.resource.node)?;
    let pod_labels = labels(workload.pod.template)?;
    workload.read_selector()?.mismatch(&pod_labels)
}
