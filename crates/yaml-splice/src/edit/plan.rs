//! Recorded changes to splices: what goes away, and which part renders what.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::{Change, block, flow, goes_when_empty};
use crate::read::node::{Kind, Node};
use crate::tree::document::NodeId;
use crate::{Document, Splice, Value, YamlError};

/// How many bytes of room new text begins with, so that it is not moved again and again as it
/// grows.
pub(crate) const SHORT: usize = 512;

/// One child of a collection: an item, or a key with its value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Child<'d> {
    /// The item, or the key.
    pub first: Node<'d>,
    /// The item, or the value.
    pub value: Node<'d>,
    /// Whether it goes away.
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

    /// The runs of neighbouring children that go away, as index ranges.
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

/// Turns the changes of a document, and what is put in behind its items, into splices.
pub(crate) fn splices<'d>(
    document: &'d Document<'d>,
    mut changes: BTreeMap<NodeId, Change>,
    mut followers: BTreeMap<NodeId, String>,
) -> Result<Vec<Splice>, YamlError> {
    let removed = removed(document, &changes, &followers);
    let altered = altered(document, &changes, &followers, &removed);
    let mut out = Vec::new();
    for (&id, change) in &changes {
        let node = Node::new(document, id);
        if let (Some(value), false) = (&change.value, is_removed(node, &removed)) {
            out.extend(if node.is_in_flow() {
                vec![flow::replacement(node, value)?]
            } else {
                block::replacement(node, value)?
            });
        }
    }
    // Inner collections first: where two end on one line, the inner one's lines come first.
    for id in altered.into_iter().rev() {
        let node = Node::new(document, id);
        let mut collection = Altered {
            node,
            children: children(node, &removed),
            change: changes.remove(&id).unwrap_or_default(),
        };
        if node.is_flow_collection() {
            flow::collection(&collection, &mut followers, &mut out)?;
        } else {
            block::collection(&mut collection, &mut followers, &mut out)?;
        }
    }
    Ok(out)
}

/// What a new value takes the place of. A tag says what the old one was and goes with it, but for
/// that of a number that becomes another number.
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

/// What goes away: what was asked for, and every collection that is left with nothing, but for an
/// item that something is put in behind.
fn removed(
    document: &Document<'_>,
    changes: &BTreeMap<NodeId, Change>,
    followers: &BTreeMap<NodeId, String>,
) -> BTreeSet<NodeId> {
    let asked = changes.iter().filter(|(_, change)| change.removed);
    let mut removed: BTreeSet<_> = asked.map(|(&id, _)| id).collect();
    let mut open: Vec<_> = removed.iter().copied().collect();
    while let Some(id) = open.pop() {
        let Some(parent) = Node::new(document, id).parent() else {
            continue;
        };
        let stays =
            changes.get(&parent.id).is_some_and(Change::adds) || followers.contains_key(&parent.id);
        let emptied = children(parent, &removed).iter().all(|child| child.removed);
        let inner = parent.parent().is_some();
        if emptied && inner && !stays && goes_when_empty(parent) && removed.insert(parent.id) {
            open.push(parent.id);
        }
    }
    removed
}

/// The collections that stay and have children that go, or get new ones.
fn altered(
    document: &Document<'_>,
    changes: &BTreeMap<NodeId, Change>,
    followers: &BTreeMap<NodeId, String>,
    removed: &BTreeSet<NodeId>,
) -> BTreeSet<NodeId> {
    let parent = |id: NodeId| Node::new(document, id).parent().map(|parent| parent.id);
    let losing = removed.iter().filter_map(|&id| parent(id));
    let gaining = changes.iter().filter(|(_, change)| change.gains());
    let followed = followers.keys().filter_map(|&id| parent(id));
    let all = losing.chain(gaining.map(|(&id, _)| id)).chain(followed);
    all.filter(|&id| !is_removed(Node::new(document, id), removed))
        .collect()
}

fn is_removed(node: Node<'_>, removed: &BTreeSet<NodeId>) -> bool {
    std::iter::successors(Some(node), |node| node.parent()).any(|node| removed.contains(&node.id))
}

fn children<'d>(node: Node<'d>, removed: &BTreeSet<NodeId>) -> Vec<Child<'d>> {
    let child = |first: Node<'d>, value: Node<'d>| Child {
        first,
        value,
        removed: removed.contains(&value.id),
    };
    if node.kind() == Kind::Mapping {
        node.entries()
            .map(|(key, value)| child(key, value))
            .collect()
    } else {
        node.items().map(|item| child(item, item)).collect()
    }
}
