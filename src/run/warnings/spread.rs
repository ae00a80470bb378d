//! What `spread` cannot keep: each way in which it was measured to fail, at the workload where it
//! applies.

use std::borrow::Cow;

use crate::fields::softly_keeps_nodes_apart;
use crate::findings::{Code, Finding};
use crate::inventory::Workload;
use crate::placement::{CapacityType, Mechanism, Placement, WorkloadKind};
use yaml_splice::YamlError;

use super::Case;

/// Adds the warnings about a workload that is placed by `spread`.
pub fn of_workload(
    case: Case<'_, '_>,
    placement: &Placement,
    found: &mut Vec<Finding>,
) -> Result<(), YamlError> {
    let Mechanism::Spread { prefer, .. } = placement.mechanism else {
        return Ok(());
    };
    let workload = case.workload();
    found.extend(autoscaled(workload, placement));
    found.extend(floor_is_soft(placement));
    found.push(needs_room(placement, prefer));
    found.extend(dips(placement, prefer));
    found.extend(outvoted(workload, prefer)?);
    found.extend(blocks_rollouts(workload)?);
    Ok(())
}

/// The strategy whose floor is hard for workloads of this kind.
fn hard_strategy(kind: WorkloadKind) -> &'static str {
    match kind {
        WorkloadKind::Deployment => "floor",
        WorkloadKind::StatefulSet => "ordinals",
    }
}

fn autoscaled(workload: &Workload<'_>, placement: &Placement) -> Option<Finding> {
    placement.autoscaled?;
    let message = format!(
        "spread on an autoscaled workload: a scale-in removes replicas wherever they are and does not \
         respect the floor; use strategy {}",
        hard_strategy(workload.kind)
    );
    Some(Finding::warning(Code::AutoscaledSpread, message))
}

fn floor_is_soft(placement: &Placement) -> Option<Finding> {
    let Placement { floor, hard, .. } = placement;
    let soft = placement.autoscaled.is_none() && floor > hard;
    soft.then(|| {
        let message = format!(
            "the scheduler's filter guarantees {hard} on on-demand nodes; the rest of the floor of \
             {floor} is a preference, which holds while on-demand nodes have room"
        );
        Finding::info(Code::FloorIsSoft, message)
    })
}

/// A filter between the two types of nodes waits for both, and a preference waits for neither.
fn needs_room(placement: &Placement, prefer: CapacityType) -> Finding {
    let Placement { floor, hard, .. } = placement;
    let message: Cow<'static, str> = match prefer {
        CapacityType::OnDemand if floor > hard => format!(
            "spread needs free room on both types of nodes: where on-demand nodes are still to be \
             bought or are full, replicas land on spot, down to {hard} of the floor of {floor}; where \
             spot nodes are full, replicas stay Pending"
        )
        .into(),
        _ => "spread needs free room on both types of nodes: while one of them is full, replicas \
              stay Pending"
            .into(),
    };
    Finding::warning(Code::SpreadNeedsRoom, message)
}

fn dips(placement: &Placement, prefer: CapacityType) -> Option<Finding> {
    (prefer == CapacityType::Spot).then(|| {
        let floor = placement.floor;
        let message = format!(
            "spread in a rollout: new replicas fill spot nodes first, so fewer than {floor} may be on \
             on-demand nodes until it has settled"
        );
        Finding::warning(Code::SpreadDips, message)
    })
}

/// A preferred node affinity is worth less than the owner's own soft rule over nodes as soon as
/// there are fewer on-demand nodes than replicas for them.
fn outvoted(workload: &Workload<'_>, prefer: CapacityType) -> Result<Option<Finding>, YamlError> {
    if prefer == CapacityType::Spot {
        return Ok(None);
    }
    let own = softly_keeps_nodes_apart(workload.pod.spec, workload.owned())?;
    Ok(own.map(|field| {
        let strategy = hard_strategy(workload.kind);
        let message = format!(
            "a soft rule of the pod's own keeps replicas on different nodes and outvotes the \
             preference for on-demand nodes where there are few of them; use strategy {strategy}"
        );
        Finding::warning(Code::SpreadOutvoted, message).at(field)
    }))
}

/// A volume holds its member in a zone, where the filter may want it on a node that is not there.
fn blocks_rollouts(workload: &Workload<'_>) -> Result<Option<Finding>, YamlError> {
    let claims = workload.spec.get_non_null("volumeClaimTemplates")?;
    let has_claims = claims.is_some_and(|claims| claims.items().next().is_some());
    let message = "spread with volumes: where a volume is bound to a zone that lacks one type of \
                   nodes, its member stays Pending and a rollout stops there; use strategy ordinals";
    Ok(has_claims.then(|| {
        Finding::warning(Code::SpreadBlocksRollouts, message).at("spec.volumeClaimTemplates")
    }))
}
