//! Items of the outermost list that were read by themselves.

use super::scanner::Scanner;
use crate::tree::document::{NodeId, Nodes};

/// What was found in some of the items of a list.
pub(super) struct Items {
    /// Their list among the nodes; the nodes after it are the items'.
    pub list: NodeId,
    pub nodes: Nodes,
    /// Where their content ends.
    pub content_end: usize,
    /// Where the line after them starts.
    pub next_line: usize,
}

impl Scanner<'_> {
    /// Adds `items` to the innermost collection, which is their list.
    pub fn add(&mut self, items: Items) {
        let list = self.parent();
        let (first, next) = (items.list + 1, self.nodes.next_id());
        let moved = |id: NodeId| id - first + next;
        let found = items.nodes;
        let records = found.records[first as usize..].iter();
        self.nodes.records.extend(records.map(|record| {
            let parent = record.parent();
            let parent = if parent < first { list } else { moved(parent) };
            record.moved(parent, moved(record.after))
        }));
        let properties = found.properties.into_iter();
        let properties = properties.map(|(id, properties)| (moved(id), properties));
        self.nodes.properties.extend(properties);
        let decoded = found.decoded.into_iter();
        let decoded = decoded.map(|(id, text)| (moved(id), text));
        self.nodes.decoded.extend(decoded);
        let targets = found.targets.into_iter();
        let targets = targets.map(|(id, to)| (moved(id), moved(to)));
        self.nodes.targets.extend(targets);
        self.nodes
            .shared
            .extend(found.shared.into_iter().map(moved));
        self.content_end = items.content_end;
    }
}
