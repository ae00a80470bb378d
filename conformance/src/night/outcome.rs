//! What a night did to the workloads of one approach.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::approach::Approach;
use crate::census::{Count, History};
use crate::workload::{Case, Kind};

/// Minutes that an interruption counts for: until a lost replica is scheduled, has a node and has started. Played pods
/// start within half a second, on a machine that may be busy, so what is counted is interruptions, and not seconds.
pub const RESTART: f64 = 2.0;

/// Minutes in which a workload was short of something, and what its replicas ran on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    /// Fewer ready replicas than serve: none of a Deployment, no quorum of a StatefulSet.
    pub without_service: f64,
    /// Fewer ready replicas than F.
    pub below_floor: f64,
    /// How often fewer than serve were ready.
    pub interruptions: u32,
    /// Replica-minutes on on-demand nodes.
    pub on_demand: f64,
    /// Replica-minutes on spot nodes.
    pub spot: f64,
    /// The fewest ready replicas at any instant.
    pub lowest: Option<u32>,
}

/// One approach over a night.
#[derive(Debug, Clone, Serialize, Deserialize)]
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
    /// Adds a span of the night, from what was seen in the replay.
    pub fn add(&mut self, case: &Case, minutes: f64, history: &History) {
        let settled = history.last();
        let lowest = history.lowest(Count::ready);
        let short = |needed: u32| match (lowest < needed, settled.ready() < needed) {
            (_, true) => minutes,
            (true, false) => RESTART.min(minutes),
            (false, false) => 0.0,
        };
        self.without_service += short(case.quorum());
        self.below_floor += short(case.floor);
        self.interruptions += u32::from(lowest < case.quorum());
        self.on_demand += f64::from(settled.on_demand) * minutes;
        self.spot += f64::from(settled.spot) * minutes;
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

    /// How often one of the workloads did not serve.
    pub fn interruptions(&self) -> u32 {
        let counts = self.workloads.iter().map(|(_, tally)| tally.interruptions);
        counts.sum()
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
    use std::time::{Duration, Instant};

    use super::*;

    fn ready(spot: u32) -> Count {
        Count {
            spot,
            ..Count::default()
        }
    }

    #[test]
    fn an_interruption_lasts_until_the_pods_have_started_or_until_the_pool_changes() {
        let start = Instant::now();
        let mut history = History::from(start, ready(10));
        history.add(start + Duration::from_secs(1), ready(0));
        history.add(start + Duration::from_secs(3), ready(10));
        let mut tally = Tally::default();
        let case = Case::deployment(10, 2);
        tally.add(&case, 60.0, &history);
        assert!((tally.without_service - RESTART).abs() < 1e-9);
        assert!((tally.spot - 600.0).abs() < 1e-9);
        assert_eq!(tally.interruptions, 1);

        history.add(start + Duration::from_secs(5), ready(0));
        tally.add(&case, 60.0, &history);
        assert!(
            (tally.without_service - RESTART - 60.0).abs() < 1e-9,
            "{tally:?}"
        );
    }
}
