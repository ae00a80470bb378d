//! Replacing byte ranges.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use super::lines::{before_line_break, is_line_start};

/// A replacement of a byte range; an insertion where the range is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Splice {
    /// The bytes to replace.
    pub range: Range<usize>,
    /// The replacement.
    pub text: String,
}

impl Splice {
    /// Inserts `text` at the byte `offset`.
    pub fn insert(offset: usize, text: impl Into<String>) -> Self {
        Self {
            range: offset..offset,
            text: text.into(),
        }
    }

    /// Deletes a range.
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

/// A text with its changes, in pieces: what is untouched is not copied.
#[derive(Debug, Clone, Default)]
pub struct PatchedText<'s> {
    pieces: Vec<Cow<'s, str>>,
}

impl<'s> PatchedText<'s> {
    /// Adds `other` at the end.
    pub fn extend(&mut self, other: Self) {
        self.pieces.extend(other.pieces);
    }

    /// Adds `text` at the end.
    pub fn push(&mut self, text: impl Into<Cow<'s, str>>) {
        let text = text.into();
        if !text.is_empty() {
            self.pieces.push(text);
        }
    }

    /// The pieces, in order; none is empty.
    pub fn pieces(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().map(|piece| &**piece)
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Whether the text ends with a line feed.
    pub fn ends_with_line_feed(&self) -> bool {
        let last = self.pieces.last();
        last.is_some_and(|last| last.ends_with('\n'))
    }

    /// Removes a byte order mark at the beginning.
    pub fn strip_bom(&mut self) {
        if let Some(first) = self.pieces.first_mut()
            && let Some(rest) = first.strip_prefix('\u{feff}')
        {
            *first = Cow::Owned(rest.to_owned());
        }
    }

    /// Removes the last line break.
    fn drop_last_line_break(&mut self) {
        if let Some(last) = self.pieces.pop() {
            let kept = before_line_break(&last, last.len());
            self.push(last[..kept].to_owned());
        }
    }
}

impl fmt::Display for PatchedText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces().try_for_each(|piece| f.write_str(piece))
    }
}

/// `source` with every splice applied; bytes outside their ranges are the source's own.
///
/// Splices may come in any order; insertions at one place keep theirs. A text whose last line has
/// no line break has none afterwards either, also when that line is deleted.
///
/// # Errors
/// [`Overlap`] where two splices touch the same bytes.
pub fn apply(source: &str, mut splices: Vec<Splice>) -> Result<PatchedText<'_>, Overlap> {
    splices.sort_by_key(|splice| (splice.range.start, splice.range.end));
    let mut out = PatchedText::default();
    let mut done = 0;
    for Splice { range, text } in splices {
        let Some(kept) = source.get(done..range.start) else {
            return Err(Overlap { at: range.start });
        };
        out.push(kept);
        out.push(text);
        done = range.end;
    }
    out.push(&source[done..]);
    if !source.is_empty() && !is_line_start(source, source.len()) {
        out.drop_last_line_break();
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
        assert_eq!(apply("abcdef", splices).unwrap().to_string(), "bcxydef");
    }

    #[test]
    fn a_text_without_a_last_line_break_gets_none() {
        let splices = vec![Splice::delete(2..3)];
        assert_eq!(apply("a\nb", splices).unwrap().to_string(), "a");
    }

    #[test]
    fn overlapping_edits_are_refused() {
        let splices = vec![Splice::delete(0..3), Splice::delete(2..4)];
        assert_eq!(apply("abcdef", splices).unwrap_err(), Overlap { at: 2 });
    }
}
