//! Items of the outermost list that were read by themselves.

use std::collections::HashMap;
use std::collections::HashSet;
use std::sync::OnceLock;

use super::scanner::{Scanner, narrow};
use crate::tree::document::{NodeId, Properties, Record};

/// What was found in some of the items of a list. The nodes behind `list` are the items'.
pub(super) struct Items {
    pub list: NodeId,
    pub records: Vec<Record>,
    pub properties: HashMap<NodeId, Properties>,
    pub decoded: HashMap<NodeId, OnceLock<Box<str>>>,
    pub targets: HashMap<NodeId, NodeId>,
    pub shared: HashSet<NodeId>,
    /// Where their content ends.
    pub content_end: usize,
    /// Where the line behind them starts.
    pub next_line: usize,
}

impl Scanner<'_> {
    /// Adds `items` to the innermost collection, which is their list.
    pub fn add(&mut self, items: Items) {
        let list = self.parent();
        let (first, next) = (items.list + 1, narrow(self.records.len()));
        let moved = |id: NodeId| id - first + next;
        let records = items.records[first as usize..].iter();
        self.records.extend(records.map(|record| Record {
            after: moved(record.after),
            parent: if record.parent < first {
                list
            } else {
                moved(record.parent)
            },
            ..*record
        }));
        let properties = items.properties.into_iter();
        self.properties
            .extend(properties.map(|(id, properties)| (moved(id), properties)));
        let decoded = items.decoded.into_iter();
        self.decoded
            .extend(decoded.map(|(id, text)| (moved(id), text)));
        let targets = items.targets.into_iter();
        self.targets
            .extend(targets.map(|(id, to)| (moved(id), moved(to))));
        self.shared.extend(items.shared.into_iter().map(moved));
        self.content_end = items.content_end;
    }
}
