//! Finding bytes eight at a time, in the bits of a `u64`.
//!
//! Each function looks at the text from an offset on and returns the offset of the first byte that it
//! looks for, or `None` near the end of the text: what calls it has another way for that.
//!
//! Source of the formulas: "Determine if a word has a zero byte" and "... has a byte less than n" in
//! Sean Eron Anderson's Bit Twiddling Hacks. The bytes after the first one found may be found wrongly.

/// One in each byte.
const ONES: u64 = u64::MAX / 255;

/// The highest bit of each byte.
const HIGH: u64 = ONES << 7;

/// The first byte that is no space.
#[inline]
pub(super) fn not_space(text: &[u8], at: usize) -> Option<usize> {
    find(text, at, |word| word ^ (ONES * u64::from(b' ')))
}

/// The first byte that is a colon, or not one of the printable ASCII characters from `$` on.
#[inline]
pub(super) fn word_end(text: &[u8], at: usize) -> Option<usize> {
    find(text, at, |word| {
        let above_tilde = (word.wrapping_add(ONES) | word) & HIGH;
        less(word, b'$') | equal(word, b':') | above_tilde
    })
}

/// The first byte that ends double-quoted text, or that needs decoding in it: a quote, a backslash, a
/// line break.
#[inline]
pub(super) fn double_quoted_end(text: &[u8], at: usize) -> Option<usize> {
    find(text, at, |word| {
        equal(word, b'"') | equal(word, b'\\') | equal(word, b'\n')
    })
}

/// The offset of the first byte in which `hits` of eight bytes sets a bit.
#[inline]
fn find(text: &[u8], mut at: usize, hits: impl Fn(u64) -> u64) -> Option<usize> {
    loop {
        let bytes = text.get(at..)?.first_chunk()?;
        let found = hits(u64::from_le_bytes(*bytes));
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
}

/// The highest bit of each byte below `limit`, which is at most 128.
#[inline]
fn less(word: u64, limit: u8) -> u64 {
    word.wrapping_sub(ONES * u64::from(limit)) & !word & HIGH
}

/// The highest bit of each byte that is `byte`.
#[inline]
fn equal(word: u64, byte: u8) -> u64 {
    less(word ^ (ONES * u64::from(byte)), 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The first byte that `is_end`, the slow way; `None` as well where the fast way cannot say.
    fn first(text: &[u8], is_end: impl Fn(u8) -> bool) -> Option<usize> {
        let found = text.iter().position(|byte| is_end(*byte))?;
        (found / 8 * 8 + 8 <= text.len()).then_some(found)
    }

    proptest! {
        #[test]
        fn the_first_byte_is_found(text in prop::collection::vec(any::<u8>(), 0..40), run in 0..30_usize) {
            for text in [text.clone(), [vec![b' '; run], text.clone()].concat(), [vec![b'a'; run], text].concat()] {
                prop_assert_eq!(not_space(&text, 0), first(&text, |byte| byte != b' '));
                let ends_word = |byte| byte == b':' || !(b'$'..=b'~').contains(&byte);
                prop_assert_eq!(word_end(&text, 0), first(&text, ends_word));
                let ends_quoted = |byte| matches!(byte, b'"' | b'\\' | b'\n');
                prop_assert_eq!(double_quoted_end(&text, 0), first(&text, ends_quoted));
            }
        }
    }
}
