//! The outermost loop: from line to line, and from document to document.

use std::sync::Arc;

use super::bytes;
use super::scanner::Scanner;
use crate::tree::document::{Document, MAX_NODES};

impl<'s> Scanner<'s> {
    /// Reads all documents.
    pub fn documents(mut self) -> Option<Vec<Document<'s>>> {
        let mut line = 0;
        while line < self.source.len() {
            let content = bytes::after_indent(self.source.as_bytes(), line);
            let next = self.line(line, content);
            line = next.or_else(|| self.parse_item_fully())?;
        }
        while self.finish(self.source.len()).is_none() {
            self.parse_item_fully()?;
        }
        Some(self.documents)
    }

    /// Reads the line that starts at `line`, with content at `at`, and what begins on it and goes
    /// on below. Returns where the next line starts.
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
        self.check_chars(at, next)
    }

    fn marker(&mut self, at: usize) -> Option<usize> {
        let bytes = self.source.as_bytes();
        if !matches!(bytes.get(at + 3), None | Some(b'\n' | b'\r')) {
            return None;
        }
        if self.marker.is_some() || !self.nodes.records.is_empty() {
            self.finish(at)?;
        }
        self.marker = Some(at);
        self.content_end = at + 3;
        Some(bytes::next_line(bytes, at))
    }

    /// Ends the current document, which must have content.
    fn finish(&mut self, end: usize) -> Option<()> {
        while !self.open.is_empty() {
            self.close()?;
        }
        self.item = None;
        self.anchors.clear();
        self.has_list = false;
        if !(1..=MAX_NODES).contains(&self.nodes.records.len()) {
            return None;
        }
        let mut nodes = std::mem::take(&mut self.nodes);
        nodes.records.shrink_to_fit();
        self.documents.push(Document {
            source: self.source,
            nodes,
            marker: self.marker.take().map(|at| at..at + 3),
            end,
            is_in_json_stream: false,
            lines: Arc::clone(&self.lines),
        });
        Some(())
    }
}
