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
    /// It walks the text up to there, so it is meant for messages, not for every node.
    pub fn of(source: &str, offset: usize) -> Self {
        let before = &source[..floor_char_boundary(source, offset)];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let bom = usize::from(before[line_start..].starts_with('\u{feff}'));
        Self {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1 - bom,
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
