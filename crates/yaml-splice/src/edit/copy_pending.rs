//! What is to be known while a copy is written: which changes are left, and which keys there are.

use std::collections::btree_map::Range;

use super::change::{ByNode, Change};
use crate::emit::scalar::is_long_key;
use crate::read::merge::MERGE;
use crate::read::node::Node;
use crate::tree::document::NodeId;

/// The most keys of one mapping that are compared with each other.
const MOST_KEYS: usize = 64;

/// The changes that have not been written, in the order of their nodes.
pub(super) struct Pending<'e> {
    next: Option<(NodeId, &'e Change)>,
    later: Range<'e, NodeId, Box<Change>>,
}

impl<'e> Pending<'e> {
    /// Those of `changes` in `node`; `None` where one is of a kind that copies do not know.
    pub fn of(node: Node<'_>, changes: &'e ByNode) -> Option<Self> {
        let later = changes.range(node.id..node.record().after);
        let are_simple = later.clone().all(|(_, change)| is_simple(change));
        let mut pending = Self { next: None, later };
        pending.advance();
        are_simple.then_some(pending)
    }

    /// Whether `node` is removed, with all changes in it.
    pub fn removes(&mut self, node: Node<'_>) -> bool {
        let is_removed = matches!(self.next, Some((id, change)) if id == node.id && change.removed);
        while is_removed && self.is_left_in(node) {
            self.advance();
        }
        is_removed
    }

    /// The change of `node`, once what is before it is written.
    pub fn take(&mut self, node: Node<'_>) -> Option<&'e Change> {
        let (_, change) = self.next.filter(|(id, _)| *id == node.id)?;
        self.advance();
        Some(change)
    }

    /// Whether a change of `node`, or of what is in it, is left.
    pub fn is_left_in(&self, node: Node<'_>) -> bool {
        let after = node.record().after;
        self.next.is_some_and(|(id, _)| id < after)
    }

    fn advance(&mut self) {
        self.next = self.later.next().map(|(id, change)| (*id, &**change));
    }
}

/// Whether it is a change that copies know.
fn is_simple(change: &Change) -> bool {
    change.lines.is_empty() && !change.kept && change.emptied.is_none()
}

/// The keys of the mappings that are being written, from the outside in.
pub(super) struct Keys<'d>(Vec<&'d [u8]>);

impl<'d> Keys<'d> {
    pub fn new() -> Self {
        Self(Vec::with_capacity(MOST_KEYS))
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Leaves the first `count`.
    pub fn truncate(&mut self, count: usize) {
        self.0.truncate(count);
    }

    /// Adds the key of a mapping, the first of which is at `first`; `None` where it has the key already, and where
    /// it has to be read: merge keys, keys that are long, very many.
    pub fn add(&mut self, key: Node<'d>, first: usize) -> Option<()> {
        let (start, length) = key.record().text_in_place()?;
        let text = key.document.source.as_bytes().get(start..start + length)?;
        let others = &self.0[first..];
        let is_known = text == MERGE.as_bytes() || others.contains(&text);
        if is_known || is_long_key(key.written()) || others.len() == MOST_KEYS {
            return None;
        }
        self.0.push(text);
        Some(())
    }
}
