//! Block mappings and lists, line by line.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use memchr::memchr;

use super::super::document::{Document, Form, NodeId, Properties, Record};
use super::super::position::Lines;
use super::{bytes, flow, handover, literal, quoted};

/// How deep collections may be nested; the full parser stops at 255.
const DEPTH: usize = 200;

/// The longest key, in bytes; readers stop at 1,024 characters.
pub(super) const KEY_LENGTH: usize = 1000;

/// A block collection to which lines may still be added.
pub(super) struct Open {
    id: NodeId,
    form: Form,
    /// Where its keys or dashes stand.
    column: usize,
    /// Whether its last key or dash has no value yet.
    pending: bool,
}

/// Reads a text from its first line to its last. Every step that is not sure of what it sees
/// returns `None`.
pub(super) struct Scanner<'s> {
    pub source: &'s str,
    pub records: Vec<Record>,
    pub decoded: HashMap<NodeId, OnceLock<Box<str>>>,
    /// Only items that were handed over have these.
    pub properties: HashMap<NodeId, Properties>,
    pub targets: HashMap<NodeId, NodeId>,
    pub shared: HashSet<NodeId>,
    /// Where the content read so far ends.
    pub content_end: usize,
    open: Vec<Open>,
    documents: Vec<Document<'s>>,
    /// The `---` of the current document.
    marker: Option<usize>,
    lines: Arc<OnceLock<Lines>>,
    /// Whether there are bytes other than printable ASCII, so that each line has to be looked at.
    is_odd: bool,
    /// What to go back to where an item of the outermost list is handed over.
    item: Option<handover::Item>,
}

impl<'s> Scanner<'s> {
    pub fn new(source: &'s str) -> Self {
        Self {
            source,
            records: Vec::new(),
            decoded: HashMap::new(),
            properties: HashMap::new(),
            targets: HashMap::new(),
            shared: HashSet::new(),
            content_end: 0,
            open: Vec::new(),
            documents: Vec::new(),
            marker: None,
            lines: Arc::default(),
            is_odd: !bytes::is_printable_ascii(source.as_bytes()),
            item: None,
        }
    }

