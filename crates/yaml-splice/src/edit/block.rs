//! Changes in block style, as whole lines.

use std::collections::BTreeMap;

use super::block_lines::gained;
use super::block_remove::removals;
use super::change::{Altered, Change};
use super::measure::{after_colon, column, key_of};
use super::nothing;
use super::place::place_after;
use crate::emit::layout::Layout;
use crate::read::node::Node;
use crate::tree::document::NodeId;
use crate::{Splice, YamlError};

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
    let nothing = altered.change.emptied.as_deref();
    if let Some(spelling) = nothing.filter(|_| altered.is_emptied() && !altered.change.adds()) {
        out.extend(nothing::behind_key(altered.node, spelling)?);
    } else if altered.is_emptied() && !altered.change.adds() {
        return Err(YamlError::Layout {
            at: altered.node.position(),
            why: "nothing would be left there",
        });
    }
    for run in altered.removed_runs() {
        out.extend(removals(altered, run)?);
    }
    for child in &altered.children {
        if let Some(lines) = followers.remove(&child.value.id) {
            let place = place_after(child.value, column + 1)?;
            let newline = Layout::around(child.value).newline;
            out.push(Splice::insert(place.offset, place.fit(lines, newline)));
        }
    }
    if altered.change.gains() {
        out.extend(additions(altered.node, &mut altered.change)?);
    }
    Ok(())
}

/// The splices for what the block collection `node` gains at its end.
pub(crate) fn additions(node: Node<'_>, change: &mut Change) -> Result<Vec<Splice>, YamlError> {
    let column = column(node)?;
    let place = place_after(node, column)?;
    let layout = if change.gains_lists() {
        Layout::around(node)
    } else {
        Layout::of_mappings_around(node)
    };
    let layout = layout.ending_at(node.document.source, place.offset);
    let lines = std::mem::take(&mut change.lines);
    let blocks = [gained(change, column, layout)].into_iter().chain(lines);
    Ok(place.insertions(blocks, layout.newline))
}

/// Leaves `[]` after the key of a list whose last item is removed.
fn emptied(list: Node<'_>, out: &mut Vec<Splice>) -> Result<(), YamlError> {
    let key = key_of(list)?;
    out.push(Splice {
        range: after_colon(key, list)?..list.range().end,
        text: " []".to_owned(),
    });
    Ok(())
}
