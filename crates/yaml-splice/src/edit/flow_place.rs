//! How collections in brackets are written, and where their children begin and end.

use super::change::Child;
use crate::emit::flow::{FlowLines, FlowStyle};
use crate::emit::scalar::Quoting;
use crate::read::node::Node;
use crate::text::lines::{before_on_line, is_line_start, newline};
use crate::tree::style::NodeStyle;

/// Where an entry is inserted at the end of `mapping`, what stands before it, and how it is written; `None`
/// where the mapping has no entries or no braces.
pub(super) fn end_of(mapping: Node<'_>) -> Option<(usize, String, FlowStyle<'_>)> {
    let (first, value) = mapping.entries().last()?;
    let last = Child {
        first,
        value,
        removed: false,
    };
    let style = style(mapping, Some(first));
    let mut separator = gap(&last).to_owned();
    style.separate(&mut separator, 0);
    let has_braces = mapping.written().starts_with('{');
    has_braces.then(|| (end(&last), separator, style))
}

pub(super) fn start(child: &Child<'_>) -> usize {
    child.first.range_with_properties().start
}

pub(super) fn end(child: &Child<'_>) -> usize {
    child
        .value
        .range_with_properties()
        .end
        .max(child.first.range_with_properties().end)
}

/// A tag or an anchor without a value would take a comma for a part of its name.
pub(super) fn gap(child: &Child<'_>) -> &'static str {
    let bare = child.value.range().is_empty() && !child.value.range_with_properties().is_empty();
    if bare { " " } else { "" }
}

/// How the collection is written: JSON or not, dense or spaced, over lines or in one.
pub(super) fn style<'d>(node: Node<'d>, last: Option<Node<'_>>) -> FlowStyle<'d> {
    let around = || std::iter::successors(Some(node), |node| node.parent());
    let first_entry = around()
        .filter(|node| node.style() == NodeStyle::FlowMapping)
        .find_map(|mapping| mapping.entries().next());
    let json = node.document.is_in_json_stream
        || first_entry.is_some_and(|(key, _)| key.style() == NodeStyle::DoubleQuoted);
    let dense = first_entry.is_some_and(|(key, value)| {
        let gap = key.range_with_properties().end..value.range_with_properties().start;
        node.document
            .source
            .get(gap)
            .is_some_and(|gap| gap.ends_with(':'))
    });
    FlowStyle {
        quoting: if json { Quoting::Json } else { Quoting::Flow },
        spaced: !(json && dense),
        lines: last.and_then(|last| lines(node, last.range_with_properties().start)),
    }
}

/// The layout of a collection whose last entry begins a line.
fn lines(node: Node<'_>, last: usize) -> Option<FlowLines<'_>> {
    let source = node.document.source;
    // A list may be one line of many megabytes: look back no further than needed.
    let before = source[..last].trim_end_matches([' ', '\t']);
    if !is_line_start(source, before.len()) {
        return None;
    }
    let prefix = &source[before.len()..last];
    let outer = before_on_line(source, node.range().start);
    let outer_indent = outer.len() - outer.trim_start_matches([' ', '\t']).len();
    let step = prefix
        .get(outer_indent..)
        .filter(|step| !step.is_empty())
        .unwrap_or("  ");
    Some(FlowLines {
        newline: newline(source, last),
        prefix,
        step,
    })
}

#[cfg(test)]
mod tests {
    use crate::{Edits, Stream, Value, apply};

    #[test]
    fn an_empty_object_of_a_json_stream_gets_json() {
        let text = "{ }{}\n";
        let stream = Stream::parse(text).unwrap();
        let mut edits = Edits::new(&stream.documents[0]);
        let root = stream.documents[0].root();
        edits.put(root, &["a"], Value::text("b")).unwrap();
        let changed = apply(text, edits.splices().unwrap()).unwrap().to_string();
        assert_eq!(changed, "{\"a\": \"b\" }{}\n");
    }
}
