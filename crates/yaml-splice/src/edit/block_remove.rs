//! Removing whole lines, where nothing around them would be read differently.

use std::ops::Range;

use super::change::{Altered, Child};
use super::measure::{after_colon, dash_offset};
use super::place::{without_lines, would_absorb_line};
use crate::read::node::Node;
use crate::text::lines::{before_on_line, is_line_start, line_start, next_line};
use crate::{Splice, YamlError};

/// Removes a run of neighbouring children; comments between two of them are somebody else's and stay.
pub(crate) fn removals(altered: &Altered<'_>, run: Range<usize>) -> Result<Vec<Splice>, YamlError> {
    let source = altered.node.document.source;
    let first = &altered.children[run.start];
    let start = child_start(first)?;
    let before = altered.children[..run.start].last();
    let after = altered.children.get(run.end);
    let on_own_line = before_on_line(source, start).trim_matches(' ').is_empty();
    if on_own_line {
        let mut pieces = pieces(source, &altered.children[run])?;
        let end = pieces.last().map_or(start, |last| last.end);
        if let Some(why) = before.and_then(|before| joined(before, after, end)) {
            let at = first.first.position();
            return Err(YamlError::Layout { at, why });
        }
        let absorbs = |before: &Child<'_>| would_absorb_line(before.value, pieces[0].end);
        if before.is_some_and(absorbs) {
            pieces.truncate(1);
            pieces[0].end = end;
        }
        let before = before.map(|before| before.value);
        let lines = pieces.into_iter();
        return Ok(lines.map(|lines| without_lines(lines, before)).collect());
    }
    // The first entry follows a dash: the next one takes its place.
    match after {
        Some(next) => Ok(vec![Splice::delete(start..child_start(next)?)]),
        None => Err(YamlError::Layout {
            at: first.first.position(),
            why: "nothing would be left after the dash",
        }),
    }
}

/// The lines of `children`, in pieces where there is more than blank lines between two of them.
fn pieces(source: &str, children: &[Child<'_>]) -> Result<Vec<Range<usize>>, YamlError> {
    let mut pieces: Vec<Range<usize>> = Vec::new();
    for child in children {
        let lines = line_start(source, child_start(child)?)..end_of_lines(child.value);
        match pieces.last_mut() {
            Some(last) if source[last.end..lines.start].trim().is_empty() => last.end = lines.end,
            _ => pieces.push(lines),
        }
    }
    Ok(pieces)
}

/// Why `before` would absorb what follows at `line`, which is `after` if there is more.
fn joined(before: &Child<'_>, after: Option<&Child<'_>>, line: usize) -> Option<&'static str> {
    if would_absorb_line(before.value, line) {
        return Some("a line after it would become a part of the block scalar before it");
    }
    let key = after?.first;
    let source = key.document.source;
    let is_bare = key.written().is_empty() && source[key.range().start..].starts_with(':');
    let has_colon = || after_colon(before.first, before.value).is_ok();
    (is_bare && !has_colon()).then_some("the value after it would become that of the key before it")
}

/// The dash of an item, or the start of a key.
fn child_start(child: &Child<'_>) -> Result<usize, YamlError> {
    let is_item = child.first.id == child.value.id;
    if !is_item {
        return key_start(child.first);
    }
    dash_offset(child.first).ok_or_else(|| YamlError::Layout {
        at: child.first.position(),
        why: "the dash of the item is not on its first line",
    })
}

/// The start of a key that has no `?` before it.
fn key_start(key: Node<'_>) -> Result<usize, YamlError> {
    let source = key.document.source;
    let start = key.range_with_properties().start;
    let mapping = key.parent().unwrap_or(key).range().start;
    let column = |offset| before_on_line(source, offset).len();
    if column(start) == column(mapping) {
        return Ok(start);
    }
    Err(YamlError::Layout {
        at: key.position(),
        why: "there is a question mark before the key",
    })
}

/// Where the last line of a node's content ends, line break included.
fn end_of_lines(node: Node<'_>) -> usize {
    let source = node.document.source;
    let end = node.range_with_properties().end;
    if end > 0 && is_line_start(source, end) && !node.written().is_empty() {
        end
    } else {
        next_line(source, end)
    }
}
