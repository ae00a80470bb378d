//! The figures of one workload: how many replicas run where, what survives, and what it costs.

use crate::placement::{Mechanism, Placement};
use crate::room::Reach;
use crate::run::Limit;

/// The figures of a workload that runs a given number of replicas, settled: nothing is rolling
/// out, and on-demand nodes have room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figures {
    /// R: the replicas that the workload runs without this function.
    pub replicas: u32,
    /// The replicas on on-demand nodes, by a filter of the scheduler or by preference.
    pub on_demand: u32,
    /// The replicas on spot nodes.
    pub spot: u32,
    /// The replicas that nothing holds on either: a workload that is left alone and says nothing
    /// about the capacity type.
    pub anywhere: u32,
    /// The hard figure: the replicas that a filter guarantees to survive a loss of every spot node.
    pub survivors: u32,
    /// The replicas of `on_demand` that find no on-demand node to run on, as far as nodes are known.
    pub pending: u32,
}

/// What becomes of a workload when every spot node is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fate {
    /// At least one replica survives for certain.
    Kept,
    /// Some survive where a preference held.
    Soft,
    /// Its replicas for on-demand nodes find none there.
    Pending,
    /// Nothing holds a replica on on-demand nodes, and nothing sends it to spot.
    Open,
    /// Every replica is on spot nodes.
    Lost,
    /// It runs no replicas.
    Idle,
    /// Nobody knows how many replicas it runs.
    Unknown,
}

impl Figures {
    /// The figures of `placement` at `replicas`.
    ///
    /// ```text
    /// spot = running - on-demand       where the running replicas are R, and R + F for an
    ///                                  autoscaled workload whose sibling comes on top
    /// ```
    ///
    /// Ten replicas with a floor of 2 run 2 on on-demand nodes and 8 on spot. Autoscaled from 10,
    /// the floor comes on top: 2 on on-demand nodes and 10 on spot.
    ///
    /// An autoscaled `spread` keeps nothing for certain: a scale-in removes replicas wherever they
    /// are, and one at its minimum of 4 was measured to keep none.
    pub fn of(placement: &Placement, replicas: u32) -> Self {
        let on_demand = placement.on_demand(replicas);
        let is_spread = matches!(placement.mechanism, Mechanism::Spread { .. });
        let is_soft = is_spread && placement.autoscaled.is_some();
        Self {
            replicas,
            on_demand,
            spot: placement.total(replicas).saturating_sub(on_demand),
            anywhere: 0,
            pending: 0,
            survivors: if is_soft {
                0
            } else {
                placement.survivors(replicas)
            },
        }
    }

    /// As [`Figures::of`], on a cluster without the admission policy: what it would let go to spot
    /// nodes is pinned to on-demand nodes.
    pub fn without_policy(placement: &Placement, replicas: u32) -> Self {
        let with = Self::of(placement, replicas);
        let on_demand = placement.on_demand_without_policy(replicas);
        let pinned = on_demand.saturating_sub(with.on_demand);
        if pinned == 0 {
            return with;
        }
        Self {
            on_demand,
            spot: with.spot.saturating_sub(pinned),
            survivors: placement.survivors_without_policy(replicas),
            ..with
        }
    }

    /// The figures of a workload that is not placed, by the nodes that its owner lets it reach.
    pub fn unplaced(reach: Reach, replicas: u32) -> Self {
        let (on_demand, spot, anywhere) = match (reach.on_demand, reach.spot) {
            (true, false) => (replicas, 0, 0),
            (false, true) => (0, replicas, 0),
            (true, true) | (false, false) => (0, 0, replicas),
        };
        Self {
            replicas,
            on_demand,
            spot,
            anywhere,
            survivors: on_demand,
            pending: 0,
        }
    }

    /// The same where on-demand nodes take no more than `limit`: the others of those that are pinned
    /// stay Pending, those that are not run on spot nodes.
    #[must_use]
    pub fn limited(self, limit: &Limit) -> Self {
        let left = self.on_demand.saturating_sub(limit.seats);
        let limited = Self {
            survivors: self.survivors.min(limit.seats),
            ..self
        };
        if limit.others_wait {
            return Self {
                pending: left,
                ..limited
            };
        }
        Self {
            on_demand: self.on_demand - left,
            spot: self.spot + left,
            ..limited
        }
    }

    /// The replicas that run in all.
    pub fn running(self) -> u64 {
        u64::from(self.on_demand) + u64::from(self.spot) + u64::from(self.anywhere)
    }

    /// The replicas beyond the hard figure that survive where the preference for on-demand nodes
    /// has held: on-demand - survivors. Of five replicas of a quorum, 2 survive by the filter and
    /// 1 more by preference.
    pub fn soft(self) -> u32 {
        self.on_demand
            .saturating_sub(self.survivors)
            .saturating_sub(self.pending)
    }

