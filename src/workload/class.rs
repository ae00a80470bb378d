//! What a resource is to the policy: a workload, a sibling, or none of its business.

use crate::krm::{Resource, annotations};
use crate::placement::WorkloadKind;
use crate::results::{Finding, codes};
use yaml_splice::{Kind, Node, YamlError};

use super::Workload;
use super::selector::labels;

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
    // It runs beside a release for a moment, and is no part of it. What goes with a workload counts
    // as a hook as well: Helm leaves an autoscaler or a budget that is one in the cluster.
    // https://helm.sh/docs/topics/charts_hooks
    if resource.annotation(annotations::HELM_HOOK)?.is_some() {
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
    let workload = Workload::read(index, resource, kind, &fields)?;
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
pub(super) struct Fields<'d> {
    pub template: Node<'d>,
    pub selector: Node<'d>,
    /// Absent only where the template is no mapping.
    pub pod: Option<Node<'d>>,
}

impl<'d> Fields<'d> {
    /// Looks them up; the name of the first one that is not there otherwise.
    fn of(resource: &Resource<'d>) -> Result<Result<Self, &'static str>, YamlError> {
        let spec = resource.node.get_non_null("spec")?;
        let field = |key| spec.map_or(Ok(None), |spec| spec.get_non_null(key));
        let Some(template) = field("template")? else {
            return Ok(Err("spec.template"));
        };
        let Some(selector) = field("selector")? else {
            return Ok(Err("spec.selector"));
        };
        let pod = template.get_non_null("spec")?;
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

/// The API server rejects a workload whose selector does not match its own pods.
fn selector_mismatch(workload: &Workload<'_>) -> Result<Option<Finding>, Finding> {
    labels(workload.resource.node)?;
    let pod_labels = labels(workload.template)?;
    let mismatch = workload.read_selector()?.mismatch(&pod_labels)?;
    Ok(mismatch
        .map(|message| Finding::warning(codes::SELECTOR_MISMATCH, message).at("spec.selector")))
}
