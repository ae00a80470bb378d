//! Replacing nodes outside of brackets.

use std::ops::Range;

use super::change::replaced;
use super::measure::{after_colon, column, dash_offset, key_of};
use super::place::LinePlace;
use crate::emit::block as emit;
use crate::emit::flow::{FlowStyle, flow};
use crate::emit::layout::Layout;
use crate::emit::scalar::{Quoting, scalar};
use crate::read::node::{Kind, Node};
use crate::text::lines::{before_line_break, is_line_start, next_line};
use crate::tree::block_scalar::keeps_line_breaks;
use crate::tree::style::NodeStyle;
use crate::{Splice, Value, YamlError};

/// The splices that replace a node outside of brackets by `value`.
pub(crate) fn replacement(node: Node<'_>, value: &Value) -> Result<Vec<Splice>, YamlError> {
    let is_collection = |value: &Value| matches!(value, Value::Mapping(_) | Value::Sequence(_));
    if node.is_null() && is_collection(value) && !value.is_empty() {
        return fill(node, value);
    }
    if node.kind() == Kind::Scalar && !is_collection(value) {
        return Ok(vec![scalar_replacement(node, value)?]);
    }
    let parent = node.parent().filter(|parent| parent.is_block_collection());
    match parent.map(Node::style) {
        Some(NodeStyle::BlockMapping) => entry_replacement(node, value),
        Some(NodeStyle::BlockSequence) => item_replacement(node, value),
        _ => Err(YamlError::Layout {
            at: node.position(),
            why: "the outermost value cannot be replaced",
        }),
    }
}

fn scalar_replacement(node: Node<'_>, value: &Value) -> Result<Splice, YamlError> {
    let range = replaced(node, value);
    let mut text = scalar(value, Quoting::Block);
    let keeps = matches!(node.style(), NodeStyle::Literal | NodeStyle::Folded)
        && keeps_line_breaks(node.written());
    if keeps {
        text.push_str(Layout::around(node).newline);
    }
    if range.is_empty() {
        // There is nothing after the colon or the dash.
        if let Ok(key) = key_of(node) {
            // A key after a `?` may have no colon.
            after_colon(key, node)?;
        }
        text.insert(0, ' ');
    }
    Ok(Splice { range, text })
}

/// Puts lines below a key whose value is `null` in whatever spelling; a comment on its line stays.
fn fill(node: Node<'_>, value: &Value) -> Result<Vec<Splice>, YamlError> {
    let source = node.document.source;
    let key = key_of(node)?;
    let parent = node.parent().unwrap_or(node);
    if node.range_with_properties() != node.range() {
        return Err(YamlError::Layout {
            at: node.position(),
            why: "the empty value has an anchor or a tag",
        });
    }
    let colon = after_colon(key, node)?;
    let range = node.range();
    if next_line(source, colon) <= range.start && !range.is_empty() {
        let text = flow(value, &FlowStyle::YAML);
        return Ok(vec![Splice { range, text }]);
    }
    let line = next_line(source, colon);
    let place = LinePlace {
        offset: line,
        unterminated: !is_line_start(source, line),
    };
    let column = column(parent)?;
    let layout = Layout::around(parent).ending_at(source, line);
    let mut lines = String::new();
    let deeper = if matches!(value, Value::Sequence(_)) {
        layout.dash
    } else {
        layout.step
    };
    emit::block(&mut lines, value, column + deeper, layout);
    let insert = Splice::insert(place.offset, place.fit(lines, layout.newline));
    let null = (!range.is_empty()).then(|| Splice::delete(colon..range.end));
    Ok(null.into_iter().chain([insert]).collect())
}

/// Replaces everything after a key and its colon.
fn entry_replacement(node: Node<'_>, value: &Value) -> Result<Vec<Splice>, YamlError> {
    let parent = node.parent().unwrap_or(node);
    let start = after_colon(key_of(node)?, node)?;
    let range = start..node.range().end.max(start);
    let layout = Layout::around(parent).ending_at(node.document.source, range.end);
    let mut text = String::new();
    emit::after_colon(&mut text, value, column(parent)?, layout);
    Ok(vec![unterminated(range, text, value, parent)])
}

/// Replaces everything after a dash.
fn item_replacement(node: Node<'_>, value: &Value) -> Result<Vec<Splice>, YamlError> {
    let parent = node.parent().unwrap_or(node);
    let layout = Layout::around(parent).ending_at(node.document.source, node.range().end);
    let column = column(parent)?;
    let dash = dash_offset(node).ok_or_else(|| YamlError::Layout {
        at: node.position(),
        why: "the dash of the item is not on its first line",
    })?;
    let mut text = String::new();
    emit::item(&mut text, value, column, layout);
    let text = text[column + 1..].to_owned();
    let range = dash + 1..node.range().end;
    Ok(vec![unterminated(range, text, value, parent)])
}

/// The lines of `value` in place of `range`. The old text ends before its line break, except for
/// block scalars that keep theirs; a comment after it would become a part of a new block scalar.
fn unterminated(mut range: Range<usize>, text: String, value: &Value, around: Node<'_>) -> Splice {
    let source = around.document.source;
    if is_line_start(source, range.end) && !range.is_empty() {
        return Splice { range, text };
    }
    if emit::ends_in_literal(value) {
        range.end = before_line_break(source, next_line(source, range.end));
    }
    let newline = Layout::around(around).newline;
    let text = text.strip_suffix(newline).unwrap_or(&text).to_owned();
    Splice { range, text }
}
