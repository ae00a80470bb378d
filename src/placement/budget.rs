//! The disruption budget that guards a floor: how many of which pods may go at a time.

use super::{Mechanism, Placement};

/// A `PodDisruptionBudget` by what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FloorBudget {
    /// The pods that it selects.
    pub pods: GuardedPods,
    /// What it allows.
    pub limit: BudgetLimit,
}

/// The pods that a budget selects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GuardedPods {
    /// Those of the workload, and of its sibling where it has one.
    All,
    /// Those of the sibling.
    Sibling,
    /// The members of a `StatefulSet` from one ordinal to below another.
    Members {
        /// The first.
        from: u32,
        /// The one behind the last.
        to: u32,
    },
}

/// What a budget allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BudgetLimit {
    /// So many may be missing.
    MaxUnavailable(u32),
    /// So many have to be ready.
    MinAvailable(u32),
}

impl Placement {
    /// The budget under which no eviction takes the whole floor at once; `None` where nothing is
    /// guaranteed, and for a single replica, which no budget can keep and yet let go.
    ///
    /// It never blocks the drain of every spot node, since it asks for no more than what runs on
    /// on-demand nodes; nor that of an on-demand node, since one of the guarded pods may always go
    /// while the others are ready.
    ///
    /// ```text
    /// sibling,  F >= 2   maxUnavailable 1 of the sibling's pods    F = 4: 3 of them at every moment
    /// sibling,  F  = 1   minAvailable 1 of all pods                R = 2: the one on spot while the floor moves
    /// pinned,   R >= 2   maxUnavailable 1 of all pods
    /// ordinals, F >= 2   minAvailable F - 1 of the members below F
    /// ordinals, F  = 1   minAvailable 1 of all pods                where R >= 2
    /// spread,   H >= 1   minAvailable max(1, H - 1) of all pods    H is the hard part of F
    /// ```
    ///
    /// For the members it cannot be `maxUnavailable`: that counts from the replicas of the whole
    /// `StatefulSet`. Source: `getExpectedPodCount` in Kubernetes'
    /// `pkg/controller/disruption/disruption.go`.
    pub fn budget(&self) -> Option<FloorBudget> {
        let all = |limit| FloorBudget {
            pods: GuardedPods::All,
            limit,
        };
        let is_alone = self.total(self.replicas) < 2;
        match (self.mechanism, self.floor) {
            (Mechanism::Preferred(_), _) | (_, 0) => None,
            (Mechanism::Pinned, _) if self.autoscaled.is_none() && is_alone => None,
            (Mechanism::Pinned, _) => Some(all(BudgetLimit::MaxUnavailable(1))),
            _ if is_alone => None,
            (Mechanism::Sibling { .. } | Mechanism::Ordinals { .. }, 1) => {
                Some(all(BudgetLimit::MinAvailable(1)))
            }
            (Mechanism::Sibling { .. }, _) => Some(FloorBudget {
                pods: GuardedPods::Sibling,
                limit: BudgetLimit::MaxUnavailable(1),
            }),
            (Mechanism::Ordinals { spot_from }, floor) => Some(FloorBudget {
                pods: GuardedPods::Members {
                    from: spot_from.saturating_sub(floor),
                    to: spot_from,
                },
                limit: BudgetLimit::MinAvailable(floor - 1),
            }),
            (Mechanism::Spread { .. }, _) if self.hard == 0 => None,
            (Mechanism::Spread { .. }, _) => {
                Some(all(BudgetLimit::MinAvailable((self.hard - 1).max(1))))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::BudgetLimit::{MaxUnavailable, MinAvailable};
    use super::*;
    use crate::placement::{
        Base, Decision, Facts, KeptTogether, Members, Range, Share, Strategy, WorkloadKind, decide,
    };

    fn budget(
        kind: WorkloadKind,
        strategy: Strategy,
        replicas: u32,
        floor: u32,
        autoscaled: Option<Range>,
    ) -> Option<FloorBudget> {
        let facts = Facts {
            kind,
            replicas,
            autoscaled,
            basis: replicas,
            constraint: None,
            foreign_key: None,
            is_unbounded: false,
            kept_together: KeptTogether::default(),
            members: Members::default(),
            excluded: None,
            has_sibling: false,
        };
        let share = Share {
            base: Base::Count(floor),
            percent_above_base: 0,
        };
        match decide(&facts, strategy, share) {
            Decision::Place(placement) => placement.budget(),
            Decision::LeaveAlone(_) => None,
        }
    }

    #[test]
    fn as_the_table_says() {
        use GuardedPods::{All, Members, Sibling};
        use Strategy::{Floor, OnDemand, Ordinals, PreferOnDemand, Spot, Spread};
        use WorkloadKind::{Deployment, StatefulSet};
        let pods = |pods, limit| Some(FloorBudget { pods, limit });
        for (kind, strategy, replicas, floor, expected) in [
            (Deployment, OnDemand, 1, 1, None),
            (Deployment, OnDemand, 2, 2, pods(All, MaxUnavailable(1))),
            (Deployment, Floor, 2, 1, pods(All, MinAvailable(1))),
            (Deployment, Floor, 10, 2, pods(Sibling, MaxUnavailable(1))),
            (Deployment, Floor, 20, 4, pods(Sibling, MaxUnavailable(1))),
            (Deployment, Floor, 3, 3, pods(All, MaxUnavailable(1))),
            (Deployment, Floor, 3, 0, None),
            (Deployment, PreferOnDemand, 3, 0, None),
            (Deployment, Spot, 3, 0, None),
            (StatefulSet, Ordinals, 3, 1, pods(All, MinAvailable(1))),
            (
                StatefulSet,
                Ordinals,
                5,
                3,
                pods(Members { from: 0, to: 3 }, MinAvailable(2)),
            ),
            (StatefulSet, Ordinals, 2, 2, pods(All, MaxUnavailable(1))),
            (StatefulSet, Spread, 10, 2, pods(All, MinAvailable(1))),
            (StatefulSet, Spread, 20, 4, pods(All, MinAvailable(3))),
            // Two of the floor of three are certain.
            (StatefulSet, Spread, 5, 3, pods(All, MinAvailable(1))),
        ] {
            let found = budget(kind, strategy, replicas, floor, None);
            assert_eq!(found, expected, "{kind} {strategy} {replicas} {floor}");
        }
    }

    #[test]
    fn an_autoscaled_workload_may_be_at_its_minimum() {
        use GuardedPods::All;
        let range = |min| Some(Range { min, max: Some(9) });
        let found = |kind, strategy, min| budget(kind, strategy, min, 1, range(min));
        let one = Some(FloorBudget {
            pods: All,
            limit: MinAvailable(1),
        });
        // Its sibling comes on top of it.
        assert_eq!(found(WorkloadKind::Deployment, Strategy::Floor, 1), one);
        assert_eq!(
            found(WorkloadKind::StatefulSet, Strategy::Ordinals, 1),
            None
        );
        assert_eq!(found(WorkloadKind::StatefulSet, Strategy::Ordinals, 2), one);
        assert_eq!(found(WorkloadKind::StatefulSet, Strategy::Spread, 4), None);
    }
}
