//! Where things stand: lines, columns, indentation, line endings.

use std::ops::Range;

use memchr::{memchr2, memrchr2};

use super::document::Form;
use super::node::Node;
use super::{Splice, YamlError};

/// How inserted lines are laid out, taken from what stands around them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    /// `\n`, `\r\n` or `\r`.
    pub newline: &'static str,
    /// How much deeper a mapping in a mapping stands.
    pub step: usize,
    /// How much deeper than its key a list's dash stands: 0 or the step.
    pub dash: usize,
    /// Whether what follows ends a block scalar as it should: at the end of a text without a line
    /// break it would lose its own.
    pub terminated: bool,
}

impl Layout {
    /// The layout around `node`: its own nesting first, then that of what is in it, then that of
    /// the collections around it.
    pub fn around(node: Node<'_>) -> Self {
        let inner = || node.entries().find_map(|(_, value)| nested_step(value));
        let outer = || ancestors(node).skip(1).find_map(nested_step);
        let step = nested_step(node).or_else(inner).or_else(outer).unwrap_or(2);
        let dash = ancestors(node).take(6).find_map(|outer| dash_step(outer));
        Self {
            newline: newline(node.document.source, node.range().start),
            step,
            dash: dash.unwrap_or(0),
            terminated: is_line_start(node.document.source, node.document.source.len()),
        }
    }
}

impl Layout {
    /// The layout of lines that are put in at `offset` of `source`.
    pub fn ending_at(self, source: &str, offset: usize) -> Self {
        let next = if is_line_start(source, offset) {
            offset
        } else {
            next_line(source, offset)
        };
        if next == source.len() {
            return self;
        }
        let is_loose = is_loose(source, next);
        Self {
            terminated: !is_loose,
            ..self
        }
    }

    /// The layout of lines that others follow.
    pub fn followed(self, by_others: bool) -> Self {
        Self {
            terminated: self.terminated || by_others,
            ..self
        }
    }
}

/// Whether the next line at `line` that is not empty is an indented one of nothing or of a comment:
/// it would be a part of a block scalar above it.
fn is_loose(source: &str, line: usize) -> bool {
    let rest = source[line..].trim_start_matches(['\n', '\r']);
    let text = rest.trim_start_matches([' ', '\t']);
    text.len() < rest.len() && (text.is_empty() || text.starts_with(['#', '\n', '\r']))
}

/// Whether a block scalar at the end of `before` would take in what stands at `line`.
pub(super) fn takes_in(before: Node<'_>, line: usize) -> bool {
    let last = before.with_id(before.record().after - 1);
    if !matches!(last.form(), Form::Literal | Form::Folded) {
        return false;
    }
    let source = before.document.source;
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let mut content = last.written().lines().skip(1);
    let content = content
        .find(|line| !line.trim().is_empty())
        .map_or(0, indent);
    let next = source[line..].trim_start_matches(['\n', '\r']);
    is_loose(source, line) && indent(next) >= content
}

fn ancestors(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    std::iter::successors(Some(node), |node| node.parent())
}

/// How much deeper `mapping` stands than the mapping around it.
fn nested_step(mapping: Node<'_>) -> Option<usize> {
    let outer = mapping.parent()?;
    let both = [mapping, outer].map(Node::form) == [Form::BlockMapping; 2];
    let step = entry_column(mapping)?.checked_sub(entry_column(outer)?)?;
    (both && step > 0).then_some(step)
}

/// How many nodes are looked at for a list before the default is taken.
const DASH_SEARCH: u32 = 2_000;

/// How much deeper than its key the first list below `node` stands.
fn dash_step(node: Node<'_>) -> Option<usize> {
    let after = node.record().after.min(node.id + DASH_SEARCH);
    (node.id..after)
        .map(|id| node.with_id(id))
        .find_map(|list| {
            let outer = list
                .parent()
                .filter(|_| list.form() == Form::BlockSequence)?;
            (outer.form() == Form::BlockMapping)
                .then(|| dash_column(list)?.checked_sub(entry_column(outer)?))?
        })
}

