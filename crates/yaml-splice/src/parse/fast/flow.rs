//! Lists and mappings in brackets, JSON among them: on one line or on many.

use super::bytes::{self, KEY_LENGTH};
use super::quoted::Quoted;
use super::scanner::Scanner;
use crate::tree::document::{NodeId, narrow};
use crate::tree::style::NodeStyle;

/// How deep brackets may be nested; the full parser stops at 255.
const DEPTH: usize = 200;

/// The collection that begins at `at`, as the value that is missing or as the root. Returns where
/// it ends.
pub(super) fn collection(scanner: &mut Scanner<'_>, at: usize) -> Option<usize> {
    let parent = scanner.parent();
    let column = scanner.open.last().map_or(0, |open| open.column + 1);
    let mut flow = Flow {
        bytes: scanner.source.as_bytes(),
        scanner,
        column,
    };
    let end = flow.collection(parent, at, DEPTH)?;
    scanner.content_end = end;
    Some(end)
}

struct Flow<'a, 's> {
    scanner: &'a mut Scanner<'s>,
    bytes: &'s [u8],
    /// The least column of further lines.
    column: usize,
}

impl Flow<'_, '_> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    /// After spaces and line breaks. The full parser also reads lines that are indented less than
    /// the block around them; nobody writes them.
    fn after_space(&self, at: usize) -> Option<usize> {
        let mut line = None;
        let mut at = bytes::after_spaces(self.bytes, at);
        while let Some(b'\n' | b'\r') = self.byte(at) {
            let start = bytes::next_line(self.bytes, at);
            line = Some(start);
            at = bytes::after_indent(self.bytes, start);
        }
        line.is_none_or(|line| at >= line + self.column)
            .then_some(at)
    }

    fn collection(&mut self, parent: NodeId, at: usize, depth: usize) -> Option<usize> {
        let depth = depth.checked_sub(1)?;
        let (style, closing) = match self.byte(at)? {
            b'[' => (NodeStyle::FlowSequence, b']'),
            b'{' => (NodeStyle::FlowMapping, b'}'),
            _ => return None,
        };
        let id = self.scanner.push_below(parent, style, at, at);
        let mut at = self.after_space(at + 1)?;
        if self.byte(at) != Some(closing) {
            loop {
                if style == NodeStyle::FlowMapping {
                    at = self.key(id, at)?;
                }
                let end = match self.byte(at)? {
                    b'[' | b'{' => self.collection(id, at, depth)?,
                    _ => self.scalar(id, at)?,
                };
                at = self.after_space(end)?;
                match self.byte(at)? {
                    b',' => at = self.after_space(at + 1)?,
                    byte if byte == closing => break,
                    _ => return None,
                }
            }
        }
        let after = narrow(self.scanner.nodes.records.len());
        let record = &mut self.scanner.nodes.records[id as usize];
        record.after = after;
        record.end = narrow(at + 1);
        Some(at + 1)
    }

    /// A key with its colon. Returns where the value begins.
    fn key(&mut self, parent: NodeId, at: usize) -> Option<usize> {
        let colon = self.scalar(parent, at)?;
        let is_short = colon - at <= KEY_LENGTH;
        // The value may follow at once where the key is in quotes.
        let is_quoted = matches!(self.byte(at), Some(b'"' | b'\''));
        let is_colon =
            self.byte(colon) == Some(b':') && (is_quoted || bytes::is_space(self.bytes, colon + 1));
        if is_short && is_colon {
            self.after_space(colon + 1)
        } else {
            None
        }
    }

    fn scalar(&mut self, parent: NodeId, at: usize) -> Option<usize> {
        if let Some(b'"' | b'\'') = self.byte(at) {
            let quoted = Quoted::at(self.scanner.source, at)?;
            let end = quoted.end;
            self.scanner.push_quoted(parent, at, quoted);
            return Some(end);
        }
        let end = self.word_end(at)?;
        self.scanner.push_below(parent, NodeStyle::Plain, at, end);
        Some(end)
    }

    /// Where the word or number at `at` ends.
    fn word_end(&self, at: usize) -> Option<usize> {
        let end = bytes::after_flow_word(self.bytes, at);
        let starts_well = match self.bytes[at..end] {
            [b'-', first, ..] | [first, ..] => {
                first.is_ascii_alphanumeric() || first == b'_' || first == b'/'
            }
            [] => false,
        };
        starts_well.then_some(end)
    }
}
