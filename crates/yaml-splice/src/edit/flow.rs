//! Changes in flow style, inside the brackets.

use std::collections::BTreeMap;

use super::change::{Altered, ByNode, Change, Entry, replaced};
use super::copy_flow;
use super::flow_place::{end, gap, start, style};
use super::nothing;
use crate::emit::INITIAL_CAPACITY;
use crate::emit::flow::{FlowStyle, flow, push_entry, push_flow};
use crate::emit::scalar::scalar;
use crate::read::node::{Kind, Node};
use crate::text::lines::skip_space_and_comments;
use crate::tree::document::NodeId;
use crate::{Splice, Value, YamlError};

/// The splices for a flow collection that loses or gains children.
pub(crate) fn collection(
    altered: &Altered<'_>,
    followers: &mut BTreeMap<NodeId, String>,
    out: &mut Vec<Splice>,
) -> Result<(), YamlError> {
    let node = altered.node;
    if !node.written().starts_with(['{', '[']) {
        return Err(YamlError::Layout {
            at: node.position(),
            why: "a pair without braces cannot take another",
        });
    }
    let nothing = altered.change.emptied.as_deref();
    let nothing = nothing.filter(|_| altered.is_emptied() && !altered.change.adds());
    if let Some(spelling) = nothing.filter(|spelling| !nothing::has_brackets(spelling)) {
        out.push(nothing::instead_of(node, spelling)?);
        return Ok(());
    }
    removals(altered, out);
    let style = style(node, altered.children.last().map(|child| child.first));
    for child in &altered.children {
        if let Some(text) = followers.remove(&child.value.id) {
            out.push(Splice::insert(end(child), gap(child).to_owned() + &text));
        }
    }
    let added = added(&altered.change, &style);
    if !added.is_empty() {
        out.push(match altered.children.last() {
            None => Splice::insert(node.range().start + 1, added),
            Some(last) if altered.is_emptied() => Splice::insert(end(last), added),
            Some(last) => {
                let mut text = gap(last).to_owned();
                style.separate(&mut text, 0);
                Splice::insert(end(last), text + &added)
            }
        });
    }
    Ok(())
}

/// The text of what is added at the end, without the comma before it.
fn added(change: &Change, style: &FlowStyle<'_>) -> String {
    let mut text = String::new();
    for (index, entry) in change.entries.iter().enumerate() {
        if index > 0 {
            style.separate(&mut text, 0);
        }
        match entry {
            Entry::Tree(key, value) => push_entry(&mut text, key, value, style, 0),
            Entry::Prepared(prepared, fills) => prepared.write_in_flow(&mut text, fills, style),
        }
    }
    for (index, value) in change.items.iter().enumerate() {
        if index > 0 {
            style.separate(&mut text, 0);
        }
        push_flow(&mut text, value, style, 0);
    }
    text
}

/// The text of an item after another one, with the comma before it.
pub(crate) fn follower(list: Node<'_>, item: Node<'_>, value: &Value) -> String {
    let style = style(list, Some(item));
    // An item inserted after another is mostly about as long.
    let mut text = String::with_capacity(item.written().len() + INITIAL_CAPACITY);
    style.separate(&mut text, 0);
    push_flow(&mut text, value, &style, 0);
    text.shrink_to_fit();
    text
}

/// The text of a copy of `item` with `changes` after it, with the comma before it; `None` where it has to be made of
/// a value.
pub(crate) fn copied_follower(list: Node<'_>, item: Node<'_>, changes: &ByNode) -> Option<String> {
    let style = style(list, Some(item));
    // What is inserted is mostly shorter than what is copied.
    let mut text = String::with_capacity(2 * item.written().len() + INITIAL_CAPACITY);
    style.separate(&mut text, 0);
    copy_flow::push(&mut text, item, changes, &style)?;
    text.shrink_to_fit();
    Some(text)
}

/// The text of an object written like the outermost one, `root`.
pub(crate) fn object_like(root: Node<'_>, value: &Value) -> String {
    let mut style = style(root, root.entries().last().map(|(key, _)| key));
    if let Some(lines) = &mut style.lines {
        let outer = lines.prefix.len().saturating_sub(lines.step.len());
        lines.prefix = &lines.prefix[..outer];
    }
    flow(value, &style)
}

/// Removes what goes, with the comma on the side where something stays.
fn removals(altered: &Altered<'_>, out: &mut Vec<Splice>) {
    let children = &altered.children;
    for run in altered.removed_runs() {
        let run_end = end(&children[run.end - 1]);
        let before = run.start.checked_sub(1).map(|index| &children[index]);
        let range = match (before, children.get(run.end)) {
            (Some(before), _) => end(before)..run_end,
            (None, Some(next)) => start(&children[run.start])..start(next),
            (None, None) => first_entry(altered.node)..trailing_comma(altered, run_end),
        };
        out.push(Splice::delete(range));
    }
}

/// Where the first entry starts, with the question mark before its key.
fn first_entry(node: Node<'_>) -> usize {
    skip_space_and_comments(node.document.source, node.range().start + 1)
}

/// The end of the comma after the last entry, which must not stay alone.
fn trailing_comma(altered: &Altered<'_>, end: usize) -> usize {
    let rest = &altered.node.document.source[end..altered.node.range().end];
    match rest.find(|c: char| !c.is_whitespace()) {
        Some(at) if rest[at..].starts_with(',') && !altered.change.adds() => end + at + 1,
        _ => end,
    }
}

/// The splice that replaces a node inside brackets by `value`.
///
/// # Errors
/// [`YamlError::Layout`] for a key that has no colon and cannot get one.
pub(crate) fn replacement(node: Node<'_>, value: &Value) -> Result<Splice, YamlError> {
    let parent = node.parent().unwrap_or(node);
    let style = style(parent, parent.entries().last().map(|(key, _)| key));
    let mut text = match value {
        Value::Mapping(_) | Value::Sequence(_) => flow(value, &style),
        _ => scalar(value, style.quoting),
    };
    let range = replaced(node, value);
    if range.is_empty() {
        text.insert(0, ' ');
        let before = node.document.source[..range.start].trim_end();
        let bare = node.range_with_properties().is_empty() && !before.ends_with(':');
        if bare && parent.kind() == Kind::Mapping {
            one_line_key(parent, node)?;
            text.insert(0, ':');
        }
    }
    Ok(Splice { range, text })
}

/// Only a key in one line may get a colon.
fn one_line_key(mapping: Node<'_>, value: Node<'_>) -> Result<(), YamlError> {
    let mut entries = mapping.entries();
    let key = entries.find(|(_, found)| found.id == value.id);
    if !mapping.written().starts_with('{') {
        return Err(YamlError::Layout {
            at: value.position(),
            why: "a pair without braces has no colon",
        });
    }
    let written = |key: Node<'_>| &mapping.document.source[key.range_with_properties()];
    match key.filter(|(key, _)| written(*key).contains(['\n', '\r'])) {
        Some((key, _)) => Err(YamlError::Layout {
            at: key.position(),
            why: "a key over several lines has no colon",
        }),
        None => Ok(()),
    }
}
