//! What a floor of a StatefulSet needs of its rollouts.

use crate::findings::{Code, Finding};
use crate::inventory::{IntOrPercent, Workload};
use crate::placement::{Mechanism, Placement};
use yaml_splice::{Node, YamlError};

/// Adds the warnings about how the members of a StatefulSet are replaced; none for a Deployment.
pub fn of_workload(
    workload: &Workload<'_>,
    placement: &Placement,
    found: &mut Vec<Finding>,
) -> Result<(), YamlError> {
    found.extend(does_not_roll(placement));
    found.extend(rolls_several(workload, placement)?);
    found.extend(starts_at_once(workload, placement)?);
    Ok(())
}

fn does_not_roll(placement: &Placement) -> Option<Finding> {
    let Placement {
        floor,
        hard,
        not_rolled,
        ..
    } = *placement;
    let (field, message) = match not_rolled {
        _ if floor == 0 => return None,
        0 => return None,
        u32::MAX => (
            "spec.updateStrategy.type",
            format!(
                "updateStrategy OnDelete: members stay where they are until somebody deletes them, \
                 so none of the floor of {floor} is certain before that"
            ),
        ),
        partition => (
            "spec.updateStrategy.rollingUpdate.partition",
            format!(
                "partition {partition}: the members below it stay where they are, so the hard part of \
                 the floor of {floor} is {hard}"
            ),
        ),
    };
    Some(Finding::warning(Code::DoesNotRoll, message).at(field))
}

/// A percentage rounds down, and at least one is replaced: 50 % of 5 is 2, 25 % of 3 is 1.
///
/// Source: `getStatefulSetMaxUnavailable` in Kubernetes' `pkg/controller/statefulset/stateful_set_utils.go`.
fn rolls_several(
    workload: &Workload<'_>,
    placement: &Placement,
) -> Result<Option<Finding>, YamlError> {
    let Mechanism::Ordinals { .. } = placement.mechanism else {
        return Ok(None);
    };
    let path = ["spec", "updateStrategy", "rollingUpdate", "maxUnavailable"];
    let limit = workload
        .resource
        .node
        .at(&path)?
        .and_then(IntOrPercent::read);
    let at_once = limit.map_or(1, |limit| limit.rounded_down(placement.replicas).max(1));
    Ok((at_once > 1).then(|| {
        let floor = placement.floor;
        let left = floor.saturating_sub(at_once);
        let message = format!(
            "maxUnavailable {at_once}: a rollout replaces {at_once} members at a time, which leaves \
             {left} of the floor of {floor} ready"
        );
        Finding::warning(Code::RollsSeveral, message).at(path.join("."))
    }))
}

fn starts_at_once(
    workload: &Workload<'_>,
    placement: &Placement,
) -> Result<Option<Finding>, YamlError> {
    let Mechanism::Ordinals { .. } = placement.mechanism else {
        return Ok(None);
    };
    let path = ["spec", "podManagementPolicy"];
    let policy = workload.resource.node.at(&path)?.map(Node::text);
    let message = "podManagementPolicy Parallel: members start and stop all at once, so the floor is \
                   not ready before the others when they start, or start again";
    Ok((policy == Some("Parallel"))
        .then(|| Finding::warning(Code::ParallelMembers, message).at(path.join("."))))
}
