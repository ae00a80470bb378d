//! Lines and columns for messages.

use std::fmt;

/// A place in the input, as an editor shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
}

impl Position {
    /// The position of the byte `offset` in `source`.
    ///
    /// It walks the text up to there, so it is meant for one message; [`Node::position`](crate::Node::position) finds the
    /// lines of the text once.
    pub fn of(source: &str, offset: usize) -> Self {
        LineIndex::of(source).position(source, offset)
    }
}

/// Where the lines of a text begin, so that each of many messages finds its place at once.
#[derive(Debug)]
pub(crate) struct LineIndex {
    /// The byte offset of each line's start.
    starts: Vec<usize>,
    /// In a text of one byte a character a column needs no counting, however long the line is.
    is_ascii: bool,
}

impl LineIndex {
    pub fn of(source: &str) -> Self {
        let breaks = source.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            starts: std::iter::once(0).chain(breaks).collect(),
            is_ascii: source.is_ascii(),
        }
    }

    pub fn position(&self, source: &str, offset: usize) -> Position {
        let offset = floor_char_boundary(source, offset);
        let line = self.starts.partition_point(|&start| start <= offset);
        let before = &source[self.starts[line - 1]..offset];
        let bom = usize::from(before.starts_with('\u{feff}'));
        let characters = if self.is_ascii {
            before.len()
        } else {
            before.chars().count()
        };
        Position {
            line,
            column: characters + 1 - bom,
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

fn floor_char_boundary(source: &str, offset: usize) -> usize {
    let offset = offset.min(source.len());
    (0..=offset)
        .rev()
        .find(|&at| source.is_char_boundary(at))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_characters_not_bytes() {
        let source = "a: 1\n\u{e4}\u{f6}: x\n";
        let at = source.find('x').unwrap();
        assert_eq!(Position::of(source, at), Position { line: 2, column: 5 });
    }

    #[test]
    fn a_byte_order_mark_takes_no_column() {
        let source = "\u{feff}a: 1\n";
        assert_eq!(Position::of(source, 3), Position { line: 1, column: 1 });
    }
}
