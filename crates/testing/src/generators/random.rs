//! A small repeatable source of choices: a seed names a whole test case.

/// Choices that are given, two bytes each, and behind them `SplitMix64`.
#[derive(Debug, Clone)]
pub struct Random {
    given: Vec<u8>,
    used: usize,
    state: u64,
}

impl Random {
    /// Choices from a seed alone.
    pub fn new(seed: u64) -> Self {
        Self {
            given: Vec::new(),
            used: 0,
            state: seed,
        }
    }

    /// The choices of a fuzzer: a changed byte is a changed choice.
    pub fn of(choices: &[u8]) -> Self {
        Self {
            given: choices.to_owned(),
            ..Self::new(0)
        }
    }

    fn next(&mut self) -> u64 {
        if let Some(&[high, low]) = self.given.get(self.used..self.used + 2) {
            self.used += 2;
            return u64::from(u16::from_be_bytes([high, low]));
        }
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).unwrap()
    }

    /// True in `percent` of all cases; always takes no choice.
    pub fn chance(&mut self, percent: usize) -> bool {
        percent == 100 || self.below(100) < percent
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
