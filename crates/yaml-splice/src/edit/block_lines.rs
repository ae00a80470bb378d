//! The lines that are inserted into block collections.

use super::change::{Change, Entry};
use super::measure::column;
use super::place::place_after;
use crate::emit::INITIAL_CAPACITY;
use crate::emit::block as emit;
use crate::emit::layout::Layout;
use crate::read::node::Node;
use crate::{Value, YamlError};

/// The lines of what is added at the end of a collection.
pub(super) fn gained(change: &Change, column: usize, layout: Layout) -> String {
    let mut lines = String::with_capacity(INITIAL_CAPACITY);
    write_gained(&mut lines, change, column, layout);
    lines.shrink_to_fit();
    lines
}

/// Writes them.
pub(super) fn write_gained(lines: &mut String, change: &Change, column: usize, layout: Layout) {
    for (index, entry) in change.entries.iter().enumerate() {
        let layout = layout.followed(index + 1 < change.entries.len());
        match entry {
            Entry::Tree(key, value) => emit::entry(lines, key, value, column, layout),
            Entry::Prepared(prepared, fills) => prepared.write(lines, fills, column, layout),
        }
    }
    for (index, value) in change.items.iter().enumerate() {
        let layout = layout.followed(index + 1 < change.items.len());
        emit::item(lines, value, column, layout);
    }
}

/// The lines of an item after `item`, laid out like it.
pub(super) fn follower(item: Node<'_>, value: &Value) -> Result<String, YamlError> {
    let (column, layout) = after_item(item)?;
    // An item inserted after another is mostly about as long.
    let mut lines = String::with_capacity(item.written().len() + INITIAL_CAPACITY);
    emit::item(&mut lines, value, column, layout);
    lines.shrink_to_fit();
    Ok(lines)
}

/// The column of the dash and the layout of an item after `item`.
pub(super) fn after_item(item: Node<'_>) -> Result<(usize, Layout), YamlError> {
    let column = column(item.parent().unwrap_or(item))?;
    let place = place_after(item, column + 1)?;
    let layout = Layout::around(item).ending_at(item.document.source, place.offset);
    Ok((column, layout))
}