    pub fn documents(mut self) -> Option<Vec<Document<'s>>> {
        u32::try_from(self.source.len()).ok()?;
        let mut line = 0;
        while line < self.source.len() {
            let next = match self.line(line) {
                Some(next) => next,
                None => self.hand_over()?,
            };
            line = next;
        }
        while self.finish(self.source.len()).is_none() {
            self.hand_over()?;
        }
        Some(self.documents)
    }

    /// Reads the line that starts at `line`, with the block scalar that begins on it. Returns
    /// where the next one starts.
    fn line(&mut self, line: usize) -> Option<usize> {
        let bytes = self.source.as_bytes();
        let indent = bytes[line..]
            .iter()
            .take_while(|byte| **byte == b' ')
            .count();
        let at = line + indent;
        match bytes.get(at) {
            None => return Some(at),
            Some(b'\n') => return Some(at + 1),
            Some(b'#') => return self.comment(at),
            Some(b'-') if indent == 0 && bytes[at..].starts_with(b"---") => return self.marker(at),
            Some(_) => {}
        }
        self.content(at, indent)
    }

    /// The comment at `at`, to the end of its line.
    fn comment(&self, at: usize) -> Option<usize> {
        let next = self.next_line(at);
        self.checked(at, next)
    }

    fn next_line(&self, at: usize) -> usize {
        let rest = &self.source.as_bytes()[at..];
        memchr(b'\n', rest).map_or(self.source.len(), |length| at + length + 1)
    }

    /// `end`, where the characters from `start` to there are not odd.
    fn checked(&self, start: usize, end: usize) -> Option<usize> {
        let is_sure = !self.is_odd || bytes::is_plain_text(&self.source[start..end]);
        is_sure.then_some(end)
    }

    fn marker(&mut self, at: usize) -> Option<usize> {
        let bytes = self.source.as_bytes();
        if !matches!(bytes.get(at + 3), None | Some(b'\n')) {
            return None;
        }
        if self.marker.is_some() || !self.records.is_empty() {
            self.finish(at)?;
        }
        self.marker = Some(at);
        self.content_end = at + 3;
        Some(self.next_line(at))
    }

    /// Ends the current document, which must hold something.
    fn finish(&mut self, end: usize) -> Option<()> {
        while !self.open.is_empty() {
            self.close()?;
        }
        self.item = None;
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

    /// Closes the innermost collection.
    fn close(&mut self) -> Option<()> {
        self.settle()?;
        let open = self.open.pop()?;
        let after = narrow(self.records.len());
        let record = &mut self.records[open.id as usize];
        record.after = after;
        record.end = narrow(self.content_end);
        if self.open.len() < 2 {
            self.item = None;
        }
        Some(())
    }

    /// Gives the last key of the innermost mapping its empty value, if it has none.
    fn settle(&mut self) -> Option<()> {
        let open = self.open.last_mut()?;
        if open.pending {
            if open.form != Form::BlockMapping {
                return None;
            }
            open.pending = false;
            // Behind the colon, which stands behind the key.
            self.content_end += 1;
            self.push(Form::Plain, self.content_end, self.content_end);
        }
        Some(())
    }

    /// The content of a line that starts at `at`, in column `column`.
    fn content(&mut self, at: usize, column: usize) -> Option<usize> {
        while self.open.last().is_some_and(|open| open.column > column) {
            self.close()?;
        }
        if self.is_dash(at) {
            self.dash(at, column)
        } else {
            // A list may stand in the column of its key.
            let is_list = |open: &Open| open.form == Form::BlockSequence && open.column == column;
            if self.open.last().is_some_and(is_list) {
                self.close()?;
            }
            self.key(at, column)
        }
    }

    fn is_dash(&self, at: usize) -> bool {
        let bytes = self.source.as_bytes();
        bytes[at] == b'-' && matches!(bytes.get(at + 1), None | Some(b' ' | b'\n'))
    }

    /// An item of a list.
    fn dash(&mut self, at: usize, column: usize) -> Option<usize> {
        let in_list = match self.open.last() {
            Some(open) if open.form == Form::BlockSequence => open.column == column,
            _ => false,
        };
        if in_list {
            self.settle()?;
        } else {
            self.begin(Form::BlockSequence, at, column)?;
        }
        if self.open.len() == 2 {
            self.item = Some(handover::Item::at(self, at - column, column));
        }
        self.open.last_mut()?.pending = true;
        let mut content = at + 1;
        let bytes = self.source.as_bytes();
        while bytes.get(content) == Some(&b' ') {
            content += 1;
        }
        match self.key_end(content) {
            Some(colon) => {
                let column = column + (content - at);
                self.begin(Form::BlockMapping, content, column)?;
                self.entry(content, colon)
            }
            None => self.behind(at + 1),
        }
    }

    /// A key of a mapping, and its value.
    fn key(&mut self, at: usize, column: usize) -> Option<usize> {
        let colon = self.key_end(at)?;
        match self.open.last() {
            Some(open) if open.column == column => self.settle()?,
            _ => self.begin(Form::BlockMapping, at, column)?,
        }
        self.entry(at, colon)
    }

    /// Opens a collection as the value that is still missing, or as the root.
    fn begin(&mut self, form: Form, at: usize, column: usize) -> Option<()> {
        match self.open.last_mut() {
            Some(open) if open.pending => {
                let beside = open.column == column
                    && open.form == Form::BlockMapping
                    && form == Form::BlockSequence;
                if open.column >= column && !beside {
                    return None;
                }
                open.pending = false;
            }
            Some(_) => return None,
            None if !self.records.is_empty() || form != Form::BlockMapping => return None,
            None => {}
        }
        if self.open.len() == DEPTH {
            return None;
        }
        let id = self.push(form, at, at);
        self.open.push(Open {
            id,
            form,
            column,
            pending: false,
        });
        Some(())
    }

    /// The offset of the colon of the key that begins at `at`.
    fn key_end(&self, at: usize) -> Option<usize> {
        let bytes = self.source.as_bytes();
        let rest = bytes.get(at..)?;
        let length = rest.iter().take_while(|byte| bytes::is_key(**byte)).count();
        let starts_well = length > 0 && !matches!(rest[0], b'-' | b'.');
        let colon = at + length;
        let ends_well = bytes.get(colon) == Some(&b':')
            && matches!(bytes.get(colon + 1), None | Some(b' ' | b'\n'));
        (starts_well && ends_well && length <= KEY_LENGTH).then_some(colon)
    }

    /// The key from `at` to its `colon`, and what stands behind it.
    fn entry(&mut self, at: usize, colon: usize) -> Option<usize> {
        self.push(Form::Plain, at, colon);
        self.content_end = colon;
        self.open.last_mut()?.pending = true;
        self.behind(colon + 1)
    }

    /// What stands behind a colon or a dash: a value, or nothing yet.
    fn behind(&mut self, from: usize) -> Option<usize> {
        let bytes = self.source.as_bytes();
        let mut at = from;
        while bytes.get(at) == Some(&b' ') {
            at += 1;
        }
        match bytes.get(at) {
            None => return Some(at),
            Some(b'\n') => return Some(at + 1),
            Some(b'#') if at > from => return self.comment(at),
            _ => {}
        }
        let next = self.value(at)?;
        self.open.last_mut()?.pending = false;
        Some(next)
    }

    /// The value at `at`. Returns where the next line starts.
    fn value(&mut self, at: usize) -> Option<usize> {
        match self.source.as_bytes()[at] {
            b'"' => {
                let scalar = quoted::double(self.source, at)?;
                self.quoted(Form::DoubleQuoted, at, scalar)
            }
            b'\'' => {
                let scalar = quoted::single(self.source, at)?;
                self.quoted(Form::SingleQuoted, at, scalar)
            }
            b'|' => self.literal(at),
            b'[' | b'{' => {
                let end = flow::collection(self, at)?;
                self.rest_of_line(at, end)
            }
            byte if bytes::starts_plain(byte) => self.plain(at),
            b'-' if !self.is_dash(at) => self.plain(at),
            byte if !byte.is_ascii() => self.plain(at),
            _ => None,
        }
    }

    fn quoted(&mut self, form: Form, at: usize, scalar: quoted::Quoted) -> Option<usize> {
        self.push_quoted(form, at, scalar.end, scalar.text);
        self.rest_of_line(at, scalar.end)
    }

    /// Nothing but a comment may stand behind a value that began at `start` and ends at `end`.
    fn rest_of_line(&self, start: usize, end: usize) -> Option<usize> {
        let bytes = self.source.as_bytes();
        let mut at = end;
        while bytes.get(at) == Some(&b' ') {
            at += 1;
        }
        let next = match bytes.get(at) {
            None => at,
            Some(b'\n') => at + 1,
            Some(b'#') if at > end => self.next_line(at),
            Some(_) => return None,
        };
        self.checked(start, next)
    }

    /// A plain scalar on one line. That the next line does not continue it shows when that is
    /// read: it stands no deeper than this one's key or dash.
    fn plain(&mut self, at: usize) -> Option<usize> {
        let bytes = self.source.as_bytes();
        // Behind the last character that is no space.
        let mut end = at;
        let mut next = at;
        loop {
            let rest = &bytes[next..];
            let length = rest
                .iter()
                .take_while(|byte| bytes::is_plain(**byte))
                .count();
            if length > 0 {
                next += length;
                end = next;
            }
            match bytes.get(next) {
                None | Some(b'\n') => break,
                Some(b' ') => next += 1,
                Some(b'#') if end < next => break,
                Some(b':') if matches!(bytes.get(next + 1), None | Some(b' ' | b'\n')) => {
                    return None;
                }
                Some(_) => {
                    next += 1;
                    end = next;
                }
            }
        }
        self.push(Form::Plain, at, end);
        self.content_end = end;
        let next = self.next_line(next);
        self.checked(at, next)
    }

    fn literal(&mut self, at: usize) -> Option<usize> {
        let bytes = self.source.as_bytes();
        let line = self.rest_of_line(at, literal::header_end(bytes, at))?;
        let column = self.open.last()?.column;
        let extent = literal::extent(bytes, line, column)?;
        let id = self.push(Form::Literal, at, extent.end);
        self.content_end = extent.end;
        // Most are never asked for.
        self.records[id as usize].is_decoded = true;
        self.decoded.insert(id, OnceLock::new());
        self.checked(line, extent.next_line)
    }

    /// Adds a quoted scalar, with its `text` where that is not what is written.
    pub fn push_quoted(&mut self, form: Form, start: usize, end: usize, text: Option<String>) {
        let id = self.push(form, start, end);
        self.content_end = end;
        if let Some(text) = text {
            self.records[id as usize].is_decoded = true;
            self.decoded
                .insert(id, OnceLock::from(text.into_boxed_str()));
        }
    }

    /// Adds a node below the innermost open collection.
    pub fn push(&mut self, form: Form, start: usize, end: usize) -> NodeId {
        let id = narrow(self.records.len());
        let parent = self.open.last().map_or(id, |open| open.id);
        self.push_below(parent, form, start, end)
    }

    /// Adds a node below `parent`.
    pub fn push_below(&mut self, parent: NodeId, form: Form, start: usize, end: usize) -> NodeId {
        let id = narrow(self.records.len());
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

    /// The innermost open collection.
    pub fn innermost(&self) -> Option<NodeId> {
        self.open.last().map(|open| open.id)
    }

    /// Leaves the item of the outermost list that could not be read to the full parser. Returns
    /// where the line behind it starts.
    fn hand_over(&mut self) -> Option<usize> {
        let item = self.item.take()?;
        // Everything inside the item is dropped, and its list goes on.
        self.open.truncate(2);
        self.open.last_mut()?.pending = false;
        item.hand_over(self)
    }
}

/// Offsets are below 4 GiB, and a text has fewer nodes than bytes.
#[expect(clippy::cast_possible_truncation)]
fn narrow(offset: usize) -> u32 {
    offset as u32
}