/// The line ending in use around `offset`.
pub(super) fn newline(source: &str, offset: usize) -> &'static str {
    let bytes = source.as_bytes();
    let before = memrchr2(b'\n', b'\r', &bytes[..offset]);
    let at = before.or_else(|| memchr2(b'\n', b'\r', &bytes[offset..]).map(|at| at + offset));
    match at.map(|at| {
        (
            &source[at..=at],
            source[..at].ends_with('\r'),
            &source[at + 1..],
        )
    }) {
        Some(("\n", true, _)) => "\r\n",
        Some(("\r", _, rest)) if rest.starts_with('\n') => "\r\n",
        Some(("\r", ..)) => "\r",
        _ => "\n",
    }
}

/// The first byte of the line that holds `offset`, behind a byte order mark.
pub(super) fn line_start(source: &str, offset: usize) -> usize {
    let start = memrchr2(b'\n', b'\r', &source.as_bytes()[..offset]).map_or(0, |at| at + 1);
    if source[start..offset].starts_with('\u{feff}') {
        start + '\u{feff}'.len_utf8()
    } else {
        start
    }
}

/// The first byte of the next line, or the end of the text.
pub(super) fn next_line(source: &str, offset: usize) -> usize {
    match memchr2(b'\n', b'\r', &source.as_bytes()[offset..]) {
        Some(at) if source[offset + at..].starts_with("\r\n") => offset + at + 2,
        Some(at) => offset + at + 1,
        None => source.len(),
    }
}

/// The offset behind the colon that follows a key of `mapping` that ends at `key_end`, if there is
/// one: a key behind a `?` may stand alone, and the next colon be one of a mapping around it.
pub(super) fn behind_next_colon(mapping: Node<'_>, key_end: usize) -> Option<usize> {
    let source = mapping.document.source;
    let at = behind_space(source, key_end);
    let column = |offset| before_on_line(source, offset).len();
    let own = mapping.is_flow_collection()
        || line_start(source, at) <= key_end
        || column(at) == column(mapping.range().start);
    let behind = source[at..].strip_prefix(':')?;
    // In block style a plain key may begin with a colon.
    let ends_key = mapping.is_flow_collection()
        || behind.is_empty()
        || behind.starts_with([' ', '\t', '\n', '\r']);
    (own && ends_key).then_some(at + 1)
}

/// The first byte at `offset` or behind it that is no white space and no comment.
pub(super) fn behind_space(source: &str, offset: usize) -> usize {
    let mut at = offset;
    loop {
        let rest = source[at..].trim_start_matches([' ', '\t', '\n', '\r']);
        at = source.len() - rest.len();
        if !rest.starts_with('#') {
            return at;
        }
        at = next_line(source, at);
    }
}

/// Whether a line begins at `offset`.
pub(super) fn is_line_start(source: &str, offset: usize) -> bool {
    offset == 0 || source[..offset].ends_with(['\n', '\r'])
}

/// The text in front of `offset` on its line.
pub(super) fn before_on_line(source: &str, offset: usize) -> &str {
    &source[line_start(source, offset)..offset]
}

/// The start of the line break in front of the line that begins at `line`.
pub(super) fn before_line_break(source: &str, line: usize) -> usize {
    let text = &source[..line];
    let text = text
        .strip_suffix('\n')
        .map_or(text, |text| text.strip_suffix('\r').unwrap_or(text));
    text.strip_suffix('\r').map_or(text.len(), str::len)
}

/// The column of a block mapping's keys, 0 for the outermost.
///
/// Told where nothing but spaces and dashes stand in front of the first one.
pub(super) fn entry_column(mapping: Node<'_>) -> Option<usize> {
    let before = before_on_line(mapping.document.source, mapping.range().start);
    let is_indent = before.bytes().all(|byte| matches!(byte, b' ' | b'-'));
    is_indent.then_some(before.len())
}

