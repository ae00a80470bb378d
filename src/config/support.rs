//! Which strategies a kind of workload can have.

use super::capacity::UnfitForSpread;
use super::{Capacity, OnDemandNodes};
use crate::placement::{Strategy, WorkloadKind};

/// What is wrong with `spread` on the nodes of `capacity`, if anything is.
pub(super) fn unfit_for_spread(capacity: &Capacity) -> Option<String> {
    let found = match capacity.unfit_for_spread()? {
        UnfitForSpread::NodesWithoutKey => {
            "needs the capacity key on every node, but on-demand nodes \
            are those without a spot label (onDemandLabelled: false, or alsoSpot)"
                .to_owned()
        }
        UnfitForSpread::ManyDomains => format!(
            "counts each value of the capacity key as a domain and needs two of them, but \"{}\" has \
             the values {}; name one for onDemand and one for spot if the nodes have no others",
            capacity.key,
            values(capacity)
        ),
    };
    Some(format!(
        "\"spread\" {found}; use \"floor\" for Deployments, \"ordinals\" for StatefulSets, or \
         \"on-demand\""
    ))
}

/// The values of the key, on-demand nodes' first.
fn values(capacity: &Capacity) -> String {
    let on_demand = match &capacity.on_demand {
        OnDemandNodes::Labelled(values) => values.as_slice(),
        OnDemandNodes::EveryOther => &[],
    };
    [on_demand, &capacity.spot].concat().join(", ")
}

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
