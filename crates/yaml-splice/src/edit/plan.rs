//! From recorded changes to splices: what is removed, and which file renders what.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Altered, ByNode, Child};
use super::{block, block_replace, flow, nothing};
use crate::read::node::{Kind, Node};
use crate::tree::document::NodeId;
use crate::{Document, Splice, YamlError};

/// Turns the changes of a document, and the text inserted after its items, into splices.
pub(crate) fn splices<'d>(
    document: &'d Document<'d>,
    mut changes: ByNode,
    mut followers: BTreeMap<NodeId, String>,
) -> Result<Vec<Splice>, YamlError> {
    let removed = removed(document, &changes, &followers);
    let altered = altered(document, &changes, &followers, &removed);
    let mut out = Vec::new();
    for (&id, change) in &changes {
        let node = Node::new(document, id);
        let is_single = || node.children().next().is_none();
        if let (Some(spelling), true) = (&change.emptied, change.removed)
            && is_single()
        {
            out.push(nothing::instead_of(node, spelling)?);
        } else if let (Some(value), false) = (&change.value, is_removed(node, &removed)) {
            out.extend(if node.is_in_flow() {
                vec![flow::replacement(node, value)?]
            } else {
                block_replace::replacement(node, value)?
            });
        }
    }
    let is_only_added_to = removed.is_empty() && followers.is_empty();
    // Inner collections first: where two end on one line, the inner one's lines come first.
    for id in altered.into_iter().rev() {
        let node = Node::new(document, id);
        let mut change = changes.remove(&id).unwrap_or_default();
        if is_only_added_to && node.is_block_collection() {
            out.extend(block::additions(node, &mut change)?);
            continue;
        }
        let mut collection = Altered {
            node,
            children: children(node, &removed).collect(),
            change: *change,
        };
        if node.is_flow_collection() {
            flow::collection(&collection, &mut followers, &mut out)?;
        } else {
            block::collection(&mut collection, &mut followers, &mut out)?;
        }
    }
    // Those of a whole text are sorted on one thread, which has little left to do then.
    out.sort_by_key(|splice| (splice.range.start, splice.range.end));
    Ok(out)
}

/// What is removed: what was asked for, and every collection that becomes empty, except for an
/// item after which something is inserted.
fn removed(
    document: &Document<'_>,
    changes: &ByNode,
    followers: &BTreeMap<NodeId, String>,
) -> BTreeSet<NodeId> {
    let asked = changes.iter().filter(|(_, change)| change.removed);
    let mut removed = BTreeSet::new();
    for (&id, change) in asked {
        if change.emptied.is_none() {
            removed.insert(id);
        } else {
            let emptied: Vec<_> = children(Node::new(document, id), &removed).collect();
            removed.extend(emptied.iter().map(|child| child.value.id));
        }
    }
    let parent = |id: NodeId| Node::new(document, id).parent().map(|parent| parent.id);
    // Each collection that loses something once, however much it loses: those inside of it, which have higher
    // numbers, before it.
    let mut losing: BTreeSet<_> = removed.iter().filter_map(|&id| parent(id)).collect();
    while let Some(id) = losing.pop_last() {
        let node = Node::new(document, id);
        let stays =
            changes.get(&id).is_some_and(|change| change.stays()) || followers.contains_key(&id);
        let emptied = || children(node, &removed).all(|child| child.removed);
        if let Some(outer) = parent(id)
            && !stays
            && goes_when_empty(node)
            && emptied()
        {
            removed.insert(id);
            losing.insert(outer);
        }
    }
    removed
}

/// The collections that stay and lose or gain children.
fn altered(
    document: &Document<'_>,
    changes: &ByNode,
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
    let mut around = std::iter::successors(Some(node), |node| node.parent());
    !removed.is_empty() && around.any(|node| removed.contains(&node.id))
}

fn children<'d>(node: Node<'d>, removed: &BTreeSet<NodeId>) -> impl Iterator<Item = Child<'d>> {
    let is_mapping = node.kind() == Kind::Mapping;
    let mut nodes = node.children();
    std::iter::from_fn(move || {
        let first = nodes.next()?;
        let value = if is_mapping { nodes.next()? } else { first };
        Some(Child {
            first,
            value,
            removed: removed.contains(&value.id),
        })
    })
}

/// Whether an emptied collection is removed with its key: a block one cannot be empty, and a flow
/// one inside a flow one was made by whoever filled it. A flow one in a block one stays as `{}`.
fn goes_when_empty(node: Node<'_>) -> bool {
    node.is_block_collection() || (node.is_flow_collection() && node.is_in_flow())
}
