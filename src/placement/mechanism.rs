//! The fields that carry out a strategy, chosen by strategy and floor.

use super::{Facts, Strategy};

/// A class of nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CapacityType {
    /// Nodes that stay.
    OnDemand,
    /// Nodes that can all vanish at once.
    Spot,
}

/// The fields that carry out a strategy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mechanism {
    /// A required node affinity to on-demand nodes.
    Pinned,
    /// A preferred node affinity.
    Preferred(CapacityType),
    /// A sibling Deployment holds the floor; the original prefers spot.
    Sibling {
        /// The replicas that the original keeps: R - F. `None` where an autoscaler sets them.
        rest: Option<u32>,
    },
    /// A required node affinity to on-demand nodes, which the cluster's admission policy lifts for
    /// the members of a StatefulSet from an ordinal on; those prefer spot.
    Ordinals {
        /// The first ordinal that may use spot: the lowest ordinal + F.
        spot_from: u32,
    },
    /// A topology spread constraint over the capacity key beside a preferred node affinity.
    Spread {
        /// The preference.
        prefer: CapacityType,
        /// `maxSkew`, at least 1.
        max_skew: u32,
    },
}

/// Chooses the mechanism of `strategy` for a floor of `floor` replicas.
///
/// A floor of all replicas is a plain requirement, but not where an autoscaler may add more: those
/// need no on-demand node.
pub(super) fn mechanism(facts: &Facts, strategy: Strategy, floor: u32) -> Mechanism {
    let replicas = facts.replicas;
    let is_fixed = facts.autoscaled.is_none();
    match strategy {
        Strategy::OnDemand => Mechanism::Pinned,
        Strategy::PreferOnDemand => Mechanism::Preferred(CapacityType::OnDemand),
        Strategy::Spot | Strategy::Off => Mechanism::Preferred(CapacityType::Spot),
        // Its sibling is scaled to none with it.
        Strategy::Floor if replicas == 0 && is_fixed => Mechanism::Sibling { rest: Some(0) },
        Strategy::Floor | Strategy::Ordinals | Strategy::Spread if floor == 0 => {
            Mechanism::Preferred(CapacityType::Spot)
        }
        Strategy::Floor | Strategy::Ordinals | Strategy::Spread
            if floor == replicas && is_fixed =>
        {
            Mechanism::Pinned
        }
        Strategy::Floor => Mechanism::Sibling {
            rest: is_fixed.then(|| replicas - floor),
        },
        Strategy::Ordinals => Mechanism::Ordinals {
            spot_from: facts.members.start.saturating_add(floor),
        },
        Strategy::Spread => spread(facts.basis, floor),
    }
}

/// The constraint that keeps `floor` of `replicas` on on-demand nodes.
///
/// With R replicas, a maxSkew of S and a preference for spot, the scheduler fills spot until the
/// filter stops it: on-demand = max(0, ceil((R - S) / 2)). Solved for F on-demand:
///
/// ```text
/// F <= R/2: prefer spot,      S = max(1, R - 2F)    R=10 F=2 -> S=6: 2 on on-demand, 8 on spot
/// F >  R/2: prefer on-demand, S = max(1, 2F - R)    R=5  F=3 -> S=1: 3 on on-demand, 2 on spot
/// ```
///
/// In the second case the filter guarantees R - F on on-demand nodes and the preference makes it F.
/// Source of the filter's rule: `pkg/scheduler/framework/plugins/podtopologyspread/filtering.go`
/// of Kubernetes.
fn spread(replicas: u32, floor: u32) -> Mechanism {
    let (prefer, skew) = if floor <= replicas / 2 {
        (CapacityType::Spot, replicas - 2 * floor)
    } else {
        (CapacityType::OnDemand, floor - (replicas - floor))
    };
    Mechanism::Spread {
        prefer,
        max_skew: skew.max(1),
    }
}
