//! Anchors and aliases.
//!
//! All names are forgotten when a collection directly below the root ends, and when the next item
//! of the outermost list begins: items are read alike alone and in their list. Other uses are left
//! to the full parser.

use std::ops::Range;

use super::bytes;
use super::scanner::Scanner;
use crate::tree::document::{NodeId, Properties};
use crate::tree::style::NodeStyle;

impl Scanner<'_> {
    /// The anchor at `at`, with its value where that is on the same line. Returns where the
    /// next line starts.
    pub fn anchor(&mut self, at: usize) -> Option<usize> {
        let bytes = self.source.as_bytes();
        let end = self.name_end(at)?;
        let value = bytes::after_spaces(bytes, end);
        if matches!(bytes.get(value), None | Some(b'\n' | b'\r' | b'#')) {
            self.pending_anchor = Some(at..end);
            return self.rest_of_line(at, end);
        }
        let id = self.nodes.next_id();
        if matches!(bytes[value], b'&' | b'*') {
            return None;
        }
        let next = self.value(value)?;
        self.open.last_mut()?.awaits_value = false;
        self.set_anchor(id, at..end)?;
        Some(next)
    }

    /// Gives the node `id` the anchor that is written at `range`.
    pub fn set_anchor(&mut self, id: NodeId, range: Range<usize>) -> Option<()> {
        let name = &self.source[range.start + 1..range.end];
        // A second node of the same name is rare, and hard to undo.
        if self.anchors.contains_key(name) {
            return None;
        }
        let properties = Properties {
            anchor: Some(range),
            ..Properties::default()
        };
        self.nodes.properties.insert(id, properties);
        self.anchors.insert(name, id);
        Some(())
    }

    /// The alias at `at`. Returns where the next line starts.
    pub fn alias(&mut self, at: usize) -> Option<usize> {
        let end = self.name_end(at)?;
        let target = *self.anchors.get(&self.source[at + 1..end])?;
        let id = self.push(NodeStyle::Alias, at, end);
        self.content_end = end;
        self.nodes.targets.insert(id, target);
        self.nodes.shared.insert(target);
        self.rest_of_line(at, end)
    }

    /// Where the name after the `&` or `*` at `at` ends.
    fn name_end(&self, at: usize) -> Option<usize> {
        let bytes = self.source.as_bytes();
        let end = bytes::after_key(bytes, at + 1);
        (end > at + 1 && bytes::is_space(bytes, end)).then_some(end)
    }
}
