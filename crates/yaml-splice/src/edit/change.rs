//! One change to a collection, as data: what is recorded for a node, and its children by it.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::read::node::Node;
use crate::tree::document::NodeId;
use crate::{Prepared, Value};

/// An entry that is added to a mapping.
#[derive(Debug, Clone)]
pub(crate) enum Entry {
    /// A key and its value.
    Tree(Value, Value),
    /// One that many mappings get, and what is filled in here.
    Prepared(Arc<Prepared>, Vec<Value>),
}

impl Entry {
    /// Whether it has the key `name`.
    pub fn is_under(&self, name: &str) -> bool {
        match self {
            Self::Tree(key, _) => key.as_text() == Some(name),
            Self::Prepared(prepared, _) => prepared.key() == name,
        }
    }

    /// The value, to be changed.
    pub fn value_mut(&mut self) -> &mut Value {
        if let Self::Prepared(prepared, fills) = self {
            *self = Self::Tree(Value::text(prepared.key()), prepared.value(fills));
        }
        match self {
            Self::Tree(_, value) => value,
            Self::Prepared(..) => unreachable!("made a tree above"),
        }
    }
}

/// What happens to which node. In boxes: a tree moves what it holds, and keeps room for more of it.
pub(crate) type ByNode = BTreeMap<NodeId, Box<Change>>;

/// What happens to one node.
#[derive(Debug, Clone, Default)]
pub(crate) struct Change {
    /// The value that replaces it.
    pub value: Option<Value>,
    /// It is removed, with its key or its dash.
    pub removed: bool,
    /// Entries that are added at the end of a mapping.
    pub entries: Vec<Entry>,
    /// Items that are added at the end of a list.
    pub items: Vec<Value>,
    /// Blocks of lines that are added at the end of a block mapping, after the entries.
    pub lines: Vec<String>,
    /// The list stays, as `[]`, when its last item is removed.
    pub kept: bool,
    /// The spelling of nothing that stays behind the key when it is emptied or removed.
    pub emptied: Option<String>,
}

impl Change {
    /// Whether something is added to the collection, so that it stays when its children are removed.
    pub fn adds(&self) -> bool {
        self.value.is_some() || self.gains() || self.kept
    }

    /// Whether the key of the collection stays when its children are removed.
    pub fn stays(&self) -> bool {
        self.adds() || self.emptied.is_some()
    }

    /// Whether there is, or may be, a list in what is added at the end of the collection.
    pub fn gains_lists(&self) -> bool {
        let has_list = |entry: &Entry| match entry {
            Entry::Tree(_, value) => value.has_list(),
            Entry::Prepared(..) => true,
        };
        self.entries.iter().any(has_list) || !self.items.is_empty() || !self.lines.is_empty()
    }

    /// Whether something is added at the end of the collection.
    pub fn gains(&self) -> bool {
        !self.entries.is_empty() || !self.items.is_empty() || !self.lines.is_empty()
    }
}

/// One child of a collection: an item, or a key with its value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Child<'d> {
    /// The item, or the key.
    pub first: Node<'d>,
    /// The item, or the value.
    pub value: Node<'d>,
    /// Whether it is removed.
    pub removed: bool,
}

/// A collection some of whose children change.
pub(crate) struct Altered<'d> {
    pub node: Node<'d>,
    pub children: Vec<Child<'d>>,
    pub change: Change,
}

impl Altered<'_> {
    pub fn is_emptied(&self) -> bool {
        self.children.iter().all(|child| child.removed)
    }

    /// The runs of neighbouring children that are removed, as index ranges.
    pub fn removed_runs(&self) -> Vec<Range<usize>> {
        let mut runs: Vec<Range<usize>> = Vec::new();
        for (index, _) in self
            .children
            .iter()
            .enumerate()
            .filter(|(_, child)| child.removed)
        {
            match runs.last_mut() {
                Some(run) if run.end == index => run.end += 1,
                _ => runs.push(index..index + 1),
            }
        }
        runs
    }
}

/// The range that a new value replaces. A tag belongs to the old value and is replaced with it,
/// unless a number becomes another number.
pub(crate) fn replaced(node: Node<'_>, value: &Value) -> Range<usize> {
    let range = node.range();
    let properties = node.document.nodes.properties.get(&node.id);
    let Some(tag) = properties.and_then(|properties| properties.tag.clone()) else {
        return range;
    };
    if matches!(value, Value::Int(_)) && node.tag() == Some("tag:yaml.org,2002:int") {
        return range;
    }
    tag.start.min(range.start)..range.end
}
