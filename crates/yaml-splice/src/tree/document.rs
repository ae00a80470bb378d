//! Documents: a flat tree of nodes with the byte ranges they were read from.

use std::collections::HashMap;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;
use std::sync::OnceLock;

use crate::Position;
use crate::read::node::Node;
use crate::text::position::Lines;

/// The index of a node in its document, in the order of the text.
pub(crate) type NodeId = u32;

/// How a node is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
    Folded,
    BlockMapping,
    FlowMapping,
    BlockSequence,
    FlowSequence,
    Alias,
}

/// One node. Children of a collection follow it directly; a mapping's are key, value, key, value.
///
/// Twenty bytes, because a package has millions of them: what few nodes have (anchors, tags,
/// decoded text) stands in side tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Record {
    /// The first byte of the content, behind anchor and tag.
    pub start: u32,
    /// The byte after the content: for block collections the end of the last child's content.
    pub end: u32,
    /// The node after this one and all that is below it.
    pub after: NodeId,
    /// The collection that holds it; the root holds itself.
    pub parent: NodeId,
    pub form: Form,
    /// Whether a scalar's text stands in the side table.
    pub is_decoded: bool,
}

impl Record {
    /// Whether it is a plain scalar whose text is what is written.
    #[inline]
    pub fn is_verbatim(&self) -> bool {
        self.form == Form::Plain && !self.is_decoded
    }

    /// The number of bytes of its content.
    #[inline]
    pub fn length(&self) -> usize {
        (self.end - self.start) as usize
    }
}

/// An anchor or a tag in front of a node.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Properties {
    pub anchor: Option<Range<usize>>,
    pub tag: Option<Range<usize>>,
    /// The tag with its handle resolved, such as `tag:yaml.org,2002:str`.
    pub tag_name: Option<String>,
}

/// Whether two readings of one text found the same.
impl PartialEq for Document<'_> {
    fn eq(&self, other: &Self) -> bool {
        let text = |id: &NodeId| Node::new(self, *id).text() == Node::new(other, *id).text();
        self.source == other.source
            && self.records == other.records
            && self.properties == other.properties
            && self.decoded.len() == other.decoded.len()
            && self.decoded.keys().all(text)
            && self.targets == other.targets
            && self.shared == other.shared
            && self.marker == other.marker
            && self.end == other.end
    }
}

/// One document of a [`super::Stream`].
#[derive(Debug)]
pub struct Document<'s> {
    pub(crate) source: &'s str,
    pub(crate) records: Vec<Record>,
    pub(crate) properties: HashMap<NodeId, Properties>,
    /// The text of scalars whose value is not a slice of the source; that of a literal block
    /// scalar is made when it is first asked for.
    pub(crate) decoded: HashMap<NodeId, OnceLock<Box<str>>>,
    /// Where each alias points.
    pub(crate) targets: HashMap<NodeId, NodeId>,
    /// The nodes that an alias points at.
    pub(crate) shared: HashSet<NodeId>,
    /// The `---` that opens the document, if there is one.
    pub(crate) marker: Option<Range<usize>>,
    /// Where the document ends: at the next `---`, at a `...`, or at the end of the stream.
    pub(crate) end: usize,
    /// The lines of the whole text, shared by its documents and made for the first message.
    pub(crate) lines: Arc<OnceLock<Lines>>,
}

impl<'s> Document<'s> {
    /// The document's only top-level node.
    pub fn root(&self) -> Node<'_> {
        Node::new(self, 0)
    }

    /// The whole text that the document is part of.
    pub fn source(&self) -> &'s str {
        self.source
    }

    /// The byte range of the `---` line's marker, if the document has one.
    pub fn marker(&self) -> Option<Range<usize>> {
        self.marker.clone()
    }

    /// Where the document ends: at the next `---`, at a `...`, or at the end of the stream.
    pub fn end(&self) -> usize {
        self.end
    }

    /// Whether the document holds nothing but comments and white space.
    pub fn is_empty(&self) -> bool {
        let root = self.root();
        root.is_null() && root.range().is_empty()
    }

    pub(crate) fn record(&self, id: NodeId) -> &Record {
        &self.records[id as usize]
    }

    pub(crate) fn position(&self, offset: usize) -> Position {
        let lines = self.lines.get_or_init(|| Lines::of(self.source));
        lines.position(self.source, offset)
    }
}
