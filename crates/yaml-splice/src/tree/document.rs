//! Documents: a flat tree of nodes with the byte ranges they were read from.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::block_scalar;
use super::style::NodeStyle;
use crate::Position;
use crate::text::position::LineIndex;

/// The index of a node in its document, in the order of the text.
pub(crate) type NodeId = u32;

/// The most nodes of one document: so many that their numbers leave room for the style in 32 bits.
pub(crate) const MAX_NODES: usize = 1 << (u32::BITS - STYLE_BITS - 1);

/// How many bits the style of a node takes.
const STYLE_BITS: u32 = 4;
const STYLE: u32 = (1 << STYLE_BITS) - 1;
const IS_DECODED: u32 = 1 << STYLE_BITS;

/// One node. Children of a collection follow it directly; a mapping's are key, value, key, value.
///
/// Sixteen bytes, because a package has millions of them: what few nodes have (anchors, tags,
/// decoded text) is in side tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Record {
    /// The first byte of the content, after anchor and tag.
    pub start: u32,
    /// The byte after the content: for block collections the end of the last child's content.
    pub end: u32,
    /// The node after this one and all that is below it.
    pub after: NodeId,
    /// From the highest bit on: the parent, whether the text is decoded, the style.
    packed: u32,
}

impl Record {
    /// The node `id` without children, which stands in `bytes` below `parent`.
    #[inline]
    pub fn new(id: NodeId, style: NodeStyle, bytes: Range<usize>, parent: NodeId) -> Self {
        Self {
            start: narrow(bytes.start),
            end: narrow(bytes.end),
            after: id + 1,
            packed: parent << (STYLE_BITS + 1) | style as u32,
        }
    }

    /// The collection that holds it; the root holds itself.
    #[inline]
    pub fn parent(&self) -> NodeId {
        self.packed >> (STYLE_BITS + 1)
    }

    /// The same below another `parent`, with another node `after` it.
    #[inline]
    pub fn moved(self, parent: NodeId, after: NodeId) -> Self {
        let packed = parent << (STYLE_BITS + 1) | self.packed & (IS_DECODED | STYLE);
        Self {
            after,
            packed,
            ..self
        }
    }

    /// How it is written.
    #[inline]
    pub fn style(&self) -> NodeStyle {
        NodeStyle::of_number(self.packed & STYLE)
    }

    /// Whether a scalar's text is in the side table.
    #[inline]
    pub fn is_decoded(&self) -> bool {
        self.packed & IS_DECODED != 0
    }

    /// Says that a scalar's text is in the side table.
    pub fn set_decoded(&mut self) {
        self.packed |= IS_DECODED;
    }

    /// Whether it is a plain scalar whose text is what is written.
    #[inline]
    pub fn is_verbatim(&self) -> bool {
        self.packed & (IS_DECODED | STYLE) == NodeStyle::Plain as u32
    }

    /// The number of quotes around a scalar's text, where that is written in one piece: plain, or between
    /// quotes.
    #[inline]
    pub fn quotes(&self) -> Option<usize> {
        const PLAIN: u32 = NodeStyle::Plain as u32;
        const LAST_QUOTED: u32 = NodeStyle::DoubleQuoted as u32;
        let form = self.packed & (IS_DECODED | STYLE);
        (form <= LAST_QUOTED).then_some(if form == PLAIN { 0 } else { 2 })
    }

    /// Where a scalar's text begins and how long it is, where that is written in one piece.
    #[inline]
    pub fn text_in_place(&self) -> Option<(usize, usize)> {
        let quotes = self.quotes()?;
        Some((self.start as usize + quotes / 2, self.length() - quotes))
    }

    /// The number of bytes of its content.
    #[inline]
    pub fn length(&self) -> usize {
        (self.end - self.start) as usize
    }
}

/// The anchor and the tag before a node, YAML's "node properties".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Properties {
    pub anchor: Option<Range<usize>>,
    pub tag: Option<Range<usize>>,
    /// The tag with its handle resolved, such as `tag:yaml.org,2002:str`.
    pub tag_name: Option<String>,
}

