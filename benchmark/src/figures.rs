//! Medians and ratios.

use crate::process::Sample;

/// The middle of some figures, and how far they reach.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// The median.
    pub median: f64,
    /// The least.
    pub min: f64,
    /// The greatest.
    pub max: f64,
}

impl Spread {
    /// Of `figures`; `None` where there are none.
    pub fn of(figures: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut sorted: Vec<f64> = figures.into_iter().collect();
        sorted.sort_by(f64::total_cmp);
        let (&min, &max) = (sorted.first()?, sorted.last()?);
        let (low, high) = (sorted[(sorted.len() - 1) / 2], sorted[sorted.len() / 2]);
        Some(Self {
            median: f64::midpoint(low, high),
            min,
            max,
        })
    }

    /// Of the wall times, in milliseconds.
    pub fn of_wall(samples: &[Sample]) -> Option<Self> {
        Self::of(samples.iter().map(|sample| sample.wall.as_secs_f64() * 1e3))
    }

    /// Of the CPU times, in milliseconds.
    pub fn of_cpu(samples: &[Sample]) -> Option<Self> {
        Self::of(samples.iter().map(|sample| sample.cpu.as_secs_f64() * 1e3))
    }

    /// Of the peaks of memory, in bytes.
    pub fn of_peak(samples: &[Sample]) -> Option<Self> {
        Self::of(samples.iter().map(|sample| bytes(sample.peak)))
    }
}

/// How many times as long `one` took as `other`: the median of the ratios within each turn, so that
/// a machine that is busy for a while weighs on both.
pub fn ratio(one: &[Sample], other: &[Sample]) -> Option<f64> {
    let turns = one.iter().zip(other);
    let ratios = turns.map(|(one, other)| one.wall.as_secs_f64() / other.wall.as_secs_f64());
    Spread::of(ratios).map(|spread| spread.median)
}

/// How many milliseconds longer `one` took than `other`: the median of the differences within each
/// turn.
pub fn difference(one: &[Sample], other: &[Sample]) -> Option<f64> {
    let turns = one.iter().zip(other);
    let differences = turns.map(|(one, other)| one.wall.as_secs_f64() - other.wall.as_secs_f64());
    Spread::of(differences).map(|spread| spread.median * 1e3)
}

/// A number of bytes as a figure.
#[expect(
    clippy::cast_precision_loss,
    reason = "no input has more than 2^52 bytes"
)]
pub fn bytes(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn samples(milliseconds: &[u64]) -> Vec<Sample> {
        let sample = |&wall| Sample {
            wall: Duration::from_millis(wall),
            cpu: Duration::from_millis(wall / 2),
            peak: wall * 1000,
            written: 0,
        };
        milliseconds.iter().map(sample).collect()
    }

    #[test]
    fn the_median_is_in_the_middle() {
        let of = |figures: &[f64]| Spread::of(figures.iter().copied()).unwrap();
        assert!((of(&[9.0, 1.0, 5.0]).median - 5.0).abs() < 1e-9);
        assert!((of(&[9.0, 1.0, 5.0, 6.0]).median - 5.5).abs() < 1e-9);
        let Spread { min, max, .. } = of(&[9.0, 1.0, 5.0]);
        assert!((min - 1.0).abs() < 1e-9 && (max - 9.0).abs() < 1e-9);
        assert_eq!(Spread::of([]), None);
    }

    #[test]
    fn a_ratio_is_taken_within_each_turn() {
        // Everything takes ten times as long in the second turn; the ratio does not.
        let ratio = ratio(&samples(&[20, 200, 30]), &samples(&[10, 100, 10])).unwrap();
        assert!((ratio - 2.0).abs() < 1e-9);
    }

    #[test]
    fn a_difference_is_taken_within_each_turn() {
        let added = difference(&samples(&[30, 220, 35]), &samples(&[10, 200, 10])).unwrap();
        assert!((added - 20.0).abs() < 1e-9);
        assert_eq!(difference(&[], &samples(&[10])), None);
    }

    #[test]
    fn units() {
        let samples = samples(&[10, 30]);
        assert!((Spread::of_wall(&samples).unwrap().median - 20.0).abs() < 1e-9);
        assert!((Spread::of_cpu(&samples).unwrap().median - 10.0).abs() < 1e-9);
        assert!((Spread::of_peak(&samples).unwrap().median - 20_000.0).abs() < 1e-9);
    }
}
