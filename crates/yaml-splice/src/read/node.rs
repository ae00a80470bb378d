//! Reading a document: nodes, what they are, and what is around and below them.

use std::ops::Range;

use crate::Position;
use crate::text::lines::next_line;
use crate::tree::document::{Document, NodeId, Record};
use crate::tree::scalar::{Scalar, is_null, resolve};
use crate::tree::style::NodeStyle;

/// What the tags of YAML's own types begin with; any other tag leaves a scalar its text.
pub(crate) const CORE_TAGS: &str = "tag:yaml.org,2002:";

/// Whether a scalar with this tag of YAML's own is what it looks like. Text is not, nor are bytes:
/// `!!binary null` is no null.
fn is_resolved(tag: &str) -> bool {
    !matches!(tag, "str" | "binary")
}

/// What a node is, with aliases resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A single value.
    Scalar,
    /// A list.
    Sequence,
    /// Keys and values.
    Mapping,
}

impl Kind {
    /// The kind in words, for messages: "a single value", "a list" or "a mapping".
    pub fn description(self) -> &'static str {
        match self {
            Self::Scalar => "a single value",
            Self::Sequence => "a list",
            Self::Mapping => "a mapping",
        }
    }
}

/// A node of a [`Document`].
#[derive(Debug, Clone, Copy)]
pub struct Node<'d> {
    pub(crate) document: &'d Document<'d>,
    pub(crate) id: NodeId,
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.document, other.document) && self.id == other.id
    }
}

impl Document<'_> {
    /// The document's only top-level node.
    pub fn root(&self) -> Node<'_> {
        Node::new(self, 0)
    }

    /// Whether the document holds nothing but comments and white space.
    pub fn is_empty(&self) -> bool {
        let root = self.root();
        root.is_null() && root.range().is_empty()
    }
}

impl<'d> Node<'d> {
    pub(crate) fn new<'s: 'd>(document: &'d Document<'s>, id: NodeId) -> Self {
        Self { document, id }
    }

    /// The document that the node is part of.
    pub fn document(self) -> &'d Document<'d> {
        self.document
    }

    pub(crate) fn with_id(self, id: NodeId) -> Self {
        Self { id, ..self }
    }