    /// The share of the running replicas that survives for certain, 0 to 1.
    pub fn surviving_share(self) -> f64 {
        let running = f64::from(self.on_demand) + f64::from(self.spot) + f64::from(self.anywhere);
        if running > 0.0 {
            f64::from(self.survivors) / running
        } else {
            0.0
        }
    }

    /// What becomes of the workload when every spot node is lost.
    pub fn fate(self) -> Fate {
        match self {
            _ if self.running() == 0 => Fate::Idle,
            Self { survivors: 1.., .. } => Fate::Kept,
            _ if self.soft() > 0 => Fate::Soft,
            Self { pending: 1.., .. } => Fate::Pending,
            Self { anywhere: 1.., .. } => Fate::Open,
            _ => Fate::Lost,
        }
    }

    /// The replicas as whole on-demand ones that cost the same, where a spot node costs
    /// `spot_price_ratio` of an on-demand node. What nothing holds on either counts as on-demand.
    ///
    /// ```text
    /// paid = on-demand + anywhere + spot * spotPriceRatio        2 + 8 * 0.1 = 2.8
    /// ```
    pub fn paid(self, spot_price_ratio: f64) -> f64 {
        let full = f64::from(self.on_demand) + f64::from(self.anywhere);
        f64::from(self.spot).mul_add(spot_price_ratio, full)
    }

    /// The cost relative to the same workload all on on-demand nodes, without this function:
    ///
    /// ```text
    /// cost = paid / R
    ///
    /// R=10, floor 2:                   (2 + 8 * 0.1) / 10  = 28 %
    /// autoscaled from 10, floor 2:     (2 + 10 * 0.1) / 10 = 30 %
    /// autoscaled from 1, floor 1:      (1 + 1 * 0.1) / 1   = 110 %
    /// ```
    ///
    /// The replicas of one workload request the same, so nothing has to be weighed. 1 where nothing
    /// runs.
    pub fn cost(self, spot_price_ratio: f64) -> f64 {
        if self.replicas == 0 {
            return 1.0;
        }
        self.paid(spot_price_ratio) / f64::from(self.replicas)
    }
}

/// The figures of several workloads together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum {
    /// The workloads.
    pub workloads: u64,
    /// As [`Figures::replicas`].
    pub replicas: u64,
    /// As [`Figures::on_demand`].
    pub on_demand: u64,
    /// As [`Figures::spot`].
    pub spot: u64,
    /// As [`Figures::anywhere`].
    pub anywhere: u64,
    /// As [`Figures::survivors`].
    pub survivors: u64,
    /// As [`Figures::pending`].
    pub pending: u64,
}

impl Sum {
    /// The sum with one more workload.
    #[must_use]
    pub fn plus(self, figures: Figures) -> Self {
        Self {
            workloads: self.workloads + 1,
            replicas: self.replicas + u64::from(figures.replicas),
            on_demand: self.on_demand + u64::from(figures.on_demand),
            spot: self.spot + u64::from(figures.spot),
            anywhere: self.anywhere + u64::from(figures.anywhere),
            survivors: self.survivors + u64::from(figures.survivors),
            pending: self.pending + u64::from(figures.pending),
        }
    }

    /// The replicas that run in all.
    pub fn running(self) -> u64 {
        self.on_demand + self.spot + self.anywhere
    }

