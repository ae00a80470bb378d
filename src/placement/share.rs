//! The floor: how many replicas stay on on-demand nodes.

use std::fmt;
use std::str::FromStr;

/// The count of replicas that the on-demand part starts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Base {
    /// That many replicas.
    Count(u32),
    /// More than half: floor(R / 2) + 1, what a quorum needs.
    Majority,
    /// One more than a majority: what a quorum needs while one member is being rolled out.
    MajorityPlusOne,
}

impl Base {
    /// The bases that are words, by name.
    pub const WORDS: [(&'static str, Self); 2] = [
        ("majority", Self::Majority),
        ("majority+1", Self::MajorityPlusOne),
    ];

    /// The number of replicas for a workload of `replicas`; it may exceed them.
    pub fn of(self, replicas: u32) -> u32 {
        match self {
            Self::Count(count) => count,
            Self::Majority => replicas / 2 + 1,
            Self::MajorityPlusOne => replicas / 2 + 2,
        }
    }
}

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => write!(f, "{count}"),
            Self::Majority => f.write_str("majority"),
            Self::MajorityPlusOne => f.write_str("majority+1"),
        }
    }
}

/// A text that is neither a count nor one of [`Base::WORDS`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is neither a whole number from 0 to 2147483647 nor \"majority\" nor \"majority+1\""
)]
pub struct BadBase(pub String);

impl FromStr for Base {
    type Err = BadBase;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some((_, word)) = Self::WORDS.iter().find(|(name, _)| *name == text) {
            return Ok(*word);
        }
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let count = text
            .parse()
            .ok()
            .filter(|&count: &u32| digits && i32::try_from(count).is_ok());
        count
            .map(Self::Count)
            .ok_or_else(|| BadBase(text.to_owned()))
    }
}

/// The share of a workload's replicas that stays on on-demand nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Share {
    /// The count that comes first.
    pub base: Base,
    /// How much of the replicas above the base stays on-demand too, 0 to 100 percent.
    pub percent_above_base: u8,
}

impl Share {
    /// The floor of a workload of `replicas`:
    ///
    /// ```text
    /// F = min(R, base + floor((R - base) * percentAboveBase / 100))    for R > base, else R
    /// ```
    ///
    /// With a base of 1 and 20 percent above it, ten replicas keep 1 + floor(9 * 20 / 100) = 2.
    ///
    /// ```
    /// use spot_distribution::placement::{Base, Share};
    /// let share = Share { base: Base::Count(1), percent_above_base: 20 };
    /// assert_eq!(share.floor(10), 2);
    /// ```
    pub fn floor(self, replicas: u32) -> u32 {
        let base = self.base.of(replicas);
        if replicas <= base {
            return replicas;
        }
        let above = u64::from(replicas - base) * u64::from(self.percent_above_base) / 100;
        replicas.min(base.saturating_add(u32::try_from(above).unwrap_or(u32::MAX)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn floors(base: Base, percent_above_base: u8, cases: &[(u32, u32)]) {
        let share = Share {
            base,
            percent_above_base,
        };
        for &(replicas, floor) in cases {
            assert_eq!(share.floor(replicas), floor, "{base} of {replicas}");
        }
    }

    #[test]
    fn the_default_of_deployments() {
        let cases = [(1, 1), (2, 1), (3, 1), (6, 2), (10, 2), (20, 4), (100, 20)];
        floors(Base::Count(1), 20, &cases);
    }

    #[test]
    fn the_default_of_stateful_sets() {
        let cases = [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (7, 4)];
        floors(Base::Majority, 0, &cases);
    }

    #[test]
    fn one_more_than_a_majority() {
        let cases = [(1, 1), (2, 2), (3, 3), (4, 4), (5, 4), (6, 5), (7, 5)];
        floors(Base::MajorityPlusOne, 0, &cases);
    }

    #[test]
    fn never_more_than_the_replicas() {
        floors(
            Base::Count(5),
            100,
            &[(3, 3), (5, 5), (6, 6), (i32::MAX as u32, i32::MAX as u32)],
        );
        floors(Base::Count(0), 0, &[(3, 0)]);
    }

    #[test]
    fn a_base_is_a_plain_count_or_a_word() {
        assert_eq!("2".parse(), Ok(Base::Count(2)));
        for (name, base) in Base::WORDS {
            assert_eq!(name.parse(), Ok(base));
            assert_eq!(base.to_string(), name);
        }
        for text in ["", "-1", "+1", "1.5", "most", "2147483648"] {
            assert_eq!(text.parse::<Base>(), Err(BadBase(text.to_owned())));
        }
    }
}
