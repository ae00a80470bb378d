//! The decision: which replicas of a workload go where.

use super::mechanism::mechanism;
use super::{
    CapacityType, Exclusion, Facts, KeptTogether, Mechanism, OnePlace, Range, Share, Strategy,
};

/// What is decided about a workload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is placed.
    Place(Placement),
    /// Nothing is added, and what an earlier run added is removed, but for
    /// [`Exclusion::keeps_placement`].
    LeaveAlone(Exclusion),
}

/// How the replicas of a workload are placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placement {
    /// The strategy that was asked for.
    pub strategy: Strategy,
    /// What carries it out.
    pub mechanism: Mechanism,
    /// R: the replicas that were decided about.
    pub replicas: u32,
    /// F: how many of them stay on on-demand nodes; 0 where nothing is guaranteed.
    pub floor: u32,
    /// The part of F that a filter of the scheduler guarantees; the rest is a preference.
    pub hard: u32,
    /// The autoscaler's range, if there is one.
    pub autoscaled: Option<Range>,
    /// How many members of a StatefulSet keep the template that they were created with, so that
    /// nothing is certain about them.
    pub not_rolled: u32,
}

impl Placement {
    /// Whether a pod of the workload itself may run on a spot node.
    pub fn may_run_on_spot(&self) -> bool {
        self.mechanism != Mechanism::Pinned
    }

    /// Whether the pod template requires on-demand nodes.
    pub fn requires_on_demand(&self) -> bool {
        matches!(
            self.mechanism,
            Mechanism::Pinned | Mechanism::Ordinals { .. }
        )
    }

    /// Whether topology spread constraints are written, which select the workload's own pods.
    pub fn spreads(&self) -> bool {
        matches!(
            self.mechanism,
            Mechanism::Spread { .. } | Mechanism::Ordinals { .. }
        )
    }

    /// Whether a sibling holds the floor.
    pub fn has_sibling(&self) -> bool {
        matches!(self.mechanism, Mechanism::Sibling { .. })
    }

    /// The replicas that survive the loss of every spot node when the workload runs `replicas`,
    /// settled, by the hard part of the placement alone.
    ///
    /// A topology spread keeps the two capacity types within maxSkew S of each other, so on-demand
    /// holds at least max(0, ceil((R - S) / 2)): ten replicas with a maxSkew of 6 keep 2. A scale-in
    /// takes replicas wherever they are, so nothing is certain where an autoscaler does it.
    ///
    /// Members that no rollout has reached may be anywhere: with a floor of 3 and a partition of 1,
    /// 2 are certain.
    pub fn survivors(&self, replicas: u32) -> u32 {
        let hard = match self.mechanism {
            Mechanism::Pinned => replicas,
            Mechanism::Preferred(_) => 0,
            Mechanism::Sibling { .. } => return self.floor,
            Mechanism::Ordinals { .. } => self.floor.min(replicas),
            Mechanism::Spread { .. } if self.autoscaled.is_some() => 0,
            Mechanism::Spread { max_skew, .. } => least_in_each(replicas, max_skew),
        };
        hard.saturating_sub(self.not_rolled)
    }

    /// The replicas on on-demand nodes when the workload runs `replicas`, settled, every preference
    /// holds, the cluster's admission policy is there, and nothing has been lost. What exceeds
    /// [`Self::survivors`] rests on a preference or on a rollout that is still to come.
    ///
    /// A preference for on-demand fills it until the filter stops at a lead of maxSkew S:
    /// on-demand = min(R, floor((R + S) / 2)). Five replicas with a maxSkew of 1 have 3 there, of
    /// which the filter guarantees 2.
    pub fn on_demand(&self, replicas: u32) -> u32 {
        match self.mechanism {
            Mechanism::Pinned | Mechanism::Preferred(CapacityType::OnDemand) => replicas,
            Mechanism::Preferred(CapacityType::Spot) => 0,
            Mechanism::Sibling { .. } => self.floor,
            Mechanism::Ordinals { .. } => self.floor.min(replicas),
            Mechanism::Spread {
                prefer: CapacityType::OnDemand,
                max_skew,
            } => replicas.min(replicas.midpoint(max_skew)),
            Mechanism::Spread { max_skew, .. } => least_in_each(replicas, max_skew),
        }
    }

