//! Changes to a document, recorded as data.

mod block;
mod block_lines;
mod block_remove;
mod block_replace;
mod bom;
mod change;
mod copy;
mod copy_flow;
mod copy_pending;
mod document;
mod flow;
mod flow_place;
mod measure;
mod new_flow_list;
pub(crate) mod new_list;
mod nothing;
pub(crate) mod place;
mod plan;
pub(crate) mod reconcile;
mod remove_documents;

use std::collections::BTreeMap;
use std::sync::Arc;

use self::change::{ByNode, Change, Entry};
use self::new_list::{NewBlockList, NewList};
use crate::read::node::{Kind, Node};
use crate::tree::document::NodeId;
use crate::{Document, Prepared, Splice, Value, YamlError, emit};

/// Changes to one document; nothing happens to the text before [`Edits::splices`].
#[derive(Debug)]
pub struct Edits<'d> {
    document: &'d Document<'d>,
    changes: ByNode,
    /// Text that is inserted right after an item of a list. It is rendered at once, because a package
    /// has thousands of them and a tree takes many times the memory of its text.
    followers: BTreeMap<NodeId, String>,
    recorded: usize,
    /// Whether it is a copy that changes.
    is_of_copy: bool,
}

impl<'d> Edits<'d> {
    /// No changes to `document` yet.
    pub fn new(document: &'d Document<'_>) -> Self {
        Self {
            document,
            changes: BTreeMap::new(),
            followers: BTreeMap::new(),
            recorded: 0,
            is_of_copy: false,
        }
    }

    /// No changes yet to a copy of a node of `document`, which [`Edits::copy_after`] makes. It has neither
    /// anchors nor aliases, so what an alias refers to may change there by itself.
    pub fn of_copy(document: &'d Document<'_>) -> Self {
        Self {
            is_of_copy: true,
            ..Self::new(document)
        }
    }

    /// How often a change was recorded; it grows with every one.
    pub fn recorded(&self) -> usize {
        self.recorded
    }

    /// Puts `value` at `path` below the mapping `at`. Mappings that are missing on the way are
    /// made; a `null` on the way is filled.
    ///
    /// # Errors
    /// Where the path is ambiguous ([`YamlError::DuplicateKey`], [`YamlError::SharedAnchor`]) or
    /// leads through something that is not a mapping ([`YamlError::WrongShape`]).
    pub fn put(&mut self, at: Node<'d>, path: &[&str], value: Value) -> Result<(), YamlError> {
        let slot = self.slot(at, path)?;
        match slot {
            Slot::Node(node) => self.set(node, value),
            Slot::Pending(pending) => {
                *pending = value;
                Ok(())
            }
        }
    }

    /// Puts `entry` into the mapping `at`, with `fills` in its holes: the same as [`Edits::put`] of
    /// its value under its key, and faster where lines are added.
    pub fn put_prepared(
        &mut self,
        at: Node<'d>,
        entry: &Arc<Prepared>,
        fills: Vec<Value>,
    ) -> Result<(), YamlError> {
        let key = entry.key();
        if at.style().is_mapping() && at.get(key)?.is_none() {
            let entries = &mut self.change(at)?.entries;
            if !entries.iter().any(|other| other.is_under(key)) {
                entries.push(Entry::Prepared(Arc::clone(entry), fills));
                return Ok(());
            }
        }
        self.put(at, &[key], entry.value(&fills))
    }

    /// Adds `value` under `key` at the end of the mapping `at`, which has no such key, or loses it by these
    /// changes.
    pub fn add(&mut self, at: Node<'d>, key: &str, value: Value) -> Result<(), YamlError> {
        require(at, Kind::Mapping, Kind::Mapping.description())?;
        let entry = Entry::Tree(Value::text(key), value);
        self.change(at)?.entries.push(entry);
        Ok(())
    }

    /// Adds `item` at the end of the list at `path` below the mapping `at`, which is made where it
    /// is missing.
    pub fn append(&mut self, at: Node<'d>, path: &[&str], item: Value) -> Result<(), YamlError> {
        match self.slot(at, path)? {
            Slot::Pending(Value::Sequence(items)) => items.push(item),
            Slot::Pending(pending) => *pending = Value::Sequence(vec![item]),
            Slot::Node(list) => self.append_item(list, item)?,
        }
        Ok(())
    }

    /// Adds `item` at the end of `list`.
    pub fn append_item(&mut self, list: Node<'d>, item: Value) -> Result<(), YamlError> {
        require(list, Kind::Sequence, Kind::Sequence.description())?;
        self.change(list)?.items.push(item);
        Ok(())
    }

