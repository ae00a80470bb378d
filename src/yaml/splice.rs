//! Replacing byte ranges.

use std::ops::Range;

use super::layout::{before_line_break, is_line_start};

/// A replacement of a byte range; an insertion where the range is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Splice {
    /// The bytes to replace.
    pub range: Range<usize>,
    /// What stands there afterwards.
    pub text: String,
}

impl Splice {
    /// Puts `text` in at `offset`.
    pub fn insert(offset: usize, text: impl Into<String>) -> Self {
        Self {
            range: offset..offset,
            text: text.into(),
        }
    }

    /// Takes a range out.
    pub fn delete(range: Range<usize>) -> Self {
        Self {
            range,
            text: String::new(),
        }
    }
}

/// Two splices that touch the same bytes: an error in the caller, found before anything is lost.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("two edits overlap at byte {at}")]
pub struct Overlap {
    /// The first byte that both would change.
    pub at: usize,
}

/// `source` with every splice applied; bytes outside their ranges are copied as they are.
///
/// Splices may come in any order; insertions at one place keep theirs. A text whose last line has
/// no line break has none afterwards either, also when that line goes.
///
/// # Errors
/// [`Overlap`] where two splices touch the same bytes.
pub fn apply(source: &str, mut splices: Vec<Splice>) -> Result<String, Overlap> {
    splices.sort_by_key(|splice| (splice.range.start, splice.range.end));
    let added: usize = splices.iter().map(|splice| splice.text.len()).sum();
    let mut out = String::with_capacity(source.len() + added);
    let mut done = 0;
    for splice in &splices {
        let Some(kept) = source.get(done..splice.range.start) else {
            return Err(Overlap {
                at: splice.range.start,
            });
        };
        out.push_str(kept);
        out.push_str(&splice.text);
        done = splice.range.end;
    }
    out.push_str(&source[done..]);
    if !source.is_empty() && !is_line_start(source, source.len()) {
        out.truncate(before_line_break(&out, out.len()));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn untouched_bytes_are_copied() {
        let splices = vec![
            Splice::insert(3, "x"),
            Splice::delete(0..1),
            Splice::insert(3, "y"),
        ];
        assert_eq!(apply("abcdef", splices), Ok("bcxydef".to_owned()));
    }

    #[test]
    fn a_text_without_a_last_line_break_gets_none() {
        let splices = vec![Splice::delete(2..3)];
        assert_eq!(apply("a\nb", splices), Ok("a".to_owned()));
    }

    #[test]
    fn overlapping_edits_are_refused() {
        let splices = vec![Splice::delete(0..3), Splice::delete(2..4)];
        assert_eq!(apply("abcdef", splices), Err(Overlap { at: 2 }));
    }
}