/// The nodes of a document: their records in the order of the text, and side tables for what few
/// nodes have.
#[derive(Debug, Clone, Default)]
pub(crate) struct Nodes {
    pub records: Vec<Record>,
    /// Ordered: it is asked about every node that is read, and to hash its number takes longer.
    pub properties: BTreeMap<NodeId, Properties>,
    /// The text of scalars whose value is not a slice of the source; that of a literal block
    /// scalar is made when it is first asked for.
    pub decoded: HashMap<NodeId, OnceLock<Box<str>>>,
    /// The target of each alias.
    pub targets: HashMap<NodeId, NodeId>,
    /// The targets of all aliases, in order: those inside of one node are looked for.
    pub shared: BTreeSet<NodeId>,
}

impl Nodes {
    /// The id of the next node.
    #[inline]
    pub fn next_id(&self) -> NodeId {
        narrow(self.records.len())
    }
}

/// An offset or a number of nodes in 32 bits: a text of 4 GiB or more is refused before it is
/// parsed, and no text has more nodes than bytes.
#[expect(clippy::cast_possible_truncation)]
#[inline]
pub(crate) fn narrow(offset: usize) -> u32 {
    offset as u32
}

/// One document of a [`Stream`](crate::Stream). `'s` is the lifetime of the text.
#[derive(Debug)]
pub struct Document<'s> {
    pub(crate) source: &'s str,
    pub(crate) nodes: Nodes,
    /// The `---` that opens the document, if there is one.
    pub(crate) marker: Option<Range<usize>>,
    /// Where the document ends: at the next `---`, at a `...`, or at the end of the stream.
    pub(crate) end: usize,
    /// Whether it is one of several JSON objects without a `---` between them.
    pub(crate) is_in_json_stream: bool,
    /// The lines of the whole text, shared by its documents and found for the first message.
    pub(crate) lines: Arc<OnceLock<LineIndex>>,
}

/// Documents are equal where two ways of parsing one text found the same.
impl PartialEq for Document<'_> {
    fn eq(&self, other: &Self) -> bool {
        let (nodes, others) = (&self.nodes, &other.nodes);
        self.source == other.source
            && nodes.records == others.records
            && nodes.properties == others.properties
            && nodes.decoded.len() == others.decoded.len()
            && nodes
                .decoded
                .keys()
                .all(|&id| self.text(id) == other.text(id))
            && nodes.targets == others.targets
            && nodes.shared == others.shared
            && self.marker == other.marker
            && self.end == other.end
    }
}

impl<'s> Document<'s> {
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

    pub(crate) fn record(&self, id: NodeId) -> &Record {
        &self.nodes.records[id as usize]
    }

    /// The source of a node, without anchor and tag.
    pub(crate) fn written(&self, id: NodeId) -> &'s str {
        let record = self.record(id);
        &self.source[record.start as usize..record.end as usize]
    }

    /// The text of a scalar with escapes and folds resolved; empty for collections and aliases.
    pub(crate) fn text(&self, id: NodeId) -> &str {
        let record = self.record(id);
        // Where nothing stands, the text is that of null, `~`.
        if let Some((start, length)) = record.text_in_place()
            && record.length() > 0
        {
            return &self.source[start..start + length];
        }
        if record.is_decoded() {
            let literal = || block_scalar::literal_text(self.written(id));
            let text = self.nodes.decoded.get(&id);
            return text.map_or("", |text| text.get_or_init(literal));
        }
        record
            .style()
            .verbatim(self.written(id))
            .unwrap_or_default()
    }

    pub(crate) fn position(&self, offset: usize) -> Position {
        self.lines().position(self.source, offset)
    }

    /// The lines of the whole text.
    pub(crate) fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::of(self.source))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_keeps_what_is_packed_into_it() {
        assert_eq!(size_of::<Record>(), 16);
        for style in (0..10).map(NodeStyle::of_number) {
            let last = narrow(MAX_NODES - 1);
            let mut record = Record::new(last, style, 3..6, last);
            assert_eq!(record.is_verbatim(), style == NodeStyle::Plain);
            let text = match style {
                NodeStyle::Plain => Some((3, 3)),
                NodeStyle::SingleQuoted | NodeStyle::DoubleQuoted => Some((4, 1)),
                _ => None,
            };
            assert_eq!(record.text_in_place(), text);
            record.set_decoded();
            assert!(!record.is_verbatim() && record.text_in_place().is_none());
            for record in [record, record.moved(1, 9).moved(last, last + 1)] {
                let found = (record.style(), record.is_decoded(), record.parent());
                assert_eq!(found, (style, true, last));
                assert_eq!((record.start, record.end, record.after), (3, 6, last + 1));
            }
        }
    }
}