/// The offset of the dash in front of a block sequence's item: on the item's first line, or on a
/// line of its own above it.
pub(super) fn dash_offset(item: Node<'_>) -> Option<usize> {
    let start = item.outer_range().start;
    let source = item.document.source;
    let before = before_on_line(source, start).trim_end_matches([' ', '\t']);
    if before.is_empty() {
        return dash_above(source, line_start(source, start));
    }
    before
        .ends_with('-')
        .then(|| line_start(source, start) + before.len() - 1)
}

/// The dash on the next line above `line` that holds more than a comment.
fn dash_above(source: &str, line: usize) -> Option<usize> {
    let mut end = line;
    while end > 0 {
        let break_start = before_line_break(source, end);
        let start = line_start(source, break_start);
        let text = source[start..break_start].trim_start_matches(' ');
        if !text.is_empty() && !text.starts_with('#') {
            let behind = text.strip_prefix('-')?.trim_start_matches([' ', '\t']);
            let alone = behind.is_empty() || behind.starts_with('#');
            return alone.then(|| break_start - text.len());
        }
        end = start;
    }
    None
}

/// The column of a block sequence's dashes.
pub(super) fn dash_column(sequence: Node<'_>) -> Option<usize> {
    let dash = sequence.items().find_map(dash_offset)?;
    let before = before_on_line(sequence.document.source, dash);
    before
        .bytes()
        .all(|byte| matches!(byte, b' ' | b'-'))
        .then_some(before.len())
}

/// A place for whole lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LinePlace {
    /// The offset.
    pub offset: usize,
    /// Whether the text ends there without a line break.
    pub unterminated: bool,
}

impl LinePlace {
    /// `lines` (each with its line break) as they have to be put in here: where the last line of
    /// the text has no line break, ours has none either.
    pub fn fit(self, lines: String, newline: &str) -> String {
        if self.unterminated {
            let lines = lines.strip_suffix(newline).unwrap_or(&lines);
            return format!("{newline}{lines}");
        }
        lines
    }
}

/// The place behind the last line of a block collection or item, and behind the comment lines that
/// follow it directly at `column` or deeper: those belong to what they stand below.
///
/// # Errors
/// [`YamlError::Layout`] where the text ends in a block scalar without a line break: a line below
/// it would add one to its value.
pub(super) fn place_after(node: Node<'_>, column: usize) -> Result<LinePlace, YamlError> {
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

/// The end of the comment line at `offset`, if one stands there at `column` or deeper.
fn comment_line(source: &str, offset: usize, column: usize) -> Option<usize> {
    let line = &source[offset..];
    let indent = line.len() - line.trim_start_matches(' ').len();
    let comment = line[indent..].starts_with('#') && indent >= column;
    comment.then(|| next_line(source, offset))
}

/// Takes out whole lines behind `before`. Where the last line of the text has no line break and
/// goes, the one in front of it goes as well when splices are applied; that of a block scalar is a
/// part of its value, so another one is put in.
pub(super) fn without_lines(lines: Range<usize>, before: Option<Node<'_>>) -> Splice {
    let mut splice = Splice::delete(lines);
    let Some(before) = before else {
        return splice;
    };
    let source = before.document.source;
    let Range { start, end } = splice.range;
    let at_the_end = end == source.len() && !is_line_start(source, end);
    let directly = before.outer_range().end >= before_line_break(source, start);
    if at_the_end && directly && ends_in_open_block_scalar(before) {
        newline(source, start).clone_into(&mut splice.text);
    }
    splice
}

fn ends_in_open_block_scalar(node: Node<'_>) -> bool {
    let last = node.with_id(node.record().after - 1);
    matches!(last.form(), Form::Literal | Form::Folded)
        && !super::block_scalar::strips_line_breaks(last.written())
}
