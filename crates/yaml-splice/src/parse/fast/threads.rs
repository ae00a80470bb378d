//! A long list in parts, each read on a thread of its own.
//!
//! The dash of an item of the outermost list ends everything that was begun above it, because the
//! scanner accepts no text over several lines that is not indented more, and neither does the full
//! parser in an item that is left to it. So items are read alike by themselves and in their list,
//! which is cut before such dashes.

use std::ops::Range;

use memchr::memmem;

use super::bytes;
use super::items::Items;
use super::scanner::{Open, Scanner};
use crate::parallel::{THREADS, map_on_threads};

/// How many bytes of items are worth a second thread.
pub(super) const PARTS_FROM: usize = 256 << 10;

/// How many bytes of most texts there are for each node at least. Capacity that is not used costs
/// nothing: pages that are never written to are never mapped.
const BYTES_A_RECORD: usize = 12;

impl Scanner<'_> {
    /// The parts of the outermost list whose first item is at `line`, its dash at `column`; `None`
    /// where there is too little text for parts. The last ones may turn out not to belong to the
    /// list, which shows only when it is read, so this is tried once in a document.
    pub fn parts(&mut self, line: usize, column: usize) -> Option<Vec<Range<usize>>> {
        if std::mem::replace(&mut self.has_list, true) {
            return None;
        }
        let list = line..self.document_end(line);
        (list.len() >= self.parts_from).then(|| self.cut(list, column))
    }

    /// Reads the list that is open, which has these `parts`. Returns where the line after the
    /// items that were read starts.
    pub fn read(&mut self, parts: &[Range<usize>], column: usize) -> Option<usize> {
        let length: usize = parts.iter().map(Range::len).sum();
        let first = parts.first()?.start;
        let read = |part: &Range<usize>| {
            let scanner = if part.start == first {
                self.beginning(length)
            } else {
                self.part(part.len())
            };
            scanner.items(part.clone(), column)
        };
        let found: Vec<_> = if length < PARTS_FROM {
            parts.iter().map(read).collect()
        } else {
            map_on_threads(parts, read)
        };
        self.anchors.clear();
        let mut next = first;
        for (part, items) in parts.iter().zip(found) {
            if part.start != next {
                break;
            }
            let items = items?;
            next = items.next_line;
            if part.start == first {
                self.content_end = items.content_end;
                self.nodes = items.nodes;
            } else {
                self.add(items);
            }
        }
        Some(next)
    }

    /// Where the next `---` is, or the end of the text.
    fn document_end(&self, at: usize) -> usize {
        let rest = &self.source.as_bytes()[at..];
        memmem::find(rest, b"\n---").map_or(self.source.len(), |length| at + length + 1)
    }

    /// Whether the line that starts at `line`, with content `at`, belongs to a list with dashes at
    /// `column`: it is indented more, has no content, or begins an item.
    fn is_in_list(&self, line: usize, at: usize, column: usize) -> bool {
        let has_no_content = || {
            let first = self.source.as_bytes().get(at);
            matches!(first, None | Some(b'\n' | b'\r' | b'#'))
        };
        at - line > column || has_no_content() || self.is_item(line, at, column)
    }

    fn is_item(&self, line: usize, at: usize, column: usize) -> bool {
        at - line == column && at < self.source.len() && self.is_dash(at)
    }

    /// The items in `list`, in as many parts as there are threads, or fewer.
    fn cut(&self, list: Range<usize>, column: usize) -> Vec<Range<usize>> {
        let size = list.len().div_ceil(THREADS);
        let mut parts = Vec::with_capacity(THREADS);
        let mut start = list.start;
        while start < list.end {
            let middle = (start + size).min(list.end);
            let end = self.next_item(middle..list.end, column);
            parts.push(start..end);
            start = end;
        }
        parts
    }

    /// Where the first item starts in `range`, after its first line; the end if there is none.
    fn next_item(&self, range: Range<usize>, column: usize) -> usize {
        let bytes = self.source.as_bytes();
        let mut line = bytes::next_line(bytes, range.start);
        while line < range.end {
            let content = bytes::after_indent(bytes, line);
            if self.is_item(line, content, column) {
                return line;
            }
            line = bytes::next_line(bytes, content);
        }
        range.end
    }

    /// A scanner for the first items of the list that is open, which is `length` bytes long: what
    /// it finds is not moved afterwards, and there is room for the whole list.
    fn beginning(&self, length: usize) -> Self {
        let mut nodes = self.nodes.clone();
        nodes.records.reserve(length / BYTES_A_RECORD);
        Self {
            nodes,
            open: self.open.clone(),
            ..Self::of(self.source, self.needs_char_check)
        }
    }

    /// A scanner for `length` bytes of further items of the list that is open.
    fn part(&self, length: usize) -> Self {
        let mut part = Self::of(self.source, self.needs_char_check);
        part.nodes.records.reserve(length / BYTES_A_RECORD);
        for open in &self.open {
            let id = part.push(open.style, 0, 0);
            part.open.push(Open { id, ..*open });
        }
        part
    }

    /// Reads the items in `part`, up to where their list ends.
    fn items(mut self, part: Range<usize>, column: usize) -> Option<Items> {
        let mut line = part.start;
        while line < part.end {
            let content = bytes::after_indent(self.source.as_bytes(), line);
            if !self.is_in_list(line, content, column) {
                break;
            }
            line = self
                .line(line, content)
                .or_else(|| self.parse_item_fully())?;
        }
        while self.end_items().is_none() {
            self.parse_item_fully()?;
        }
        Some(Items {
            list: self.parent(),
            nodes: self.nodes,
            content_end: self.content_end,
            next_line: line,
        })
    }

    /// Closes the last item.
    fn end_items(&mut self) -> Option<()> {
        while self.open.len() > 2 {
            self.close()?;
        }
        self.fill_missing_value()
    }
}
