//! Block mappings and lists: keys, dashes, and what their columns say.

use super::quoted::Quoted;
use super::scanner::{Open, Scanner, narrow};
use super::{bytes, fallback};
use crate::tree::document::Form;

/// How deep collections may be nested; the full parser stops at 255.
const DEPTH: usize = 200;

/// The longest key, in bytes; readers stop at 1,024 characters.
pub(super) const KEY_LENGTH: usize = 1000;

impl Scanner<'_> {
    /// Closes the innermost collection.
    pub fn close(&mut self) -> Option<()> {
        self.settle()?;
        let open = self.open.pop()?;
        let after = narrow(self.records.len());
        let record = &mut self.records[open.id as usize];
        record.after = after;
        record.end = narrow(self.content_end);
        if self.open.len() < 2 {
            self.item = None;
            self.anchors.clear();
        }
        Some(())
    }

    /// Gives the last key of the innermost mapping its empty value, if it has none.
    pub fn settle(&mut self) -> Option<()> {
        let open = self.open.last_mut()?;
        if open.pending {
            if open.form != Form::BlockMapping || self.pending_anchor.is_some() {
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
    pub fn content(&mut self, at: usize, column: usize) -> Option<usize> {
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

    pub fn is_dash(&self, at: usize) -> bool {
        let bytes = self.source.as_bytes();
        bytes[at] == b'-' && bytes::is_space(bytes, at + 1)
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
            if self.open.len() == 2
                && let Some(parts) = self.parts(at - column, column)
            {
                return self.read(&parts, column);
            }
        }
        if self.open.len() == 2 {
            self.item = Some(fallback::Item::at(self, at - column, column));
            self.anchors.clear();
        }
        self.open.last_mut()?.pending = true;
        let content = bytes::behind_spaces(self.source.as_bytes(), at + 1);
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
        if self.records.is_empty() && matches!(self.source.as_bytes()[at], b'{' | b'[') {
            return self.flow(at);
        }
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
        self.pending_anchor
            .take()
            .map_or(Some(()), |range| self.set_anchor(id, range))
    }

    /// The offset of the colon of the key that begins at `at`.
    pub fn key_end(&self, at: usize) -> Option<usize> {
        let bytes = self.source.as_bytes();
        let colon = match bytes.get(at)? {
            b'"' | b'\'' => Quoted::at(self.source, at)?.end,
            b'-' | b'.' => return None,
            _ => bytes::behind_key(bytes, at),
        };
        let is_key = bytes.get(colon) == Some(&b':') && bytes::is_space(bytes, colon + 1);
        (is_key && (1..=KEY_LENGTH).contains(&(colon - at))).then_some(colon)
    }

    /// The key from `at` to its `colon`, and what stands behind it.
    fn entry(&mut self, at: usize, colon: usize) -> Option<usize> {
        if let Some(quoted) = Quoted::at(self.source, at) {
            self.checked(at, colon)?;
            self.push_quoted(self.parent(), at, quoted);
        } else {
            self.push(Form::Plain, at, colon);
        }
        self.content_end = colon;
        self.open.last_mut()?.pending = true;
        self.behind(colon + 1)
    }

    /// What stands behind a colon or a dash: a value, or nothing yet.
    fn behind(&mut self, from: usize) -> Option<usize> {
        let bytes = self.source.as_bytes();
        let at = bytes::behind_spaces(bytes, from);
        match bytes.get(at) {
            None | Some(b'\n' | b'\r') => return Some(bytes::next_line(bytes, at)),
            Some(b'#') if at > from => return self.comment(at),
            Some(b'&') => return self.anchor(at),
            _ => {}
        }
        let next = self.value(at)?;
        self.open.last_mut()?.pending = false;
        Some(next)
    }
}
