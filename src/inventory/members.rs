//! The ordinals of a StatefulSet's members, and which of them a rollout reaches.

use crate::fields::{FactError, count};
use crate::placement::{Members, WorkloadKind};
use yaml_splice::Node;

/// Reads the ordinals of the members of `workload`; what is no StatefulSet has none.
///
/// A rollout replaces the members from the highest ordinal down to `start + partition`, and none
/// with `OnDelete`. Source: `updateStatefulSet` in Kubernetes'
/// `pkg/controller/statefulset/stateful_set_control.go`.
pub(super) fn read(workload: Node<'_>, kind: WorkloadKind) -> Result<Members, FactError> {
    if kind != WorkloadKind::StatefulSet {
        return Ok(Members::default());
    }
    let start = count(workload, &["spec", "ordinals", "start"])?;
    let update = workload.at(&["spec", "updateStrategy", "type"])?;
    let not_rolled = if update.is_some_and(|update| update.text() == "OnDelete") {
        u32::MAX
    } else {
        let partition = ["spec", "updateStrategy", "rollingUpdate", "partition"];
        count(workload, &partition)?.unwrap_or(0)
    };
    Ok(Members {
        start: start.unwrap_or(0),
        not_rolled,
    })
}
