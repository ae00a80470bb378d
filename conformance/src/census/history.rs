//! The counts of one workload over time.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

/// The pods of one workload at one instant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Ready on on-demand nodes.
    pub on_demand: u32,
    /// Ready on spot nodes.
    pub spot: u32,
    /// Pods that have no node.
    pub pending: u32,
}

impl Count {
    /// Ready replicas, wherever they run.
    pub const fn ready(&self) -> u32 {
        self.on_demand + self.spot
    }
}

/// Every count of a workload since a step began, each from the instant at which it was first seen.
#[derive(Debug, Clone)]
pub struct History {
    counts: Vec<(Instant, Count)>,
}

impl History {
    /// Begins with a count that holds from now on.
    pub fn from(now: Instant, count: Count) -> Self {
        Self {
            counts: vec![(now, count)],
        }
    }

    /// Adds a count that holds from `now` on.
    pub fn add(&mut self, now: Instant, count: Count) {
        self.counts.push((now, count));
    }

    /// The count that holds now.
    pub fn last(&self) -> Count {
        self.counts
            .last()
            .map(|(_, count)| *count)
            .unwrap_or_default()
    }

    /// The lowest value at any instant; 0 when nothing was ever seen.
    pub fn lowest(&self, value: impl Fn(&Count) -> u32) -> u32 {
        let values = self.counts.iter().map(|(_, count)| value(count));
        values.min().unwrap_or(0)
    }

    /// The value times seconds until `now`: replica-seconds.
    pub fn seconds(&self, now: Instant, value: impl Fn(&Count) -> f64) -> f64 {
        self.spans(now)
            .map(|(span, count)| span.as_secs_f64() * value(count))
            .sum()
    }

    /// How long each count held, the last one until `now`.
    fn spans(&self, now: Instant) -> impl Iterator<Item = (Duration, &Count)> {
        let ends = self.counts.iter().skip(1).map(|(at, _)| *at).chain([now]);
        self.counts
            .iter()
            .zip(ends)
            .map(|((start, count), end)| (end.saturating_duration_since(*start), count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_missing_is_counted_in_replica_seconds() {
        let start = Instant::now();
        let second = |seconds| start + Duration::from_secs(seconds);
        let ready = |on_demand, spot| Count {
            on_demand,
            spot,
            pending: 0,
        };
        let mut history = History::from(start, ready(1, 2));
        history.add(second(4), ready(1, 0));
        history.add(second(6), ready(1, 2));
        assert_eq!(history.lowest(Count::ready), 1);
        assert_eq!(history.lowest(|count| count.spot), 0);
        let missing = history.seconds(second(10), |count| 3.0 - f64::from(count.ready()));
        assert!((missing - 4.0).abs() < 1e-9, "{missing}");
    }
}
