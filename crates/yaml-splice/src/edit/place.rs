//! Where whole lines can be inserted, and how whole lines are removed.

use std::ops::Range;

use crate::read::node::Node;
use crate::text::lines::{before_line_break, is_line_start, newline, next_line};
use crate::tree::block_scalar::{keeps_line_breaks, strips_line_breaks};
use crate::tree::style::NodeStyle;
use crate::{Splice, YamlError};

/// Whether the first line from `line` on that is not empty is indented and blank, or an indented
/// comment: it would become a part of a block scalar inserted above it.
pub(crate) fn is_indented_blank_or_comment(source: &str, line: usize) -> bool {
    let rest = source[line..].trim_start_matches(['\n', '\r']);
    let text = rest.trim_start_matches([' ', '\t']);
    text.len() < rest.len() && (text.is_empty() || text.starts_with(['#', '\n', '\r']))
}

/// Whether a block scalar at the end of `before` would absorb the line at `line`.
pub(crate) fn would_absorb_line(before: Node<'_>, line: usize) -> bool {
    let last = before.with_id(before.record().after - 1);
    if !matches!(last.style(), NodeStyle::Literal | NodeStyle::Folded) {
        return false;
    }
    let source = before.document.source;
    if keeps_line_breaks(last.written()) && is_blank(source, line) {
        return true;
    }
    let content = content_column(last.written());
    // Blank lines that are not deeper than the content end the scalar as well as none.
    let mut lines = source[line..].split(['\n', '\r']).map(split_indent);
    let next = lines.find(|(column, text)| !text.is_empty() || *column > content);
    next.is_some_and(|(column, text)| match text.as_bytes() {
        [] => true,
        [b'\t', ..] => column >= content,
        [b'#', ..] => column >= content.max(1),
        _ => false,
    })
}

/// The column of the content of a block scalar, or a smaller one where its header says it.
fn content_column(written: &str) -> usize {
    let mut lines = written.lines();
    let header = lines.next().unwrap_or_default();
    let header = header.split('#').next().unwrap_or_default();
    if header.contains(|c: char| c.is_ascii_digit()) {
        return 0;
    }
    let content = lines.find(|line| !line.trim().is_empty());
    content.map_or(0, |line| split_indent(line).0)
}

/// The number of spaces that `line` begins with, and what follows them.
fn split_indent(line: &str) -> (usize, &str) {
    let text = line.trim_start_matches(' ');
    (line.len() - text.len(), text)
}

/// Whether the line at `line` is blank.
fn is_blank(source: &str, line: usize) -> bool {
    let text = source[line..].trim_start_matches([' ', '\t']);
    line < source.len() && (text.is_empty() || text.starts_with(['\n', '\r']))
}

/// Where whole lines can be inserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LinePlace {
    /// The offset.
    pub offset: usize,
    /// Whether the text ends there, without a line break.
    pub unterminated: bool,
}

impl LinePlace {
    /// The splices that insert `blocks` of lines here, one after the other.
    pub fn insertions(self, blocks: impl Iterator<Item = String>, newline: &str) -> Vec<Splice> {
        let insert = |lines| Splice::insert(self.offset, lines);
        if self.unterminated {
            return vec![insert(self.fit(blocks.collect(), newline))];
        }
        let blocks = blocks.filter(|lines| !lines.is_empty());
        blocks.map(insert).collect()
    }

    /// `lines` (each with its line break) as they have to be inserted here: where the last line of
    /// the text has no line break, the last inserted line has none either.
    pub fn fit(self, lines: String, newline: &str) -> String {
        if self.unterminated {
            let lines = lines.strip_suffix(newline).unwrap_or(&lines);
            return format!("{newline}{lines}");
        }
        lines
    }
}

/// The place after the last line of a block collection or item, and after the comment lines that
/// follow it directly at `column` or deeper: those belong to what is above them.
///
/// # Errors
/// [`YamlError::Layout`] where the text ends in a block scalar without a line break: a line below
/// it would add one to its value.
pub(crate) fn place_after(node: Node<'_>, column: usize) -> Result<LinePlace, YamlError> {
    let source = node.document.source;
    let end = node.range().end;
    let mut offset = if end > 0 && is_line_start(source, end) {
        end
    } else {
        next_line(source, end)
    };
    if !is_line_start(source, offset) {
        if ends_in_open_block_scalar(node) {
            return Err(YamlError::Layout {
                at: node.document.position(end),
                why: "the text ends in a block scalar without a line break",
            });
        }
        return Ok(LinePlace {
            offset,
            unterminated: true,
        });
    }
    while let Some(next) = comment_line(source, offset, column) {
        offset = next;
    }
    Ok(LinePlace {
        offset,
        unterminated: !is_line_start(source, offset),
    })
}

/// The end of the comment line at `offset`, if it is one at `column` or deeper.
fn comment_line(source: &str, offset: usize, column: usize) -> Option<usize> {
    let line = &source[offset..];
    let indent = line.len() - line.trim_start_matches(' ').len();
    let comment = line[indent..].starts_with('#') && indent >= column;
    comment.then(|| next_line(source, offset))
}

/// Removes whole lines after `before`. Where the last line of the text has no line break and is
/// removed, [`apply`](crate::apply) removes the line break before it as well; that of a block scalar
/// is a part of its value, so another one is inserted.
pub(crate) fn without_lines(lines: Range<usize>, before: Option<Node<'_>>) -> Splice {
    let mut splice = Splice::delete(lines);
    let Some(before) = before else {
        return splice;
    };
    let source = before.document.source;
    let Range { start, end } = splice.range;
    let at_the_end = end == source.len() && !is_line_start(source, end);
    let directly = before.range_with_properties().end >= before_line_break(source, start);
    if at_the_end && directly && ends_in_open_block_scalar(before) {
        newline(source, start).clone_into(&mut splice.text);
    }
    splice
}

/// Whether blank lines behind the node are a part of the value that it ends with.
pub(crate) fn ends_in_kept_lines(node: Node<'_>) -> bool {
    let last = node.with_id(node.record().after - 1);
    last.style().is_block_scalar() && keeps_line_breaks(last.written())
}

fn ends_in_open_block_scalar(node: Node<'_>) -> bool {
    let last = node.with_id(node.record().after - 1);
    matches!(last.style(), NodeStyle::Literal | NodeStyle::Folded)
        && !strips_line_breaks(last.written())
}

#[cfg(test)]
mod tests {
    use super::would_absorb_line;
    use crate::Stream;

    #[test]
    fn lines_that_a_block_scalar_would_take_in() {
        for (scalar, below, would) in [
            ("|\n  x\n", "b: 1\n", false),
            ("|\n  x\n", "  \n", false),
            ("|\n  x\n", "   \n", true),
            ("|\n  x\n", "\n\n   \n", true),
            ("|\n  x\n", "  \t\n", true),
            ("|\n  x\n", " # c\n", false),
            ("|\n  x\n", "  # c\n", true),
            ("|2\n    x\n", "   \n", true),
            ("|2\n  x\n", "# c\n", false),
            ("|\n", "# c\n", false),
            ("|+\n  x\n", "\n", true),
            ("|+ # 2\n  x\n", "b: 1\n", false),
            (">-\n  x\n", "  \n# c\n", false),
        ] {
            let text = format!("a: {scalar}c: 1\n{below}");
            let stream = Stream::parse(&text).unwrap();
            let before = stream.documents[0].root().get("a").unwrap().unwrap();
            let found = would_absorb_line(before, text.len() - below.len());
            assert_eq!(found, would, "{scalar:?} {below:?}");
        }
    }
}
