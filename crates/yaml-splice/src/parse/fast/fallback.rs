//! Items that are left to the full parser, each by itself.
//!
//! An item of the outermost list that holds something that the scanner does not understand is cut
//! out, from its dash to the next line that stands no deeper, and parsed as a list of one item.
//! That gives what the full parser finds in the whole text: block style ends with its column,
//! quotes and brackets that go on behind the cut are errors in what was cut out, and so is an
//! alias whose anchor stands elsewhere. Whatever else is not exactly one item is not accepted.

use std::ops::Range;

use super::bytes;
use super::items::Items;
use super::scanner::{Scanner, narrow};
use crate::parse::events;
use crate::tree::block_scalar::keeps_line_breaks;
use crate::tree::document::{Document, Form};

/// How deep an item may be nested; in the whole text it stands one level deeper, and the full
/// parser stops at 255.
const DEPTH: usize = 250;

/// What is a line break to some readers, or left out by them.
const LINE_BREAKS: [char; 4] = ['\u{85}', '\u{2028}', '\u{2029}', '\u{feff}'];

/// Where an item of the outermost list begins, and what was known there.
pub(super) struct Item {
    /// The start of its first line.
    line: usize,
    /// Where its dash stands.
    column: usize,
    records: usize,
}

impl Item {
    /// The item whose dash stands at `column` of the line that starts at `line`.
    pub fn at(scanner: &Scanner<'_>, line: usize, column: usize) -> Self {
        Self {
            line,
            column,
            records: scanner.records.len(),
        }
    }

    /// Parses the item with the full parser, and adds what that finds to `scanner`. Returns where
    /// the line behind it starts.
    pub fn hand_over(self, scanner: &mut Scanner<'_>) -> Option<usize> {
        let range = self.extent(scanner.source);
        let text = &scanner.source[range.clone()];
        if text.contains(LINE_BREAKS) {
            return None;
        }
        let mut found = events::documents(text).ok()?;
        let document = found.pop().filter(|_| found.is_empty())?;
        let is_whole = document.marker.is_none() && document.end == text.len();
        if !is_whole || !self.is_one_item(&document) || depends_on_what_follows(&document) {
            return None;
        }
        self.drop_found(scanner);
        scanner.add(items_of(document, &range));
        Some(range.end)
    }

    /// Forgets what was found of the item.
    fn drop_found(&self, scanner: &mut Scanner<'_>) {
        for (id, record) in (narrow(self.records)..).zip(scanner.records.drain(self.records..)) {
            if record.is_decoded {
                scanner.decoded.remove(&id);
            }
            if record.form == Form::Alias
                && let Some(target) = scanner.targets.remove(&id)
            {
                scanner.shared.remove(&target);
            }
        }
        for (_, id) in scanner.anchors.drain() {
            scanner.properties.remove(&id);
        }
    }

    fn extent(&self, source: &str) -> Range<usize> {
        let bytes = source.as_bytes();
        let mut line = bytes::next_line(bytes, self.line);
        while line < bytes.len() {
            let at = bytes::behind_indent(bytes, line);
            let is_content = !matches!(bytes.get(at), None | Some(b'\n' | b'\r' | b'#'));
            if is_content && at - line <= self.column {
                break;
            }
            line = bytes::next_line(bytes, at);
        }
        self.line..line
    }

    /// Whether `document` is a list in block style with one item, not too deep.
    fn is_one_item(&self, document: &Document<'_>) -> bool {
        let root = document.root();
        let starts_here = document.records[0].start as usize == self.column;
        let mut depths: Vec<usize> = Vec::with_capacity(document.records.len());
        for (id, record) in document.records.iter().enumerate() {
            let around = if id == 0 {
                0
            } else {
                depths[record.parent as usize]
            };
            depths.push(around + 1);
        }
        starts_here
            && root.is_block_collection()
            && root.items().count() == 1
            && depths.iter().all(|depth| *depth < DEPTH)
    }
}

/// Whether the end of the text decides about a node's place: about a missing value that does not
/// stand behind a colon or a dash, and about a block scalar that is blank or keeps blank lines.
fn depends_on_what_follows(document: &Document<'_>) -> bool {
    let source = document.source.as_bytes();
    document.records.iter().any(|record| {
        let (start, end) = (record.start as usize, record.end as usize);
        match record.form {
            Form::Literal | Form::Folded => {
                let written = &document.source[start..end];
                keeps_line_breaks(written) || written.lines().skip(1).all(is_blank)
            }
            _ => start == end && !matches!(source[..start].last(), Some(b':' | b'-')),
        }
    })
}

fn is_blank(line: &str) -> bool {
    line.trim_matches([' ', '\t']).is_empty()
}

/// What stands below the list of `document`, which is the text in `range` of the whole.
fn items_of(document: Document<'_>, range: &Range<usize>) -> Items {
    let start = range.start;
    let offset = narrow(start);
    let shifted = |range: Range<usize>| range.start + start..range.end + start;
    let mut items = Items {
        list: 0,
        content_end: document.records[0].end as usize + start,
        records: document.records,
        properties: document.properties,
        decoded: document.decoded,
        targets: document.targets,
        shared: document.shared,
        next_line: range.end,
    };
    for record in &mut items.records {
        record.start += offset;
        record.end += offset;
    }
    for properties in items.properties.values_mut() {
        properties.anchor = properties.anchor.take().map(shifted);
        properties.tag = properties.tag.take().map(shifted);
    }
    items
}
