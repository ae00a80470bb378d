//! What else a workload has to live with, and how its placement gets along with it: volumes, its own
//! topology spread, vertical autoscalers.

use crate::findings::{Code, Finding};
use crate::inventory::{attached_by_one_node, mounted_claims};
use crate::krm::sibling_name;
use crate::placement::Placement;
use yaml_splice::{Node, YamlError};

use super::Case;

/// Adds what there is to report about the neighbours of one workload that is placed.
pub fn of_workload(
    case: Case<'_, '_>,
    placement: &Placement,
    found: &mut Vec<Finding>,
) -> Result<(), YamlError> {
    found.extend(shared_volume(case, placement)?);
    spread_counts_too_much(case, placement, found)?;
    found.extend(vpa_misses_sibling(case, placement));
    Ok(())
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
    } else if let Some(kind) = attached_by_one_node(workload.pod.spec)? {
        let message = format!(
            "one node alone attaches the volume ({kind}), and replicas on on-demand and on spot nodes \
             would both mount it; use strategy on-demand, or a volume that many nodes can mount"
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

/// A filter that counts nodes on which a pod cannot run keeps replicas Pending: cordoned ones until the
/// drained nodes are gone, spot nodes as long as pods that require on-demand nodes are to spread.
///
/// Source: `nodeTaintsPolicy`, `Ignore` by default, and `nodeAffinityPolicy`, `Honor` by default, in
/// `pkg/scheduler/framework/plugins/podtopologyspread/common.go` of Kubernetes.
fn spread_counts_too_much(
    case: Case<'_, '_>,
    placement: &Placement,
    found: &mut Vec<Finding>,
) -> Result<(), YamlError> {
    let pod = case.workload().pod.spec;
    for (index, constraint) in pod.items_at(&["topologySpreadConstraints"])?.enumerate() {
        let field = format!("spec.template.spec.topologySpreadConstraints[{index}]");
        let messages = counted_too_much(constraint, placement)?.into_iter();
        found.extend(messages.map(|message| {
            let message = format!("the topology spread{message}");
            Finding::warning(Code::SpreadBlocksDrain, message).at(field.clone())
        }));
    }
    Ok(())
}

/// Which nodes `constraint` counts too many, if it is a filter.
fn counted_too_much(constraint: Node<'_>, placement: &Placement) -> Result<Vec<String>, YamlError> {
    let text = |key| constraint.text_at(&[key]);
    let mut messages = Vec::new();
    if !matches!(text("whenUnsatisfiable")?, "" | "DoNotSchedule") {
        return Ok(messages);
    }
    let over = match text("topologyKey")? {
        "" => String::new(),
        key => format!(" over {key}"),
    };
    let has_pinned_pods = placement.requires_on_demand() || placement.has_sibling();
    if has_pinned_pods && text("nodeAffinityPolicy")? == "Ignore" {
        messages.push(format!(
            "{over} counts spot nodes for pods that require on-demand nodes: where spot nodes have \
             fewer of them, replicas stay Pending; leave nodeAffinityPolicy at Honor in it"
        ));
    }
    if placement.may_run_on_spot() && text("nodeTaintsPolicy")? != "Honor" {
        messages.push(format!(
            "{over} counts cordoned nodes: while spot nodes drain, replicas stay Pending; set \
             nodeTaintsPolicy: Honor in it"
        ));
    }
    Ok(messages)
}

/// A `VerticalPodAutoscaler` finds its pods by the name of their controller.
///
/// Source: `pkg/admission-controller/resource/vpa/matcher.go` of the vertical pod autoscaler.
fn vpa_misses_sibling(case: Case<'_, '_>, placement: &Placement) -> Option<Finding> {
    let related = &case.inventory.related;
    let misses = related.vertically_scaled.contains(&case.id)
        && !related.with_scaled_sibling.contains(&case.id);
    (placement.has_sibling() && misses).then(|| {
        let sibling = sibling_name(case.workload().resource.name);
        let message = format!(
            "a VerticalPodAutoscaler targets this Deployment only: the pods of {sibling} keep the \
             requests of the manifest; add one whose targetRef is Deployment {sibling}"
        );
        Finding::warning(Code::VpaMissesSibling, message)
    })
}