    /// As [`Figures::soft`].
    pub fn soft(self) -> u64 {
        self.on_demand
            .saturating_sub(self.survivors)
            .saturating_sub(self.pending)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placement::{
        Base, Decision, Facts, KeptTogether, Members, Range, Share, Strategy, WorkloadKind, decide,
    };

    fn placement(strategy: Strategy, replicas: u32, base: Base, max: Option<u32>) -> Placement {
        let facts = Facts {
            kind: WorkloadKind::Deployment,
            replicas,
            basis: replicas,
            autoscaled: max.map(|max| Range {
                min: replicas,
                max: Some(max),
            }),
            constraint: None,
            foreign_key: None,
            is_unbounded: false,
            kept_together: KeptTogether::default(),
            members: Members::default(),
            excluded: None,
            has_sibling: false,
        };
        let share = Share {
            base,
            percent_above_base: 0,
        };
        match decide(&facts, strategy, share) {
            Decision::Place(placement) => placement,
            Decision::LeaveAlone(reason) => panic!("{reason:?}"),
        }
    }

    #[test]
    fn where_replicas_run_and_what_it_costs() {
        use Base::{Count, Majority, MajorityPlusOne};
        use Strategy::{Floor, OnDemand, Ordinals, PreferOnDemand, Spot, Spread};
        // strategy, R, base, autoscaled to; then on-demand, spot, survivors, soft, cost in percent
        let cases = [
            (OnDemand, 3, Count(1), None, [3, 0, 3, 0, 100]),
            (PreferOnDemand, 3, Count(1), None, [3, 0, 0, 3, 100]),
            (Spot, 4, Count(1), None, [0, 4, 0, 0, 10]),
            (Floor, 10, Count(2), None, [2, 8, 2, 0, 28]),
            (Floor, 2, Count(2), None, [2, 0, 2, 0, 100]),
            (Floor, 10, Count(2), Some(20), [2, 10, 2, 0, 30]),
            (Floor, 1, Count(1), Some(5), [1, 1, 1, 0, 110]),
            (Ordinals, 3, Majority, None, [2, 1, 2, 0, 70]),
            (Ordinals, 5, Majority, None, [3, 2, 3, 0, 64]),
            (Ordinals, 5, MajorityPlusOne, None, [4, 1, 4, 0, 82]),
            (Ordinals, 2, Majority, None, [2, 0, 2, 0, 100]),
            (Ordinals, 3, Count(3), Some(9), [3, 0, 3, 0, 100]),
            (Spread, 10, Count(2), None, [2, 8, 2, 0, 28]),
            (Spread, 10, Count(5), None, [5, 5, 5, 0, 55]),
            (Spread, 3, Majority, None, [2, 1, 1, 1, 70]),
            (Spread, 4, Majority, None, [3, 1, 1, 2, 78]),
            (Spread, 5, Majority, None, [3, 2, 2, 1, 64]),
            (Spread, 10, Count(9), None, [9, 1, 1, 8, 91]),
        ];
        for (strategy, replicas, base, max, expected) in cases {
            let placement = placement(strategy, replicas, base, max);
            let figures = Figures::of(&placement, replicas);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let percent = (figures.cost(0.1) * 100.0).round() as u32;
            let found = [
                figures.on_demand,
                figures.spot,
                figures.survivors,
                figures.soft(),
                percent,
            ];
            assert_eq!(found, expected, "{strategy} R={replicas} {base}");
            if strategy.divides() {
                assert_eq!(
                    figures.on_demand, placement.floor,
                    "{strategy} R={replicas}"
                );
            }
        }
    }

    #[test]
    fn an_autoscaled_floor_stays_what_it_is_and_a_spread_grows_without_a_promise() {
        let floor = placement(Strategy::Floor, 2, Base::Count(1), Some(10));
        let at = Figures::of(&floor, 10);
        assert_eq!((at.on_demand, at.spot, at.survivors), (1, 10, 1));
        let spread = placement(Strategy::Spread, 4, Base::Count(1), Some(10));
        let at = Figures::of(&spread, 10);
        assert_eq!((at.on_demand, at.spot, at.survivors), (4, 6, 0));
    }

    /// 8 of 20 at the maximum is what a scale-in can take away.
    #[test]
    fn an_autoscaled_spread_keeps_nothing_for_certain() {
        let spread = placement(Strategy::Spread, 4, Base::Count(2), Some(20));
        let at = Figures::of(&spread, 4);
        assert_eq!((at.on_demand, at.survivors, at.soft()), (2, 0, 2));
        assert_eq!(at.fate(), Fate::Soft);
    }

    /// Two of ten are pinned, and one finds a node, then none; of ten that are spread, none is counted on.
    #[test]
    fn what_finds_no_on_demand_node_does_not_survive() {
        let limited = |strategy, seats, others_wait| {
            let placement = placement(strategy, 10, Base::Count(2), None);
            let figures = Figures::of(&placement, 10).limited(&Limit { seats, others_wait });
            let Figures {
                on_demand,
                spot,
                survivors,
                pending,
                ..
            } = figures;
            ([on_demand, spot, survivors, pending], figures.fate())
        };
        let floor = |seats| limited(Strategy::Floor, seats, true);
        assert_eq!(floor(1), ([2, 8, 1, 1], Fate::Kept));
        assert_eq!(floor(0), ([2, 8, 0, 2], Fate::Pending));
        assert_eq!(
            limited(Strategy::Spread, 0, false),
            ([0, 10, 0, 0], Fate::Lost)
        );
    }

    #[test]
    fn what_becomes_of_a_workload_that_is_left_alone() {
        let fate = |on_demand, spot, replicas| {
            let figures = Figures::unplaced(Reach { on_demand, spot }, replicas);
            (figures.survivors, figures.fate())
        };
        assert_eq!(fate(true, false, 3), (3, Fate::Kept));
        assert_eq!(fate(false, true, 3), (0, Fate::Lost));
        assert_eq!(fate(true, true, 3), (0, Fate::Open));
        assert_eq!(fate(true, true, 0), (0, Fate::Idle));
    }
}
