//! The decision: which replicas of a workload go where.

use crate::workload::{Constraint, Range};

use super::{Share, Strategy, WorkloadKind};

/// What the decision depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// The kind of the workload.
    pub kind: WorkloadKind,
    /// R: `spec.replicas`, or the autoscaler's minimum.
    pub replicas: u32,
    /// The autoscaler's range, if there is one.
    pub autoscaled: Option<Range>,
    /// The user's own constraint on the capacity key, if there is one.
    pub constraint: Option<Constraint>,
}

impl Facts {
    /// One replica and no autoscaler.
    pub fn is_single_replica(&self) -> bool {
        self.replicas == 1 && self.autoscaled.is_none()
    }
}

/// What is decided about a workload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is placed.
    Place(Placement),
    /// Nothing is added, and what an earlier run added is taken back.
    LeaveAlone(Reason),
}

/// Why a workload is left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Its strategy is `off`.
    Off,
    /// Its namespace is excluded.
    ExcludedNamespace,
    /// It asks for no replicas.
    NoReplicas,
    /// Its autoscaler's minimum is zero.
    ScalesToZero,
    /// Its owner constrains the capacity key.
    Constrained(Constraint),
}

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
pub enum Form {
    /// A required node affinity to on-demand nodes.
    Pinned,
    /// A preferred node affinity.
    Preferred(CapacityType),
    /// A sibling Deployment holds the floor; the original prefers spot.
    Sibling {
        /// The replicas that the original keeps: R - F. `None` where an autoscaler sets them.
        rest: Option<u32>,
    },
    /// A topology spread constraint over the capacity key beside a preferred node affinity.
    Spread {
        /// The preference.
        prefer: CapacityType,
        /// `maxSkew`, at least 1.
        max_skew: u32,
    },
}

/// How the replicas of a workload are placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placement {
    /// The strategy that was asked for.
    pub strategy: Strategy,
    /// What carries it out.
    pub form: Form,
    /// R: the replicas that were decided about.
    pub replicas: u32,
    /// F: how many of them stay on on-demand nodes; 0 where nothing is guaranteed.
    pub floor: u32,
    /// The part of F that a filter of the scheduler guarantees; the rest is a preference.
    pub hard: u32,
    /// The autoscaler's range, if there is one.
    pub autoscaled: Option<Range>,
}

impl Placement {
    /// Whether a pod of the workload itself may run on a spot node.
    pub fn may_run_on_spot(&self) -> bool {
        self.form != Form::Pinned
    }

    /// Whether a sibling holds the floor.
    pub fn has_sibling(&self) -> bool {
        matches!(self.form, Form::Sibling { .. })
    }

    /// The replicas that survive the loss of every spot node when the workload runs `replicas`,
    /// settled, by the hard part of the placement alone.
    ///
    /// The filter keeps the two capacity types within maxSkew S of each other, so on-demand holds
    /// at least max(0, ceil((R - S) / 2)): ten replicas with a maxSkew of 6 keep 2.
    pub fn survivors(&self, replicas: u32) -> u32 {
        match self.form {
            Form::Pinned => replicas,
            Form::Preferred(_) => 0,
            Form::Sibling { .. } => self.floor,
            Form::Spread { max_skew, .. } => replicas.saturating_sub(max_skew).div_ceil(2),
        }
    }

    /// The replicas on on-demand nodes when the workload runs `replicas`, settled, every preference
    /// holds and nothing has been lost. What exceeds [`Self::survivors`] rests on a preference.
    ///
    /// A preference for on-demand fills it until the filter stops at a lead of maxSkew S:
    /// on-demand = min(R, floor((R + S) / 2)). Five replicas with a maxSkew of 1 have 3 there, of
    /// which the filter guarantees 2.
    pub fn on_demand(&self, replicas: u32) -> u32 {
        match self.form {
            Form::Preferred(CapacityType::OnDemand) => replicas,
            Form::Spread {
                prefer: CapacityType::OnDemand,
                max_skew,
            } => replicas.min(replicas.midpoint(max_skew)),
            _ => self.survivors(replicas),
        }
    }

    /// The replicas that run in all when the workload itself is scaled to `replicas`: an autoscaled
    /// workload's sibling comes on top.
    pub fn total(&self, replicas: u32) -> u32 {
        match self.form {
            Form::Sibling { rest: None } => replicas.saturating_add(self.floor),
            _ => replicas,
        }
    }
}

/// Decides about one workload.
pub fn decide(facts: &Facts, strategy: Strategy, share: Share) -> Decision {
    if strategy == Strategy::Off {
        return Decision::LeaveAlone(Reason::Off);
    }
    if facts.replicas == 0 {
        let scales = facts.autoscaled.is_some();
        let reason = if scales {
            Reason::ScalesToZero
        } else {
            Reason::NoReplicas
        };
        return Decision::LeaveAlone(reason);
    }
    if let Some(constraint) = facts.constraint {
        return Decision::LeaveAlone(Reason::Constrained(constraint));
    }
    Decision::Place(place(facts, strategy, share))
}

fn place(facts: &Facts, strategy: Strategy, share: Share) -> Placement {
    let replicas = facts.replicas;
    let floor = match strategy {
        Strategy::OnDemand => replicas,
        Strategy::Floor | Strategy::Spread => floor(facts, share),
        Strategy::PreferOnDemand | Strategy::Spot | Strategy::Off => 0,
    };
    let form = form(facts, strategy, floor);
    let placement = Placement {
        strategy,
        form,
        replicas,
        floor,
        hard: 0,
        autoscaled: facts.autoscaled,
    };
    Placement {
        hard: placement.survivors(replicas),
        ..placement
    }
}

/// F of the workload. An autoscaled one whose minimum is a single replica keeps that one: it is
/// not a single replica, and without a floor its quiet hours would be spent on spot alone.
fn floor(facts: &Facts, share: Share) -> u32 {
    let floor = share.floor(facts.replicas);
    if facts.autoscaled.is_some() && facts.replicas == 1 {
        floor.max(1)
    } else {
        floor
    }
}

fn form(facts: &Facts, strategy: Strategy, floor: u32) -> Form {
    let replicas = facts.replicas;
    let scales_from_one = facts.autoscaled.is_some() && replicas == 1;
    match strategy {
        Strategy::OnDemand => Form::Pinned,
        Strategy::PreferOnDemand => Form::Preferred(CapacityType::OnDemand),
        Strategy::Spot | Strategy::Off => Form::Preferred(CapacityType::Spot),
        Strategy::Floor | Strategy::Spread if floor == 0 => Form::Preferred(CapacityType::Spot),
        Strategy::Floor | Strategy::Spread if floor == replicas && !scales_from_one => Form::Pinned,
        Strategy::Floor => Form::Sibling {
            rest: facts.autoscaled.is_none().then(|| replicas - floor),
        },
        Strategy::Spread => spread(replicas, floor),
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
fn spread(replicas: u32, floor: u32) -> Form {
    let (prefer, skew) = if floor <= replicas / 2 {
        (CapacityType::Spot, replicas - 2 * floor)
    } else {
        (CapacityType::OnDemand, floor - (replicas - floor))
    };
    Form::Spread {
        prefer,
        max_skew: skew.max(1),
    }
}
