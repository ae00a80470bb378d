//! What is known while a text is read, and the nodes found so far.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::bytes;
use super::quoted::Quoted;
use crate::text::position::LineIndex;
use crate::tree::document::{Document, NodeId, Nodes, Record};
use crate::tree::style::NodeStyle;

/// A block collection to which lines may still be added.
#[derive(Clone)]
pub(super) struct Open {
    pub id: NodeId,
    pub style: NodeStyle,
    /// The column of its keys or dashes.
    pub column: usize,
    /// Whether its last key or dash has no value yet.
    pub awaits_value: bool,
}

/// Where an item of the outermost list begins, and how many nodes were known before it.
pub(super) struct ItemStart {
    /// The start of its first line.
    pub line: usize,
    /// The column of its dash.
    pub column: usize,
    /// The number of records before it.
    pub records: usize,
}

/// Reads a text from its first line to its last. Every step that is not sure of what it sees
/// returns `None`.
pub(super) struct Scanner<'s> {
    pub source: &'s str,
    /// The nodes of the current document.
    pub nodes: Nodes,
    /// The nodes that aliases may name.
    pub anchors: HashMap<&'s str, NodeId>,
    /// The anchor of the collection that begins next.
    pub pending_anchor: Option<Range<usize>>,
    /// Where the content read so far ends.
    pub content_end: usize,
    /// The open collections, from the outside in.
    pub open: Vec<Open>,
    pub documents: Vec<Document<'s>>,
    /// The `---` of the current document.
    pub marker: Option<usize>,
    pub lines: Arc<OnceLock<LineIndex>>,
    /// Whether there are bytes other than printable ASCII, so that the characters of each line have
    /// to be checked.
    pub needs_char_check: bool,
    /// Lists of at least so many bytes are read in parts.
    pub parts_from: usize,
    /// Whether the current document has an outermost list already.
    pub has_list: bool,
    /// The current item of the outermost list, for the case that it is left to the full parser.
    pub item: Option<ItemStart>,
}

impl<'s> Scanner<'s> {
    /// A scanner for `source`, in which lists of at least `parts_from` bytes are read in parts;
    /// `None` where readers do not agree about its line breaks.
    pub fn new(source: &'s str, parts_from: usize) -> Option<Self> {
        u32::try_from(source.len()).ok()?;
        let bytes = source.as_bytes();
        let scanner = Self {
            parts_from,
            ..Self::of(source, !bytes::is_printable_ascii(bytes))
        };
        bytes::has_only_lf_or_crlf(bytes).then_some(scanner)
    }

    /// A scanner that reads no list in parts.
    pub fn of(source: &'s str, needs_char_check: bool) -> Self {
        Self {
            source,
            nodes: Nodes::default(),
            anchors: HashMap::new(),
            pending_anchor: None,
            content_end: 0,
            open: Vec::new(),
            documents: Vec::new(),
            marker: None,
            lines: Arc::default(),
            needs_char_check,
            parts_from: usize::MAX,
            has_list: false,
            item: None,
        }
    }

    /// `end`, where every reader takes the characters from `start` to `end` for the same.
    pub fn check_chars(&self, start: usize, end: usize) -> Option<usize> {
        let is_sure = !self.needs_char_check || bytes::is_plain_text(&self.source[start..end]);
        is_sure.then_some(end)
    }

    /// Adds the `quoted` scalar at `start` below `parent`.
    pub fn push_quoted(&mut self, parent: NodeId, start: usize, quoted: Quoted) {
        let id = self.push_below(parent, quoted.style, start, quoted.end);
        if let Some(text) = quoted.text {
            self.push_decoded(id, OnceLock::from(text.into_boxed_str()));
        }
    }

    /// Gives the node `id` a text that is not a slice of the source.
    pub fn push_decoded(&mut self, id: NodeId, text: OnceLock<Box<str>>) {
        self.nodes.records[id as usize].set_decoded();
        self.nodes.decoded.insert(id, text);
    }

    /// Adds a node below the innermost open collection.
    pub fn push(&mut self, style: NodeStyle, start: usize, end: usize) -> NodeId {
        self.push_below(self.parent(), style, start, end)
    }

    /// Adds a node below `parent`.
    pub fn push_below(
        &mut self,
        parent: NodeId,
        style: NodeStyle,
        start: usize,
        end: usize,
    ) -> NodeId {
        let id = self.nodes.next_id();
        let record = Record::new(id, style, start..end, parent);
        self.nodes.records.push(record);
        id
    }

    /// What holds the next node: the innermost open collection; the root holds itself.
    pub fn parent(&self) -> NodeId {
        self.open.last().map_or(0, |open| open.id)
    }
}