    /// Adds `value` of each of `items` at the end of the list under `key` of the mapping `at`,
    /// which is made where it is missing. In block style a new list is rendered item by item, on
    /// several cores: a tree of thousands takes many times the memory of its text.
    pub fn append_all<T: Sync>(
        &mut self,
        at: Node<'d>,
        key: &str,
        items: &[T],
        value: impl Fn(&T) -> Option<Value> + Sync,
    ) -> Result<(), YamlError> {
        if items.is_empty() {
            return Ok(());
        }
        if let Some(list) = NewBlockList::of(at, key)? {
            editable(at)?;
            let lines = list.blocks(items, |lines, items, column, layout| {
                for value in items.iter().filter_map(&value) {
                    emit::block::item(lines, &value, column, layout);
                }
            });
            if !lines.is_empty() {
                self.change(at)?.lines.extend(lines);
            }
            return Ok(());
        }
        let mut values = items.iter().filter_map(value);
        values.try_for_each(|item| self.append(at, &[key], item))
    }

    /// The place of a list under `key` of `at`; `None` where `at` has the key, has no others, or is no mapping.
    pub fn new_list(at: Node<'_>, key: &str) -> Result<Option<NewList>, YamlError> {
        let list = NewList::of(at, key)?;
        if list.is_some() {
            editable(at)?;
        }
        Ok(list)
    }

    /// Replaces the value of `node`.
    ///
    /// # Errors
    /// [`YamlError::SharedAnchor`] where that would change two places.
    pub fn set(&mut self, node: Node<'d>, value: Value) -> Result<(), YamlError> {
        self.free_of_shared_anchors(node)?;
        self.change(node)?.value = Some(value);
        Ok(())
    }

    /// Removes `node`, with its key or its dash. A block collection that becomes empty is removed as
    /// well, and so on outwards.
    ///
    /// # Errors
    /// [`YamlError::SharedAnchor`] where that would change two places.
    pub fn remove(&mut self, node: Node<'d>) -> Result<(), YamlError> {
        self.free_of_shared_anchors(node)?;
        self.change(node)?.removed = true;
        Ok(())
    }

    /// Removes an item from a list that stays, as `[]` where no item is left.
    pub fn remove_item_keeping_list(&mut self, item: Node<'d>) -> Result<(), YamlError> {
        self.remove(item)?;
        if let Some(list) = item.parent() {
            self.change(list)?.kept = true;
        }
        Ok(())
    }

    /// Renders `value` as the text right after `item` in its list, for
    /// [`Edits::insert_rendered_after`].
    pub fn render_item_after(item: Node<'_>, value: &Value) -> Result<String, YamlError> {
        let Some(list) = item.parent() else {
            require(item, Kind::Sequence, "an item of a list")?;
            return Ok(String::new());
        };
        editable(list)?;
        if list.is_flow_collection() {
            Ok(flow::follower(list, item, value))
        } else {
            block_lines::follower(item, value)
        }
    }

    /// The text of a copy of `item` right after it that has these changes, for
    /// [`Edits::insert_rendered_after`]; `item` itself does not. What stays is copied as it is written,
    /// without comments and blank lines, and aliases as what they refer to; what it has in brackets gets lines,
    /// where there are no brackets around it. `None` where it has to be read to be copied, such as for merge keys,
    /// and a value made of it instead.
    ///
    /// ```
    /// use yaml_splice::{Edits, Stream, Value, apply};
    ///
    /// let text = "- name: a\n  list: # why\n  - 'x'\n";
    /// let stream = Stream::parse(text)?;
    /// let document = &stream.documents[0];
    /// let item = document.root().items().next().expect("there is one");
    /// let mut changes = Edits::of_copy(document);
    /// changes.put(item, &["name"], Value::text("b"))?;
    /// let copy = changes.copy_after(item).expect("it can be copied");
    /// let mut edits = Edits::new(document);
    /// edits.insert_rendered_after(item, copy);
    /// let changed = apply(text, edits.splices()?).expect("edits of one document do not overlap");
    /// assert_eq!(changed.to_string(), text.to_owned() + "- name: b\n  list:\n  - 'x'\n");
    /// # Ok::<(), yaml_splice::YamlError>(())
    /// ```
    pub fn copy_after(&self, item: Node<'d>) -> Option<String> {
        let list = item.parent()?;
        editable(list).ok()?;
        if list.is_flow_collection() {
            return flow::copied_follower(list, item, &self.changes);
        }
        let (column, layout) = block_lines::after_item(item).ok()?;
        let place = copy::Place {
            column: column + 2,
            dashes: 1,
        };
        copy::lines(item, &self.changes, place, layout)
    }

    /// Inserts the text of [`Edits::render_item_after`] right after `item`.
    pub fn insert_rendered_after(&mut self, item: Node<'d>, text: String) {
        let follower = self.followers.entry(item.id);
        follower
            .and_modify(|before| before.push_str(&text))
            .or_insert(text);
        self.recorded += 1;
    }

    /// Inserts `value` right after `item` in its list.
    pub fn insert_after(&mut self, item: Node<'d>, value: &Value) -> Result<(), YamlError> {
        let text = Self::render_item_after(item, value)?;
        self.insert_rendered_after(item, text);
        Ok(())
    }

    /// The changes as byte ranges of the text that the document was read from.
    ///
    /// # Errors
    /// [`YamlError::Layout`] where the layout leaves no safe place for a change.
    pub fn splices(self) -> Result<Vec<Splice>, YamlError> {
        let document = self.document;
        let splices = plan::splices(document, self.changes, self.followers)?;
        free_of_comments(document, &splices)?;
        Ok(splices)
    }

