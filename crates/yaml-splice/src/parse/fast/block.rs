//! Block mappings and lists: keys, dashes, and what their columns say.

use super::bytes::{self, KEY_LENGTH};
use super::quoted::Quoted;
use super::scanner::{ItemStart, Open, Scanner};
use super::usual_line::{self, UsualEntry};
use crate::tree::document::narrow;
use crate::tree::style::NodeStyle;

/// How deep collections may be nested; the full parser stops at 255.
const DEPTH: usize = 200;

impl Scanner<'_> {
    /// Closes the innermost collection.
    pub fn close(&mut self) -> Option<()> {
        self.fill_missing_value()?;
        let open = self.open.pop()?;
        let after = narrow(self.nodes.records.len());
        let record = &mut self.nodes.records[open.id as usize];
        record.after = after;
        record.end = narrow(self.content_end);
        if self.open.len() < 2 {
            self.item = None;
            self.anchors.clear();
        }
        Some(())
    }

    /// Gives the last key of the innermost mapping its empty value, if it has none.
    pub fn fill_missing_value(&mut self) -> Option<()> {
        let open = self.open.last_mut()?;
        if open.awaits_value {
            if open.style != NodeStyle::BlockMapping || self.pending_anchor.is_some() {
                return None;
            }
            open.awaits_value = false;
            // After the colon, which follows the key.
            self.content_end += 1;
            self.push(NodeStyle::Plain, self.content_end, self.content_end);
        }
        Some(())
    }

    /// The content of a line that starts at `at`, in column `column`.
    pub fn content(&mut self, at: usize, column: usize) -> Option<usize> {
        while self.open.last().is_some_and(|open| open.column > column) {
            self.close()?;
        }
        if self.is_dash(at) {
            self.dash(at, column)
        } else {
            // A list may be in the column of its key.
            let is_list =
                |open: &Open| open.style == NodeStyle::BlockSequence && open.column == column;
            if self.open.last().is_some_and(is_list) {
                self.close()?;
            }
            self.key(at, column)
        }
    }

    pub fn is_dash(&self, at: usize) -> bool {
        let bytes = self.source.as_bytes();
        bytes[at] == b'-' && bytes::is_space(bytes, at + 1)
    }

    /// An item of a list.
    fn dash(&mut self, at: usize, column: usize) -> Option<usize> {
        let in_list = match self.open.last() {
            Some(open) if open.style == NodeStyle::BlockSequence => open.column == column,
            _ => false,
        };
        if in_list {
            self.fill_missing_value()?;
        } else {
            self.begin(NodeStyle::BlockSequence, at, column)?;
            if self.open.len() == 2
                && let Some(parts) = self.parts(at - column, column)
            {
                return self.read(&parts, column);
            }
        }
        if self.open.len() == 2 {
            self.item = Some(ItemStart {
                line: at - column,
                column,
                records: self.nodes.records.len(),
            });
            self.anchors.clear();
        }
        self.open.last_mut()?.awaits_value = true;
        let content = bytes::after_spaces(self.source.as_bytes(), at + 1);
        if let Some(entry) = usual_line::entry(self.source.as_bytes(), content) {
            self.begin(NodeStyle::BlockMapping, content, column + (content - at))?;
            return self.push_entry(content, entry);
        }
        match self.key_colon(content) {
            Some(colon) => {
                let column = column + (content - at);
                self.begin(NodeStyle::BlockMapping, content, column)?;
                self.entry(content, colon)
            }
            None => self.after_indicator(at + 1),
        }
    }

    /// A key of a mapping, and its value.
    fn key(&mut self, at: usize, column: usize) -> Option<usize> {
        if let Some(entry) = usual_line::entry(self.source.as_bytes(), at) {
            self.begin_entry(at, column)?;
            return self.push_entry(at, entry);
        }
        if self.nodes.records.is_empty() && matches!(self.source.as_bytes()[at], b'{' | b'[') {
            return self.flow(at);
        }
        let colon = self.key_colon(at)?;
        self.begin_entry(at, column)?;
        self.entry(at, colon)
    }

    /// Goes on with the mapping in `column`, or begins it.
    fn begin_entry(&mut self, at: usize, column: usize) -> Option<()> {
        match self.open.last() {
            Some(open) if open.column == column => self.fill_missing_value(),
            _ => self.begin(NodeStyle::BlockMapping, at, column),
        }
    }

    /// Adds a usual entry, whose key begins at `at`, to the innermost mapping.
    fn push_entry(&mut self, at: usize, entry: UsualEntry) -> Option<usize> {
        let mapping = self.open.last_mut()?;
        mapping.awaits_value = entry.value.is_none();
        let parent = mapping.id;
        self.push_below(parent, NodeStyle::Plain, at, entry.colon);
        self.content_end = entry.colon;
        if let Some(value) = entry.value {
            self.push_below(parent, NodeStyle::Plain, value.start, value.end);
            self.content_end = value.end;
        }
        Some(entry.next_line)
    }

    /// Opens a collection as the value that is still missing, or as the root.
    fn begin(&mut self, style: NodeStyle, at: usize, column: usize) -> Option<()> {
        match self.open.last_mut() {
            Some(open) if open.awaits_value => {
                let beside = open.column == column
                    && open.style == NodeStyle::BlockMapping
                    && style == NodeStyle::BlockSequence;
                if open.column >= column && !beside {
                    return None;
                }
                open.awaits_value = false;
            }
            Some(_) => return None,
            None if !self.nodes.records.is_empty() || style != NodeStyle::BlockMapping => {
                return None;
            }
            None => {}
        }
        if self.open.len() == DEPTH {
            return None;
        }
        let id = self.push(style, at, at);
        self.open.push(Open {
            id,
            style,
            column,
            awaits_value: false,
        });
        self.pending_anchor
            .take()
            .map_or(Some(()), |range| self.set_anchor(id, range))
    }

    /// The offset of the colon of the key that begins at `at`.
    pub fn key_colon(&self, at: usize) -> Option<usize> {
        let bytes = self.source.as_bytes();
        let colon = match bytes.get(at)? {
            b'"' | b'\'' => Quoted::at(self.source, at)?.end,
            b'-' | b'.' => return None,
            _ => bytes::after_key(bytes, at),
        };
        let is_key = bytes.get(colon) == Some(&b':') && bytes::is_space(bytes, colon + 1);
        (is_key && (1..=KEY_LENGTH).contains(&(colon - at))).then_some(colon)
    }

    /// The key from `at` to its `colon`, and what follows it.
    fn entry(&mut self, at: usize, colon: usize) -> Option<usize> {
        if let Some(quoted) = Quoted::at(self.source, at) {
            self.check_chars(at, colon)?;
            self.push_quoted(self.parent(), at, quoted);
        } else {
            self.push(NodeStyle::Plain, at, colon);
        }
        self.content_end = colon;
        self.open.last_mut()?.awaits_value = true;
        self.after_indicator(colon + 1)
    }

    /// What follows a colon or a dash: a value, or nothing yet.
    fn after_indicator(&mut self, from: usize) -> Option<usize> {
        let bytes = self.source.as_bytes();
        let at = bytes::after_spaces(bytes, from);
        match bytes.get(at) {
            None | Some(b'\n' | b'\r') => return Some(bytes::next_line(bytes, at)),
            Some(b'#') if at > from => return self.comment(at),
            Some(b'&') => return self.anchor(at),
            _ => {}
        }
        let next = self.value(at)?;
        self.open.last_mut()?.awaits_value = false;
        Some(next)
    }
}
