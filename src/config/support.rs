//! Which strategies a kind of workload can have.

use crate::placement::{Strategy, WorkloadKind};

/// What is wrong with `spread` where the nodes do not all have the key.
pub(super) const SPREAD_NEEDS_THE_KEY: &str = "\"spread\" needs the capacity key on every \
    node, but on-demand nodes are those without a spot label (onDemandLabelled: false, or alsoSpot); \
    use \"floor\" for Deployments, \"ordinals\" for StatefulSets, or \"on-demand\"";

/// What is wrong with `strategy` for workloads of `kind`, if anything is.
pub(super) fn unsupported(strategy: Strategy, kind: WorkloadKind) -> Option<&'static str> {
    if strategy.supports(kind) {
        return None;
    }
    Some(match kind {
        WorkloadKind::Deployment => {
            "\"ordinals\" is for StatefulSets, a Deployment keeps its floor with \"floor\""
        }
        WorkloadKind::StatefulSet => {
            "\"floor\" is for Deployments, a StatefulSet keeps its floor with \"ordinals\""
        }
    })
}
