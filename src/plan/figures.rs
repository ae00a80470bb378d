//! The figures of one workload: how many replicas run where, what survives, and what it costs.

use crate::placement::Placement;

/// The figures of a workload that runs a given number of replicas, settled: nothing is rolling
/// out, and on-demand nodes have room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// R: the replicas that the workload runs without this function, at least 1.
    pub replicas: u32,
    /// The replicas on on-demand nodes, by a filter of the scheduler or by preference.
    pub on_demand: u32,
    /// The replicas on spot nodes.
    pub spot: u32,
    /// The hard figure: the replicas that a filter guarantees to survive a loss of every spot node.
    pub survivors: u32,
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
    pub fn of(placement: &Placement, replicas: u32) -> Self {
        let on_demand = placement.on_demand(replicas);
        Self {
            replicas,
            on_demand,
            spot: placement.total(replicas).saturating_sub(on_demand),
            survivors: placement.survivors(replicas),
        }
    }

    /// The replicas that run in all.
    pub fn running(self) -> u64 {
        u64::from(self.on_demand) + u64::from(self.spot)
    }

    /// The replicas beyond the hard figure that survive where the preference for on-demand nodes
    /// has held: on-demand - survivors. Of five replicas of a quorum, 2 survive by the filter and
    /// 1 more by preference.
    pub fn soft(self) -> u32 {
        self.on_demand.saturating_sub(self.survivors)
    }

    /// What it costs, see [`Sum::cost`].
    pub fn cost(self, spot_price_ratio: f64) -> f64 {
        Sum::default().plus(self).cost(spot_price_ratio)
    }
}

/// The figures of several workloads together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum {
    /// The workloads.
    pub workloads: u64,
    /// Those of which at least one replica is guaranteed to survive.
    pub surviving_workloads: u64,
    /// As [`Figures::replicas`].
    pub replicas: u64,
    /// As [`Figures::on_demand`].
    pub on_demand: u64,
    /// As [`Figures::spot`].
    pub spot: u64,
    /// As [`Figures::survivors`].
    pub survivors: u64,
}

impl Sum {
    /// The sum with one more workload.
    #[must_use]
    pub fn plus(self, figures: Figures) -> Self {
        Self {
            workloads: self.workloads + 1,
            surviving_workloads: self.surviving_workloads + u64::from(figures.survivors > 0),
            replicas: self.replicas + u64::from(figures.replicas),
            on_demand: self.on_demand + u64::from(figures.on_demand),
            spot: self.spot + u64::from(figures.spot),
            survivors: self.survivors + u64::from(figures.survivors),
        }
    }

    /// The replicas that run in all.
    pub fn running(self) -> u64 {
        self.on_demand + self.spot
    }

    /// As [`Figures::soft`].
    pub fn soft(self) -> u64 {
        self.on_demand.saturating_sub(self.survivors)
    }

    /// The share of the running replicas that is on spot nodes, 0 to 1; 0 where nothing runs.
    ///
    /// ```text
    /// share = spot / (on-demand + spot)               2 and 8: 8 / 10 = 80 %
    /// ```
    pub fn spot_share(self) -> f64 {
        ratio(number(self.spot), self.running())
    }

    /// The cost relative to the same workloads all on on-demand nodes, without this function:
    ///
    /// ```text
    /// cost = (on-demand + spot * spotPriceRatio) / R
    ///
    /// R=10, floor 2:                   (2 + 8 * 0.1) / 10  = 28 %
    /// autoscaled from 10, floor 2:     (2 + 10 * 0.1) / 10 = 30 %
    /// autoscaled from 1, floor 1:      (1 + 1 * 0.1) / 1   = 110 %
    /// ```
    ///
    /// Every replica counts the same, whatever it requests. 1 where nothing runs.
    pub fn cost(self, spot_price_ratio: f64) -> f64 {
        if self.replicas == 0 {
            return 1.0;
        }
        let price = number(self.spot).mul_add(spot_price_ratio, number(self.on_demand));
        ratio(price, self.replicas)
    }

    /// What is saved against all on on-demand nodes: 1 - cost. 28 % of the cost is a saving of
    /// 72 %; negative where the replicas on top cost more than spot saves.
    pub fn saving(self, spot_price_ratio: f64) -> f64 {
        1.0 - self.cost(spot_price_ratio)
    }
}

fn ratio(part: f64, whole: u64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part / number(whole)
    }
}

/// Replicas as a float, exact below 2^53.
#[expect(clippy::cast_precision_loss, reason = "no estate has 2^53 replicas")]
fn number(replicas: u64) -> f64 {
    replicas as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placement::{Base, Decision, Facts, Range, Share, Strategy, WorkloadKind, decide};

    fn placement(strategy: Strategy, replicas: u32, base: Base, max: Option<u32>) -> Placement {
        let facts = Facts {
            kind: WorkloadKind::Deployment,
            replicas,
            autoscaled: max.map(|max| Range {
                min: replicas,
                max: Some(max),
            }),
            constraint: None,
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
        use Base::{Count, Majority};
        use Strategy::{Floor, OnDemand, PreferOnDemand, Spot, Spread};
        // strategy, R, base, autoscaled to; then on-demand, spot, survivors, soft, cost in percent
        let cases = [
            (OnDemand, 3, Count(1), None, [3, 0, 3, 0, 100]),
            (PreferOnDemand, 3, Count(1), None, [3, 0, 0, 3, 100]),
            (Spot, 4, Count(1), None, [0, 4, 0, 0, 10]),
            (Floor, 10, Count(2), None, [2, 8, 2, 0, 28]),
            (Floor, 2, Count(2), None, [2, 0, 2, 0, 100]),
            (Floor, 10, Count(2), Some(20), [2, 10, 2, 0, 30]),
            (Floor, 1, Count(1), Some(5), [1, 1, 1, 0, 110]),
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
            if strategy == Floor || strategy == Spread {
                assert_eq!(
                    figures.on_demand, placement.floor,
                    "{strategy} R={replicas}"
                );
            }
        }
    }

    #[test]
    fn an_autoscaled_floor_stays_what_it_is_and_a_spread_grows() {
        let floor = placement(Strategy::Floor, 2, Base::Count(1), Some(10));
        let at = Figures::of(&floor, 10);
        assert_eq!((at.on_demand, at.spot, at.survivors), (1, 10, 1));
        let spread = placement(Strategy::Spread, 4, Base::Count(1), Some(10));
        let at = Figures::of(&spread, 10);
        assert_eq!((at.on_demand, at.spot, at.survivors), (4, 6, 4));
    }

    #[test]
    fn nothing_costs_nothing() {
        let nothing = Sum::default();
        assert_eq!(nothing.running(), 0);
        assert!(nothing.spot_share().abs() < f64::EPSILON);
        assert!(nothing.saving(0.1).abs() < f64::EPSILON);
    }
}
