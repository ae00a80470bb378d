//! What a night did to the workloads of one approach.

use std::fmt;
use std::time::Instant;

use crate::approach::Approach;
use crate::census::{Count, History};
use crate::workload::{Case, Kind};

/// Minutes of the night in one second of the replay. A pod, which the played kubelets start within 0.1 to 0.5 s, so
/// takes 12 to 60 s.
pub const MINUTES_PER_SECOND: f64 = 2.0;

/// Minutes in which a workload was short of something, and what its replicas ran on.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Tally {
    /// Fewer ready replicas than serve: none of a Deployment, no quorum of a StatefulSet.
    pub without_service: f64,
    /// Fewer ready replicas than F.
    pub below_floor: f64,
    /// Replica-minutes on on-demand nodes.
    pub on_demand: f64,
    /// Replica-minutes on spot nodes.
    pub spot: f64,
    /// The fewest ready replicas at any instant.
    pub lowest: Option<u32>,
}

/// One approach over a night.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The night's name.
    pub night: String,
    /// Whether it was measured.
    pub measured: bool,
    /// Its length.
    pub minutes: f64,
    /// How pods were placed.
    pub approach: Approach,
    /// Kubernetes version.
    pub version: String,
    /// Every workload with what happened to it.
    pub workloads: Vec<(Case, Tally)>,
}

impl Tally {
    /// Adds a span of the night: what was seen in the replay until `now`, and from then on what it settled to.
    pub fn add(&mut self, case: &Case, minutes: f64, history: &History, now: Instant) {
        let short = |needed: u32| {
            let is_short = |count: &Count| f64::from(u8::from(count.ready() < needed));
            let moving = (history.seconds(now, is_short) * MINUTES_PER_SECOND).min(minutes);
            let rest = (minutes - history.seconds(now, |_| 1.0) * MINUTES_PER_SECOND).max(0.0);
            moving + rest * is_short(&history.last())
        };
        self.without_service += short(case.quorum());
        self.below_floor += short(case.floor);
        let settled = history.last();
        self.on_demand += f64::from(settled.on_demand) * minutes;
        self.spot += f64::from(settled.spot) * minutes;
        let lowest = history.lowest(Count::ready);
        self.lowest = Some(self.lowest.map_or(lowest, |so_far| so_far.min(lowest)));
    }
}

impl Outcome {
    /// Sums over the workloads.
    fn sum(&self, value: impl Fn(&Tally) -> f64) -> f64 {
        self.workloads.iter().map(|(_, tally)| value(tally)).sum()
    }

    /// Minutes a week in which one of the workloads did not serve, added up.
    pub fn without_service_a_week(&self) -> f64 {
        self.sum(|tally| tally.without_service) * 7.0 * 24.0 * 60.0 / self.minutes
    }

    /// Share of the replica-minutes on spot nodes.
    pub fn spot_share(&self) -> f64 {
        let spot = self.sum(|tally| tally.spot);
        spot / (spot + self.sum(|tally| tally.on_demand)).max(1.0)
    }

    /// Cost relative to the same replica-minutes on on-demand nodes.
    pub fn cost(&self, spot_price_ratio: f64) -> f64 {
        1.0 - self.spot_share() * (1.0 - spot_price_ratio)
    }

    /// The broken promises of the night, in words: with the function every workload serves at every instant.
    pub fn broken(&self) -> Vec<String> {
        if !self.approach.is_function() {
            return Vec::new();
        }
        let broken = self
            .workloads
            .iter()
            .filter(|(_, tally)| tally.without_service > 0.0);
        broken
            .map(|(case, tally)| {
                format!(
                    "{}, {}: {:.1} minutes without service, {:?} ready at the lowest point",
                    self.night,
                    case.name(),
                    tally.without_service,
                    tally.lowest
                )
            })
            .collect()
    }

    /// The first workload of this kind with this many replicas, or more.
    pub fn of(&self, kind: Kind, replicas: u32) -> Option<&Tally> {
        let is_it = |(case, _): &&(Case, Tally)| case.kind == kind && case.replicas == replicas;
        self.workloads.iter().find(is_it).map(|(_, tally)| tally)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {} night {} | {:.1} minutes a week without service, {:.0} % on spot",
            self.version,
            self.approach.name,
            self.night,
            self.without_service_a_week(),
            100.0 * self.spot_share()
        )
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn ready(spot: u32) -> Count {
        Count {
            spot,
            ..Count::default()
        }
    }

    #[test]
    fn what_moves_is_slowed_down_and_what_stays_lasts_until_the_next_change() {
        let start = Instant::now();
        let mut history = History::from(start, ready(10));
        history.add(start, ready(0));
        history.add(start + Duration::from_secs(3), ready(10));
        let mut tally = Tally::default();
        let case = Case::deployment(10, 2);
        tally.add(&case, 60.0, &history, start + Duration::from_secs(5));
        assert!((tally.without_service - 3.0 * MINUTES_PER_SECOND).abs() < 1e-9);
        assert!((tally.spot - 600.0).abs() < 1e-9);

        history.add(start + Duration::from_secs(5), ready(0));
        let mut tally = Tally::default();
        tally.add(&case, 60.0, &history, start + Duration::from_secs(5));
        assert!((tally.without_service - 56.0).abs() < 1e-9, "{tally:?}");
    }
}
