//! How the lines around a node are laid out: indentation, dashes, line endings.

use super::place::is_indented_blank_or_comment;
use crate::YamlError;
use crate::emit::layout::Layout;
use crate::read::node::{Kind, Node};
use crate::text::lines::{
    before_line_break, is_first_on_line, is_line_start, line_start, newline, next_line,
};
use crate::tree::colon::after_next_colon;
use crate::tree::style::NodeStyle;

impl Layout {
    /// The layout around `node`: its own nesting first, then that of its children, then that of
    /// the collections around it.
    pub fn around(node: Node<'_>) -> Self {
        let dash = ancestors(node).take(6).find_map(dash_step);
        Self {
            dash: dash.unwrap_or(0),
            ..Self::of_mappings_around(node)
        }
    }

    /// The same for lines without lists, so that none is looked for.
    pub fn of_mappings_around(node: Node<'_>) -> Self {
        let inner = || node.entries().find_map(|(_, value)| nested_step(value));
        let outer = || ancestors(node).skip(1).find_map(nested_step);
        let step = nested_step(node).or_else(inner).or_else(outer).unwrap_or(2);
        Self {
            newline: newline(node.document.source, node.range().start),
            step,
            dash: 0,
            terminated: is_line_start(node.document.source, node.document.source.len()),
        }
    }

    /// The layout of lines that are inserted at `offset` of `source`.
    pub fn ending_at(self, source: &str, offset: usize) -> Self {
        let next = if is_line_start(source, offset) {
            offset
        } else {
            next_line(source, offset)
        };
        if next == source.len() {
            return self;
        }
        let is_indented_blank_or_comment = is_indented_blank_or_comment(source, next);
        Self {
            terminated: !is_indented_blank_or_comment,
            ..self
        }
    }
}

fn ancestors(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    std::iter::successors(Some(node), |node| node.parent())
}

/// How many columns deeper `mapping` is than the mapping around it.
fn nested_step(mapping: Node<'_>) -> Option<usize> {
    let outer = mapping.parent()?;
    if [mapping, outer].map(Node::style) != [NodeStyle::BlockMapping; 2] {
        return None;
    }
    let step = entry_column(mapping)?.checked_sub(entry_column(outer)?)?;
    (step > 0).then_some(step)
}

/// How many nodes are looked at for a list before the default is taken.
const DASH_SEARCH: u32 = 2_000;

/// How many columns deeper than its key the first list below `node` is.
fn dash_step(node: Node<'_>) -> Option<usize> {
    let after = node.record().after.min(node.id + DASH_SEARCH);
    (node.id..after)
        .map(|id| node.with_id(id))
        .filter(|list| list.style() == NodeStyle::BlockSequence)
        .find_map(|list| {
            let outer = list.parent()?;
            (outer.style() == NodeStyle::BlockMapping)
                .then(|| dash_column(list)?.checked_sub(entry_column(outer)?))?
        })
}

/// The column of a block mapping's keys, 0 for the outermost.
///
/// `None` where something other than spaces and dashes precedes the first one.
pub(crate) fn entry_column(mapping: Node<'_>) -> Option<usize> {
    indent_before(mapping.document.source, mapping.range().start)
}

/// How many columns are before `offset` on its line; `None` where that is more than spaces and dashes.
fn indent_before(source: &str, offset: usize) -> Option<usize> {
    let before = source.as_bytes()[..offset].iter().rev();
    let columns = before
        .take_while(|byte| matches!(byte, b' ' | b'-'))
        .count();
    is_first_on_line(source, offset - columns).then_some(columns)
}

/// The offset of the dash of a block sequence's item: on the item's first line, or on a
/// line of its own above it.
pub(crate) fn dash_offset(item: Node<'_>) -> Option<usize> {
    let start = item.range_with_properties().start;
    let source = item.document.source;
    let before = source[..start].trim_end_matches([' ', '\t']);
    if before.ends_with('-') {
        return Some(before.len() - 1);
    }
    // Nothing but blanks precedes it, then.
    let line = before.len();
    if is_first_on_line(source, line) {
        dash_above(source, line)
    } else {
        None
    }
}

/// The dash on the nearest line above `line` that is not blank or a comment.
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
pub(crate) fn dash_column(sequence: Node<'_>) -> Option<usize> {
    let dash = sequence.items().find_map(dash_offset)?;
    indent_before(sequence.document.source, dash)
}

/// The key of a value in a mapping.
pub(crate) fn key_of(value: Node<'_>) -> Result<Node<'_>, YamlError> {
    let entry = value.parent().and_then(|parent| {
        parent
            .entries()
            .find(|(_, candidate)| candidate.id == value.id)
    });
    entry.map(|(key, _)| key).ok_or_else(|| YamlError::Layout {
        at: value.position(),
        why: "it has no key",
    })
}

/// The offset after the colon between a key and its value.
pub(crate) fn after_colon(key: Node<'_>, value: Node<'_>) -> Result<usize, YamlError> {
    let mapping = key.parent().unwrap_or(key);
    let source = key.document.source;
    let colon = after_next_colon(source, mapping.record(), key.range_with_properties().end);
    colon.ok_or_else(|| YamlError::Layout {
        at: value.position(),
        why: "the key has no colon",
    })
}

/// The column of the keys or dashes of a block collection.
///
/// # Errors
/// [`YamlError::Layout`] where something other than spaces and dashes precedes the first one.
pub(crate) fn column(node: Node<'_>) -> Result<usize, YamlError> {
    let column = match node.kind() {
        Kind::Mapping => entry_column(node),
        _ => dash_column(node),
    };
    column.ok_or_else(|| YamlError::Layout {
        at: node.position(),
        why: "cannot determine the indentation; begin each entry on a line of its own, with spaces",
    })
}
