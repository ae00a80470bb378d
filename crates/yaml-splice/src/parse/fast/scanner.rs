//! What is known while a text is read, and the lines that are no content.

use std::collections::HashMap;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;
use std::sync::OnceLock;

use super::quoted::Quoted;
use super::{bytes, fallback};
use crate::text::position::Lines;
use crate::tree::document::{Document, Form, NodeId, Properties, Record};

/// A block collection to which lines may still be added.
pub(super) struct Open {
    pub id: NodeId,
    pub form: Form,
    /// Where its keys or dashes stand.
    pub column: usize,
    /// Whether its last key or dash has no value yet.
    pub pending: bool,
}

/// Reads a text from its first line to its last. Every step that is not sure of what it sees
/// returns `None`.
pub(super) struct Scanner<'s> {
    pub source: &'s str,
    pub records: Vec<Record>,
    pub decoded: HashMap<NodeId, OnceLock<Box<str>>>,
    /// This, and what aliases point at, as in [`Document`].
    pub properties: HashMap<NodeId, Properties>,
    pub targets: HashMap<NodeId, NodeId>,
    pub shared: HashSet<NodeId>,
    /// The nodes that aliases may name.
    pub anchors: HashMap<&'s str, NodeId>,
    /// The anchor of the collection that begins next.
    pub pending_anchor: Option<Range<usize>>,
    /// Where the content read so far ends.
    pub content_end: usize,
    /// What is open, from the outside in.
    pub open: Vec<Open>,
    documents: Vec<Document<'s>>,
    /// The `---` of the current document.
    marker: Option<usize>,
    lines: Arc<OnceLock<Lines>>,
    /// Whether there are bytes other than printable ASCII, so that each line has to be looked at.
    pub is_odd: bool,
    /// How many bytes a list has that is read in parts.
    pub long: usize,
    /// Whether the current document has an outermost list already.
    pub has_list: bool,
    /// What to go back to where an item of the outermost list is handed over.
    pub item: Option<fallback::Item>,
}

impl<'s> Scanner<'s> {
    /// A scanner for `source`, in which lists of `long` bytes are read in parts; `None` where
    /// readers do not agree about its line breaks.
    pub fn new(source: &'s str, long: usize) -> Option<Self> {
        u32::try_from(source.len()).ok()?;
        let bytes = source.as_bytes();
        let scanner = Self {
            long,
            ..Self::of(source, !bytes::is_printable_ascii(bytes))
        };
        bytes::has_sure_line_breaks(bytes).then_some(scanner)
    }

    /// A scanner that reads no list in parts.
    pub fn of(source: &'s str, is_odd: bool) -> Self {
        Self {
            source,
            records: Vec::new(),
            decoded: HashMap::new(),
            properties: HashMap::new(),
            targets: HashMap::new(),
            shared: HashSet::new(),
            anchors: HashMap::new(),
            pending_anchor: None,
            content_end: 0,
            open: Vec::new(),
            documents: Vec::new(),
            marker: None,
            lines: Arc::default(),
            is_odd,
            long: usize::MAX,
            has_list: false,
            item: None,
        }
    }

    pub fn documents(mut self) -> Option<Vec<Document<'s>>> {
        let mut line = 0;
        while line < self.source.len() {
            let content = bytes::behind_indent(self.source.as_bytes(), line);
            line = self.line(line, content).or_else(|| self.hand_over())?;
        }
        while self.finish(self.source.len()).is_none() {
            self.hand_over()?;
        }
        Some(self.documents)
    }

    /// Reads the line that starts at `line`, with content `at`, and what begins on it and goes on
    /// below. Returns where the next one starts.
    pub fn line(&mut self, line: usize, at: usize) -> Option<usize> {
        let bytes = self.source.as_bytes();
        match bytes.get(at) {
            None | Some(b'\n' | b'\r') => return Some(bytes::next_line(bytes, at)),
            Some(b'#') => return self.comment(at),
            Some(b'-') if at == line && bytes[at..].starts_with(b"---") => return self.marker(at),
            Some(_) => {}
        }
        self.content(at, at - line)
    }

    /// The comment at `at`, to the end of its line.
    pub fn comment(&self, at: usize) -> Option<usize> {
        let next = bytes::next_line(self.source.as_bytes(), at);
        self.checked(at, next)
    }

    /// `end`, where the characters from `start` to there are not odd.
    pub fn checked(&self, start: usize, end: usize) -> Option<usize> {
        let is_sure = !self.is_odd || bytes::is_plain_text(&self.source[start..end]);
        is_sure.then_some(end)
    }

    fn marker(&mut self, at: usize) -> Option<usize> {
        let bytes = self.source.as_bytes();
        if !matches!(bytes.get(at + 3), None | Some(b'\n' | b'\r')) {
            return None;
        }
        if self.marker.is_some() || !self.records.is_empty() {
            self.finish(at)?;
        }
        self.marker = Some(at);
        self.content_end = at + 3;
        Some(bytes::next_line(self.source.as_bytes(), at))
    }

    /// Ends the current document, which must hold something.
    fn finish(&mut self, end: usize) -> Option<()> {
        while !self.open.is_empty() {
            self.close()?;
        }
        self.item = None;
        self.anchors.clear();
        self.has_list = false;
        if self.records.is_empty() {
            return None;
        }
        let mut records = std::mem::take(&mut self.records);
        records.shrink_to_fit();
        self.documents.push(Document {
            source: self.source,
            records,
            properties: std::mem::take(&mut self.properties),
            decoded: std::mem::take(&mut self.decoded),
            targets: std::mem::take(&mut self.targets),
            shared: std::mem::take(&mut self.shared),
            marker: self.marker.take().map(|at| at..at + 3),
            end,
            lines: Arc::clone(&self.lines),
        });
        Some(())
    }

    /// Adds the `quoted` scalar at `start` below `parent`.
    pub fn push_quoted(&mut self, parent: NodeId, start: usize, quoted: Quoted) {
        let id = self.push_below(parent, quoted.form, start, quoted.end);
        if let Some(text) = quoted.text {
            self.records[id as usize].is_decoded = true;
            self.decoded
                .insert(id, OnceLock::from(text.into_boxed_str()));
        }
    }

    /// Adds a node below the innermost open collection.
    pub fn push(&mut self, form: Form, start: usize, end: usize) -> NodeId {
        self.push_below(self.parent(), form, start, end)
    }

    /// Adds a node below `parent`.
    pub fn push_below(&mut self, parent: NodeId, form: Form, start: usize, end: usize) -> NodeId {
        let id = self.next_id();
        self.records.push(Record {
            start: narrow(start),
            end: narrow(end),
            after: id + 1,
            parent,
            form,
            is_decoded: false,
        });
        id
    }

    pub fn next_id(&self) -> NodeId {
        narrow(self.records.len())
    }

    /// What holds the next node: the innermost open collection; the root holds itself.
    pub fn parent(&self) -> NodeId {
        self.open.last().map_or(0, |open| open.id)
    }

    /// Leaves the item of the outermost list that could not be read to the full parser. Returns
    /// where the line behind it starts.
    pub fn hand_over(&mut self) -> Option<usize> {
        let item = self.item.take()?;
        // Everything inside the item is dropped, and its list goes on.
        self.open.truncate(2);
        self.open.last_mut()?.pending = false;
        self.pending_anchor = None;
        item.hand_over(self)
    }
}

/// Offsets are below 4 GiB, and a text has fewer nodes than bytes.
#[expect(clippy::cast_possible_truncation)]
pub(super) fn narrow(offset: usize) -> u32 {
    offset as u32
}
