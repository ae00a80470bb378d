//! Changes in block style: whole lines come and go.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Change;
use super::block_remove::removal;
use super::measure::{Layout, dash_column, dash_offset, entry_column};
use super::place::{LinePlace, place_after};
use super::plan::{Altered, SHORT, replaced};
use crate::emit::block as emit;
use crate::emit::flow::{FlowStyle, flow, scalar};
use crate::read::node::{Kind, Node};
use crate::text::lines::{before_line_break, is_line_start, next_line};
use crate::tree::block_scalar::keeps_line_breaks;
use crate::tree::colon::after_next_colon;
use crate::tree::document::NodeId;
use crate::tree::style::NodeStyle;
use crate::{Splice, Value, YamlError, parallel};

/// The splices for a block collection that loses or gains children.
pub(crate) fn collection(
    altered: &mut Altered<'_>,
    followers: &mut BTreeMap<NodeId, String>,
    out: &mut Vec<Splice>,
) -> Result<(), YamlError> {
    let column = column(altered.node)?;
    if altered.is_emptied() && altered.change.kept && altered.change.items.is_empty() {
        return emptied(altered.node, out);
    }
    if altered.is_emptied() && !altered.change.adds() {
        return Err(YamlError::Layout {
            at: altered.node.position(),
            why: "nothing would be left there",
        });
    }
    for run in altered.removed_runs() {
        out.push(removal(altered, run)?);
    }
    for child in &altered.children {
        if let Some(lines) = followers.remove(&child.value.id) {
            let place = place_after(child.value, column + 1)?;
            let newline = Layout::around(child.value).newline;
            out.push(Splice::insert(place.offset, place.fit(lines, newline)));
        }
    }
    if altered.change.gains() {
        let place = place_after(altered.node, column)?;
        let layout = Layout::around(altered.node);
        let layout = layout.ending_at(altered.node.document.source, place.offset);
        let lines = std::mem::take(&mut altered.change.lines);
        let blocks = [gained(&altered.change, column, layout)]
            .into_iter()
            .chain(lines);
        out.extend(place.insertions(blocks, layout.newline));
    }
    Ok(())
}

/// The lines of what is added at the end of a collection.
fn gained(change: &Change, column: usize, layout: Layout) -> String {
    let mut lines = String::with_capacity(SHORT);
    for (index, (key, value)) in change.entries.iter().enumerate() {
        let layout = layout.followed(index + 1 < change.entries.len());
        emit::entry(&mut lines, key, value, column, layout);
    }
    for (index, value) in change.items.iter().enumerate() {
        let layout = layout.followed(index + 1 < change.items.len());
        emit::item(&mut lines, value, column, layout);
    }
    lines.shrink_to_fit();
    lines
}

/// The lines of the entry `key` of `mapping`, a list of what `value` makes of `items`, in blocks
/// that are not copied together; none where it makes nothing.
pub(crate) fn list_entry<T: Sync>(
    mapping: Node<'_>,
    key: &str,
    items: &[T],
    value: impl Fn(&T) -> Option<Value> + Sync,
) -> Result<Vec<String>, YamlError> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let column = column(mapping)?;
    let layout = Layout::around(mapping);
    let mut blocks = parallel::map_chunks(items, |_, items| {
        let mut lines = String::new();
        for item in items.iter().filter_map(&value) {
            emit::item(&mut lines, &item, column + layout.dash, layout);
        }
        lines.shrink_to_fit();
        lines
    });
    blocks.retain(|lines| !lines.is_empty());
    if !blocks.is_empty() {
        blocks.insert(0, emit::key(key, column, layout));
    }
    Ok(blocks)
}

/// The lines of an item that stands behind `item`, laid out like it.
pub(crate) fn follower(item: Node<'_>, value: &Value) -> Result<String, YamlError> {
    let column = column(item.parent().unwrap_or(item))?;
    let place = place_after(item, column + 1)?;
    let layout = Layout::around(item).ending_at(item.document.source, place.offset);
    // What stands behind an item is mostly about as long.
    let mut lines = String::with_capacity(item.written().len() + SHORT);
    emit::item(&mut lines, value, column, layout);
    lines.shrink_to_fit();
    Ok(lines)
}

fn column(node: Node<'_>) -> Result<usize, YamlError> {
    let column = match node.kind() {
        Kind::Mapping => entry_column(node),
        _ => dash_column(node),
    };
    column.ok_or_else(|| YamlError::Layout {
        at: node.position(),
        why: "the indentation cannot be told; begin each entry on a line of its own, with spaces",
    })
}

/// Leaves `[]` behind the key of a list whose last item goes.
fn emptied(list: Node<'_>, out: &mut Vec<Splice>) -> Result<(), YamlError> {
    let key = key_of(list)?;
    out.push(Splice {
        range: after_colon(key, list)?..list.range().end,
        text: " []".to_owned(),
    });
    Ok(())
}

fn key_of(value: Node<'_>) -> Result<Node<'_>, YamlError> {
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

/// The offset behind the colon between a key and its value.
pub(super) fn after_colon(key: Node<'_>, value: Node<'_>) -> Result<usize, YamlError> {
    let mapping = key.parent().unwrap_or(key);
    let source = key.document.source;
    let colon = after_next_colon(source, mapping.record(), key.range_with_properties().end);
    colon.ok_or_else(|| YamlError::Layout {
        at: value.position(),
        why: "the key has no colon",
    })
}

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
    let mut text = scalar(value, &FlowStyle::BLOCK);
    let keeps = matches!(node.style(), NodeStyle::Literal | NodeStyle::Folded)
        && keeps_line_breaks(node.written());
    if keeps {
        text.push_str(Layout::around(node).newline);
    }
    if range.is_empty() {
        // Nothing stands behind the colon or the dash.
        if let Ok(key) = key_of(node) {
            // A key behind a `?` may have no colon.
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
            why: "an anchor or a tag stands on the empty value",
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

/// Replaces all that stands behind a key and its colon.
fn entry_replacement(node: Node<'_>, value: &Value) -> Result<Vec<Splice>, YamlError> {
    let parent = node.parent().unwrap_or(node);
    let start = after_colon(key_of(node)?, node)?;
    let range = start..node.range().end.max(start);
    let layout = Layout::around(parent).ending_at(node.document.source, range.end);
    let mut text = String::new();
    emit::after_colon(&mut text, value, column(parent)?, layout);
    Ok(vec![unterminated(range, text, value, parent)])
}

/// Replaces all that stands behind a dash.
fn item_replacement(node: Node<'_>, value: &Value) -> Result<Vec<Splice>, YamlError> {
    let parent = node.parent().unwrap_or(node);
    let layout = Layout::around(parent).ending_at(node.document.source, node.range().end);
    let column = column(parent)?;
    let dash = dash_offset(node).ok_or_else(|| YamlError::Layout {
        at: node.position(),
        why: "the dash of the item does not stand on its first line",
    })?;
    let mut text = String::new();
    emit::item(&mut text, value, column, layout);
    let text = text[column + 1..].to_owned();
    let range = dash + 1..node.range().end;
    Ok(vec![unterminated(range, text, value, parent)])
}

/// The lines of `value` in place of `range`. The old text ends in front of its line break, but for
/// block scalars that keep theirs; a comment behind it would become a part of a new block scalar.
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