    /// The replicas on on-demand nodes in a cluster without the admission policy: with `ordinals`
    /// all of them, else as [`Self::on_demand`].
    pub fn on_demand_without_policy(&self, replicas: u32) -> u32 {
        match self.mechanism {
            Mechanism::Ordinals { .. } => replicas,
            _ => self.on_demand(replicas),
        }
    }

    /// As [`Self::survivors`], in a cluster without the admission policy: with `ordinals` the filter
    /// pins every member, so that all 5 of 5 survive where with the policy 3 do.
    pub fn survivors_without_policy(&self, replicas: u32) -> u32 {
        match self.mechanism {
            Mechanism::Ordinals { .. } => replicas.saturating_sub(self.not_rolled),
            _ => self.survivors(replicas),
        }
    }

    /// The replicas that run in all when the workload itself is scaled to `replicas`: an autoscaled
    /// workload's sibling comes on top.
    pub fn total(&self, replicas: u32) -> u32 {
        match self.mechanism {
            Mechanism::Sibling { rest: None } => replicas.saturating_add(self.floor),
            _ => replicas,
        }
    }
}

/// The replicas that a topology spread over two domains leaves at least in each.
fn least_in_each(replicas: u32, max_skew: u32) -> u32 {
    replicas.saturating_sub(max_skew).div_ceil(2)
}

/// Decides about one workload.
pub fn decide(facts: &Facts, strategy: Strategy, share: Share) -> Decision {
    if strategy == Strategy::Off {
        return Decision::LeaveAlone(Exclusion::Off);
    }
    if let Some(exclusion) = facts.excluded {
        return Decision::LeaveAlone(exclusion);
    }
    let counts = matches!(
        strategy,
        Strategy::Floor | Strategy::Ordinals | Strategy::Spread
    );
    if facts.is_unbounded && counts {
        return Decision::LeaveAlone(Exclusion::Unbounded);
    }
    // A sibling that left the output would keep its pods where nothing prunes: it is scaled with
    // its original.
    let stops = strategy == Strategy::Floor && facts.has_sibling && facts.autoscaled.is_none();
    if facts.replicas == 0 && !stops {
        let scales = facts.autoscaled.is_some();
        let exclusion = if scales {
            Exclusion::ScalesToZero
        } else {
            Exclusion::NoReplicas
        };
        return Decision::LeaveAlone(exclusion);
    }
    if let Some(constraint) = facts.constraint {
        return Decision::LeaveAlone(Exclusion::Constrained(constraint));
    }
    if let Some(foreign) = facts.foreign_key {
        return Decision::LeaveAlone(Exclusion::ForeignKey(foreign));
    }
    let placement = place(facts, strategy, share);
    match divided(&placement, facts.kept_together) {
        Some(place) => Decision::LeaveAlone(Exclusion::KeptTogether(place)),
        None => Decision::Place(placement),
    }
}

/// The place in which pods are kept together that `placement` would divide. The pods of a sibling have
/// a template of their own.
fn divided(placement: &Placement, kept: KeptTogether) -> Option<OnePlace> {
    match placement.mechanism {
        Mechanism::Sibling { .. } => kept.two_templates,
        Mechanism::Ordinals { .. } | Mechanism::Spread { .. } => kept.same_template,
        Mechanism::Pinned | Mechanism::Preferred(_) => None,
    }
}

fn place(facts: &Facts, strategy: Strategy, share: Share) -> Placement {
    let replicas = facts.replicas;
    let floor = match strategy {
        Strategy::OnDemand => replicas,
        Strategy::Floor | Strategy::Ordinals | Strategy::Spread => floor(facts, share),
        Strategy::PreferOnDemand | Strategy::Spot | Strategy::Off => 0,
    };
    let mechanism = mechanism(facts, strategy, floor);
    let placement = Placement {
        strategy,
        mechanism,
        replicas,
        floor,
        hard: 0,
        autoscaled: facts.autoscaled,
        not_rolled: facts.members.not_rolled,
    };
    Placement {
        hard: placement.survivors(replicas),
        ..placement
    }
}

/// F of the workload. An autoscaled one whose minimum is a single replica keeps that one: it is
/// not a single replica, and without a floor its quiet hours would be spent on spot alone.
fn floor(facts: &Facts, share: Share) -> u32 {
    let floor = share.floor(facts.basis);
    if facts.autoscaled.is_some() && facts.replicas == 1 {
        floor.max(1)
    } else {
        floor
    }
}
