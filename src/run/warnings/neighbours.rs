//! What else a workload has to live with, and how its placement gets along with it: volumes, its own
//! topology spread, vertical autoscalers.

use crate::findings::{Code, Finding};
use crate::inventory::mounted_claims;
use crate::krm::sibling_name;
use crate::placement::Placement;
use yaml_splice::{Node, YamlError};

use super::Case;

/// What there is to report about the neighbours of one workload that is placed.
pub fn of_workload(case: Case<'_, '_>, placement: &Placement) -> Result<Vec<Finding>, YamlError> {
    let found = [
        shared_volume(case, placement)?,
        spread_blocks_drain(case, placement)?,
        vpa_misses_sibling(case, placement),
    ];
    Ok(found.into_iter().flatten().collect())
}

/// Replicas on on-demand nodes and on spot nodes are on two nodes at least: with a volume that one
/// node can mount, one of them never starts.
fn shared_volume(case: Case<'_, '_>, placement: &Placement) -> Result<Option<Finding>, YamlError> {
    let divides = placement.has_sibling() || placement.spreads();
    if !divides || placement.replicas == 0 {
        return Ok(None);
    }
    let workload = case.workload();
    let mounted = mounted_claims(workload.pod.spec)?;
    let related = &case.inventory.related;
    let find = |is_exclusive: Option<bool>| {
        let mut mounted = mounted.iter();
        mounted.find(|claim| related.is_exclusive(workload, claim) == is_exclusive)
    };
    let finding = if let Some(claim) = find(Some(true)) {
        let message = format!(
            "PersistentVolumeClaim {claim} is neither ReadWriteMany nor ReadOnlyMany, and replicas on \
             on-demand and on spot nodes would both mount it; use strategy on-demand, or a \
             ReadWriteMany volume"
        );
        Some(Finding::warning(Code::SharedVolume, message))
    } else {
        find(None).map(|claim| {
            let message = format!(
                "PersistentVolumeClaim {claim} is not in the input: replicas on on-demand and on spot \
                 nodes mount it, which only a ReadWriteMany or ReadOnlyMany volume allows"
            );
            Finding::info(Code::VolumeUnknown, message)
        })
    };
    Ok(finding.map(|finding| finding.at("spec.template.spec.volumes")))
}

/// A filter that counts cordoned nodes keeps replicas Pending until the drained nodes are gone.
///
/// Source: `nodeTaintsPolicy` in `pkg/scheduler/framework/plugins/podtopologyspread/common.go` of
/// Kubernetes, `Ignore` by default.
fn spread_blocks_drain(
    case: Case<'_, '_>,
    placement: &Placement,
) -> Result<Option<Finding>, YamlError> {
    if !placement.may_run_on_spot() {
        return Ok(None);
    }
    let workload = case.workload();
    let list = workload
        .pod
        .spec
        .get_non_null("topologySpreadConstraints")?;
    for (index, constraint) in list.into_iter().flat_map(Node::items).enumerate() {
        let text = |key| Ok::<_, YamlError>(constraint.get_non_null(key)?.map(Node::text));
        let is_filter = text("whenUnsatisfiable")?.unwrap_or("DoNotSchedule") == "DoNotSchedule";
        if is_filter && text("nodeTaintsPolicy")? != Some("Honor") {
            let over = match text("topologyKey")?.unwrap_or_default() {
                "" => String::new(),
                key => format!(" over {key}"),
            };
            let message = format!(
                "the topology spread{over} counts cordoned nodes: while spot nodes drain, \
                 replicas stay Pending; set nodeTaintsPolicy: Honor in it"
            );
            let field = format!("spec.template.spec.topologySpreadConstraints[{index}]");
            return Ok(Some(
                Finding::warning(Code::SpreadBlocksDrain, message).at(field),
            ));
        }
    }
    Ok(None)
}

/// A `VerticalPodAutoscaler` finds its pods by the name of their controller.
///
/// Source: `pkg/admission-controller/resource/vpa/matcher.go` of the vertical pod autoscaler.
fn vpa_misses_sibling(case: Case<'_, '_>, placement: &Placement) -> Option<Finding> {
    let resource = &case.workload().resource;
    let namespace = resource.effective_namespace();
    let targets = &case.inventory.related.vertically_scaled;
    let is_target = |name: &str| targets.contains(&(namespace, "Deployment", name));
    if !placement.has_sibling() || !is_target(resource.name) {
        return None;
    }
    let sibling = sibling_name(resource.name);
    (!is_target(&sibling)).then(|| {
        let message = format!(
            "a VerticalPodAutoscaler targets this Deployment only: the pods of {sibling} keep the \
             requests of the manifest; add one whose targetRef is Deployment {sibling}"
        );
        Finding::warning(Code::VpaMissesSibling, message)
    })
}