    pub(crate) fn record(self) -> &'d Record {
        self.document.record(self.id)
    }

    pub(crate) fn style(self) -> NodeStyle {
        self.record().style()
    }

    /// The byte range of the content, without anchor and tag; a block scalar's with its header.
    pub fn range(self) -> Range<usize> {
        let record = self.record();
        record.start as usize..record.end as usize
    }

    /// The byte range with anchor and tag.
    pub fn range_with_properties(self) -> Range<usize> {
        let Range { start, end } = self.range();
        let properties = self.document.nodes.properties.get(&self.id);
        let first = properties.and_then(|properties| {
            let starts = [&properties.anchor, &properties.tag];
            starts.into_iter().flatten().map(|range| range.start).min()
        });
        let last = properties.and_then(|properties| {
            let ends = [&properties.anchor, &properties.tag];
            ends.into_iter().flatten().map(|range| range.end).max()
        });
        first.map_or(start, |first| first.min(start))..last.map_or(end, |last| last.max(end))
    }

    /// The bytes that the node was read from, without anchor and tag.
    pub fn written(self) -> &'d str {
        self.document.written(self.id)
    }

    /// The comment behind the content on its line, from its `#`, if there is one.
    pub fn comment_after(self) -> Option<&'d str> {
        let source = self.document.source;
        let behind = source[self.range().end..].trim_start_matches([' ', '\t']);
        let start = source.len() - behind.len();
        // The line may be the whole text: only where a comment begins its end is looked for.
        let is_comment = behind.starts_with('#');
        is_comment.then(|| source[start..next_line(source, start)].trim_end())
    }

    /// Line and column of the content.
    pub fn position(self) -> Position {
        self.document.position(self.range().start)
    }

    /// The node that an alias refers to; any other node is itself.
    #[must_use]
    #[inline]
    pub fn resolved(self) -> Self {
        if self.is_alias() { self.target() } else { self }
    }

    /// The node that an alias refers to.
    #[cold]
    fn target(self) -> Self {
        let target = self.document.nodes.targets.get(&self.id);
        target.map_or(self, |&target| self.with_id(target))
    }

    /// What the node is, with aliases resolved.
    #[inline]
    pub fn kind(self) -> Kind {
        let style = match self.style() {
            NodeStyle::Alias => self.resolved().style(),
            style => style,
        };
        match style {
            style if style.is_mapping() => Kind::Mapping,
            style if style.is_sequence() => Kind::Sequence,
            _ => Kind::Scalar,
        }
    }

    /// Whether the node is written without brackets, over lines.
    pub(crate) fn is_block_collection(self) -> bool {
        self.style().is_block_collection()
    }

    /// Whether [`Edits::copy_after`](crate::Edits::copy_after), or for a whole document
    /// [`Document::insert_copy_after`], may make a copy of the node.
    pub fn may_be_copied(self) -> bool {
        self.parent().is_some() || self.is_block_collection()
    }

    pub(crate) fn is_flow_collection(self) -> bool {
        self.style().is_flow_collection()
    }

    /// Whether the node is inside brackets.
    pub(crate) fn is_in_flow(self) -> bool {
        self.parent().is_some_and(Self::is_flow_collection)
    }

    /// Whether the node is a scalar, not an empty one, whose text is what is written, but for its quotes:
    /// in one line, without escapes, anchor and tag.
    #[inline]
    pub(crate) fn is_as_written(self) -> bool {
        let record = self.record();
        record.text_in_place().is_some()
            && record.length() > 0
            && !self.document.nodes.properties.contains_key(&self.id)
    }

    /// A scalar's text with escapes and folds resolved; empty for collections.
    pub fn text(self) -> &'d str {
        self.document.text(self.resolved().id)
    }

    /// What a scalar means: a quoted or block scalar is text, a plain one is resolved by the API
    /// server's rules, a tag decides before both. `None` for collections.
    pub fn scalar(self) -> Option<Scalar<'d>> {
        let node = self.resolved();
        if node.kind() != Kind::Scalar {
            return None;
        }
        let text = node.text();
        let tag = node.tag();
        Some(match (node.style(), tag) {
            (NodeStyle::Plain, None) => resolve(text),
            (_, Some(tag)) if tag.strip_prefix(CORE_TAGS).is_some_and(is_resolved) => resolve(text),
            _ => Scalar::Text(text),
        })
    }

    /// Whether the node is an alias (`*name`).
    #[inline]
    pub fn is_alias(self) -> bool {
        self.style() == NodeStyle::Alias
    }

    /// The full name of the node's tag.
    pub(crate) fn tag(self) -> Option<&'d str> {
        let properties = self.document.nodes.properties.get(&self.id)?;
        properties.tag_name.as_deref()
    }

    /// Whether the node is `null`, `~` or empty.
    pub fn is_null(self) -> bool {
        let record = self.record();
        match record.style() {
            // No spelling of it is longer than `null`, whatever its tag.
            NodeStyle::Plain if record.length() > "null".len() => false,
            NodeStyle::Plain if self.document.nodes.properties.is_empty() => {
                is_null(self.written())
            }
            style if style.is_mapping() || style.is_sequence() => false,
            _ => self.scalar() == Some(Scalar::Null),
        }
    }

    /// The collection that holds the node.
    pub fn parent(self) -> Option<Self> {
        let parent = self.record().parent();
        (parent != self.id).then(|| self.with_id(parent))
    }

    /// The nodes directly below, in the order of the text: for a mapping key, value, key, value.
    pub(crate) fn children(self) -> impl Iterator<Item = Self> + use<'d> {
        let node = self.resolved();
        let after = node.record().after;
        let first = node.id + 1;
        let mut next = (first < after).then_some(first);
        std::iter::from_fn(move || {
            let id = next?;
            let child = node.with_id(id);
            next = Some(child.record().after).filter(|&id| id < after);
            Some(child)
        })
    }

    /// A list's items; nothing for other nodes.
    pub fn items(self) -> impl Iterator<Item = Self> + use<'d> {
        let sequence = self.kind() == Kind::Sequence;
        self.children().take_while(move |_| sequence)
    }

    /// A mapping's keys and values as written, merge keys included; nothing for other nodes.
    pub fn entries(self) -> impl Iterator<Item = (Self, Self)> + use<'d> {
        let mapping = self.kind() == Kind::Mapping;
        let mut children = self.children().take_while(move |_| mapping);
        std::iter::from_fn(move || Some((children.next()?, children.next()?)))
    }

    /// The place of the node as a field path from the root: `spec.rules[2].match`.
    pub fn path(self) -> String {
        self.path_below(self.document.root())
    }

    /// The same from `outer`, a node around it.
    pub fn path_below(self, outer: Node<'_>) -> String {
        let Some(parent) = self.parent().filter(|_| self.id != outer.id) else {
            return String::new();
        };
        let before = parent.path_below(outer);
        if parent.kind() == Kind::Sequence {
            let index = parent.items().take_while(|item| item.id != self.id).count();
            return format!("{before}[{index}]");
        }
        let key = parent
            .entries()
            .find(|(key, value)| key.id == self.id || value.id == self.id)
            .map_or("", |(key, _)| key.text());
        let separator = if before.is_empty() { "" } else { "." };
        if key.contains('.') {
            format!("{before}[\"{key}\"]")
        } else {
            format!("{before}{separator}{key}")
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Stream;

    #[test]
    fn a_comment_is_that_of_its_own_line() {
        for (text, expected) in [
            ("a: 1 # why \nb: 2\n", Some("# why")),
            ("a: 1\t# why\r\nb: 2\r\n", Some("# why")),
            ("a: 1 # why\rb: 2\r", Some("# why")),
            ("a: 1 # why", Some("# why")),
            ("a: 1\n# below\nb: 2\n", None),
            ("a: 1", None),
            ("{\"a\": 1, \"b\": \"# no\"}", None),
        ] {
            let stream = Stream::parse(text).unwrap();
            let value = stream.documents[0].root().get("a").unwrap().unwrap();
            assert_eq!(value.comment_after(), expected, "{text:?}");
        }
    }
}
