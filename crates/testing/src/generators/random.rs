//! A small repeatable source of choices: a seed names a whole test case.

/// Choices that are given, two bytes each, and behind them `SplitMix64`.
#[derive(Debug, Clone)]
pub struct Random {
    given: Vec<u8>,
    used: usize,
    state: u64,
    /// Of the choices that all given ones make together.
    together: u64,
}

impl Random {
    /// Choices from a seed alone.
    pub fn new(seed: u64) -> Self {
        Self {
            given: Vec::new(),
            used: 0,
            state: seed,
            together: 0,
        }
    }

    /// The choices of a fuzzer: a changed byte is a changed choice.
    pub fn of(choices: &[u8]) -> Self {
        Self {
            given: choices.to_owned(),
            together: fnv_1a(choices),
            ..Self::new(0)
        }
    }

    fn next(&mut self) -> u64 {
        if let Some(&[high, low]) = self.given.get(self.used..self.used + 2) {
            self.used += 2;
            return u64::from(u16::from_be_bytes([high, low]));
        }
        split_mix(&mut self.state)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).unwrap()
    }

    /// True in `percent` of all cases; always takes no choice.
    pub fn chance(&mut self, percent: usize) -> bool {
        percent == 100 || self.below(100) < percent
    }

    /// True in `percent` of all cases. A fuzzer cannot hold on to it: each change of any of its choices
    /// decides again, so that it stays as rare among the inputs that the fuzzer keeps.
    pub fn seldom(&mut self, percent: usize) -> bool {
        if self.given.is_empty() {
            return self.chance(percent);
        }
        split_mix(&mut self.together) % 100 < percent as u64
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// Any order of them.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}

/// The next number of the generator `SplitMix64`.
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The hash FNV-1a.
fn fnv_1a(bytes: &[u8]) -> u64 {
    let hash = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, hash)
}