    fn change(&mut self, node: Node<'d>) -> Result<&mut Change, YamlError> {
        // In a copy a scalar stands for nothing but itself; what is in a collection may have been reached by
        // an alias of that.
        let is_alone = self.is_of_copy && node.kind() == Kind::Scalar;
        match node.parent().filter(|_| is_alone) {
            Some(parent) => editable(parent)?,
            None => editable(node)?,
        }
        self.recorded += 1;
        Ok(self.changes.entry(node.id).or_default())
    }

    /// Fails where what goes contains an anchor that is used elsewhere.
    fn free_of_shared_anchors(&self, node: Node<'_>) -> Result<(), YamlError> {
        let inside = node.id..node.record().after;
        match node.document.nodes.shared.range(inside).next() {
            Some(&anchor) if !self.is_of_copy => Err(shared(node, node.with_id(anchor))),
            _ => Ok(()),
        }
    }

    /// Walks down `path`, making what is missing on the way.
    fn slot(&mut self, at: Node<'d>, path: &[&str]) -> Result<Slot<'_, 'd>, YamlError> {
        let mut node = at;
        for (depth, key) in path.iter().enumerate() {
            if node.is_null() {
                let filled = self.change(node)?.value.get_or_insert(Value::Null);
                return Ok(Slot::Pending(descend(filled, &path[depth..])));
            }
            require(node, Kind::Mapping, Kind::Mapping.description())?;
            let Some(value) = node.get(key)? else {
                let added = self.added(node, key)?;
                return Ok(Slot::Pending(descend(added, &path[depth + 1..])));
            };
            node = value;
        }
        if node.is_null() {
            let filled = self.change(node)?.value.get_or_insert(Value::Null);
            return Ok(Slot::Pending(filled));
        }
        Ok(Slot::Node(node))
    }

    /// The value that will be added under `key` of `mapping`.
    fn added(&mut self, mapping: Node<'d>, key: &str) -> Result<&mut Value, YamlError> {
        let entries = &mut self.change(mapping)?.entries;
        let at = entries.iter().position(|entry| entry.is_under(key));
        let at = at.unwrap_or_else(|| {
            entries.push(Entry::Tree(Value::text(key), Value::Null));
            entries.len() - 1
        });
        Ok(entries[at].value_mut())
    }
}

/// Fails where a comment that touches the value before it (`"a"# b`) would become a part of what a splice leaves
/// there: `a# b` is text.
fn free_of_comments(document: &Document<'_>, splices: &[Splice]) -> Result<(), YamlError> {
    let touches = |at: &usize| {
        let (before, behind) = document.source.split_at(*at);
        behind.starts_with('#') && before.ends_with(['"', '\'', ']', '}'])
    };
    let mut ends = splices.iter().map(|splice| splice.range.end);
    ends.find(touches).map_or(Ok(()), |at| {
        Err(YamlError::Layout {
            at: document.position(at),
            why: "a comment touches the value before it; put a space between them",
        })
    })
}

enum Slot<'e, 'd> {
    /// A node of the document.
    Node(Node<'d>),
    /// A value that will be added.
    Pending(&'e mut Value),
}

fn descend<'v>(value: &'v mut Value, path: &[&str]) -> &'v mut Value {
    path.iter().fold(value, |value, key| value.entry(key))
}

/// Fails where `node` is of another kind.
fn require(node: Node<'_>, kind: Kind, expected: &'static str) -> Result<(), YamlError> {
    if node.kind() == kind {
        return Ok(());
    }
    let found = match node.kind() {
        Kind::Scalar => format!("\"{}\"", shortened(node.text())),
        other => other.description().to_owned(),
    };
    Err(YamlError::WrongShape {
        at: node.position(),
        found,
        expected,
    })
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        short.push_str("...");
    }
    short
}

/// An edit must change one place only: neither the node nor any collection around it may be an
/// alias or the target of one.
fn editable(node: Node<'_>) -> Result<(), YamlError> {
    let nodes = &node.document.nodes;
    // Nothing is inside of an alias, so of the nodes around it none is one.
    let is_alias = node.is_alias();
    let target = is_alias.then(|| nodes.targets.get(&node.id)).flatten();
    let mut around = std::iter::successors(Some(node), |outer| outer.parent());
    // Of the nodes around it, which have lower numbers, those after the last shared one are not shared.
    let last = nodes.shared.range(..=node.id).next_back();
    let is_shared = |outer: &Node<'_>| {
        last.is_some_and(|last| outer.id <= *last) && nodes.shared.contains(&outer.id)
    };
    let anchor = match target {
        Some(&target) => Some(node.with_id(target)),
        None => around.find(is_shared),
    };
    anchor.map_or(Ok(()), |anchor| Err(shared(node, anchor)))
}

fn shared(node: Node<'_>, anchor: Node<'_>) -> YamlError {
    YamlError::SharedAnchor {
        at: node.position(),
        anchor: node.document.position(anchor.range_with_properties().start),
    }
}
