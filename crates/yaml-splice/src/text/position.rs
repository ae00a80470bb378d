//! Lines and columns for messages.

use std::fmt;

use memchr::{memchr_iter, memchr2_iter};

use super::lines;

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
    /// How many characters are before each block of bytes, and in the whole; nothing where each takes one
    /// byte, so that a column needs no counting.
    characters: Vec<usize>,
    /// Whether there is a carriage return without a line feed behind it, which ends a line as well.
    has_lone_returns: bool,
}

/// How many bytes are counted for a column at most: a line may be the whole of a long text.
const BLOCK: usize = 4096;

impl LineIndex {
    pub fn of(source: &str) -> Self {
        let bytes = source.as_bytes();
        let is_lone = |at: &usize| bytes.get(at + 1) != Some(&b'\n');
        let has_lone_returns = memchr_iter(b'\r', bytes).any(|at| is_lone(&at));
        let mut starts = vec![0];
        if has_lone_returns {
            let ends = memchr2_iter(b'\n', b'\r', bytes);
            let ends = ends.filter(|at| bytes[*at] == b'\n' || is_lone(at));
            starts.extend(ends.map(|at| at + 1));
        } else {
            starts.extend(memchr_iter(b'\n', bytes).map(|at| at + 1));
        }
        Self {
            starts,
            has_lone_returns,
            characters: if source.is_ascii() {
                Vec::new()
            } else {
                characters_before_blocks(source)
            },
        }
    }

    pub fn position(&self, source: &str, offset: usize) -> Position {
        let offset = floor_char_boundary(source, offset);
        let line = self.starts.partition_point(|&start| start <= offset);
        let start = self.starts[line - 1];
        let bom = usize::from(source[start..offset].starts_with('\u{feff}'));
        let [before, all] = [start, offset].map(|offset| self.characters_before(source, offset));
        Position {
            line,
            column: all - before + 1 - bom,
        }
    }

    /// The byte offset of `position`; that of the end where the text has no such place.
    pub fn offset(&self, source: &str, position: Position) -> usize {
        let start = self.starts.get(position.line - 1);
        let line = &source[start.copied().unwrap_or(source.len())..];
        let line = line.strip_prefix('\u{feff}').unwrap_or(line);
        let place = line.char_indices().nth(position.column - 1);
        source.len() - line.len() + place.map_or(line.len(), |(at, _)| at)
    }

    /// The line ending in use around `offset`, as [`lines::newline`] finds it, without a look at the line.
    pub fn newline(&self, source: &str, offset: usize) -> &'static str {
        if self.has_lone_returns {
            return lines::newline(source, offset);
        }
        let line = self.starts.partition_point(|&start| start <= offset);
        let next_line = self.starts.get(if line > 1 { line - 1 } else { 1 });
        match next_line {
            Some(&start) if source[..start].ends_with("\r\n") => "\r\n",
            _ => "\n",
        }
    }

    fn characters_before(&self, source: &str, offset: usize) -> usize {
        let block = offset / BLOCK;
        match self.characters.get(block) {
            Some(before) => before + characters(&source.as_bytes()[block * BLOCK..offset]),
            None => offset,
        }
    }
}

fn characters_before_blocks(source: &str) -> Vec<usize> {
    let mut all = vec![0];
    for block in source.as_bytes().chunks(BLOCK) {
        all.push(all[all.len() - 1] + characters(block));
    }
    all
}

/// How many characters begin in `bytes` of a text, which may begin and end inside of one.
fn characters(bytes: &[u8]) -> usize {
    let continues = |byte: u8| byte & 0b1100_0000 == 0b1000_0000;
    bytes.iter().filter(|byte| !continues(**byte)).count()
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
    fn carriage_returns_alone_end_lines() {
        for source in ["a\rb\rx", "a\r\nb\rx", "a\r\rx", "\n\rx"] {
            let at = source.len() - 1;
            assert_eq!(
                Position::of(source, at),
                Position { line: 3, column: 1 },
                "{source:?}"
            );
        }
    }

    #[test]
    fn columns_of_a_long_line() {
        // The second one ends where a block ends.
        for (unit, count) in [
            ("a\u{e4}\u{1f600}", BLOCK),
            ("\u{e4}", BLOCK - 1),
            ("a", BLOCK),
        ] {
            let source = format!("x\n{}", unit.repeat(count));
            let index = LineIndex::of(&source);
            let places = source.char_indices().map(|(at, _)| at).enumerate();
            let end = (source.chars().count(), source.len());
            for (number, at) in places.skip(2).step_by(97).chain([end]) {
                let column = number - 1;
                let expected = Position { line: 2, column };
                assert_eq!(index.position(&source, at), expected, "{unit} {at}");
            }
        }
    }

    #[test]
    fn line_endings_around_a_place() {
        for source in [
            "ab",
            "a\nb\r\nc\nd",
            "a\r\nb\nc",
            "a\rb\r\nc\nd",
            "\r\na",
            "\na\r\n",
        ] {
            let index = LineIndex::of(source);
            let is_inside =
                |at: &usize| source[*at..].starts_with('\n') && source[..*at].ends_with('\r');
            for at in (0..=source.len()).filter(|at| !is_inside(at)) {
                let expected = lines::newline(source, at);
                assert_eq!(index.newline(source, at), expected, "{source:?} {at}");
            }
        }
    }

    #[test]
    fn positions_lead_back_to_their_offsets() {
        for source in ["\u{feff}a: 1\n\u{e4}\r\nb\rc", "", "a\n"] {
            let index = LineIndex::of(source);
            let places = source
                .char_indices()
                .map(|(at, _)| at)
                .chain([source.len()]);
            for at in places.filter(|at| !source.starts_with('\u{feff}') || *at >= 3) {
                let position = index.position(source, at);
                assert_eq!(index.offset(source, position), at, "{source:?} {position}");
            }
        }
    }

    #[test]
    fn a_byte_order_mark_takes_no_column() {
        let source = "\u{feff}a: 1\n";
        assert_eq!(Position::of(source, 3), Position { line: 1, column: 1 });
    }
}
