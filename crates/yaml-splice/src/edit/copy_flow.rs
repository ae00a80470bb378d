//! Copies of nodes, with changes, inside of brackets.

use super::change::{ByNode, Change, Entry};
use super::copy_pending::{Keys, Pending};
use crate::Value;
use crate::emit::flow::{FlowStyle, push_entry, push_flow};
use crate::emit::scalar::push_scalar;
use crate::read::node::Node;
use crate::read::to_value::scalar;

/// Adds a copy of `node` with `changes`: what its value with these changes is written as. `None` where it has to be
/// read as a whole to be copied: merge keys and whatever an edit would be refused for.
pub(super) fn push(
    out: &mut String,
    node: Node<'_>,
    changes: &ByNode,
    style: &FlowStyle<'_>,
) -> Option<()> {
    let mut writer = Writer {
        out,
        style,
        pending: Pending::of(node, changes)?,
        keys: Keys::new(),
    };
    let change = writer.pending.take(node);
    writer.node(node, change, 0)
}

struct Writer<'e, 'd> {
    out: &'e mut String,
    style: &'e FlowStyle<'e>,
    pending: Pending<'e>,
    keys: Keys<'d>,
}

impl<'e, 'd> Writer<'e, 'd> {
    /// Writes a node that is `depth` levels deeper.
    fn node(&mut self, node: Node<'d>, change: Option<&'e Change>, depth: usize) -> Option<()> {
        if let Some(value) = change.and_then(|change| change.value.as_ref()) {
            push_flow(self.out, value, self.style, depth);
            return (!self.pending.is_left_in(node)).then_some(());
        }
        let style = node.style();
        if style.is_mapping() || style.is_sequence() {
            return self.collection(node, change, depth);
        }
        let read = if node.is_alias() {
            Value::from_node(node)
        } else {
            scalar(node)
        };
        push_flow(self.out, &read.ok()?, self.style, depth);
        change.is_none().then_some(())
    }

    fn collection(
        &mut self,
        node: Node<'d>,
        change: Option<&'e Change>,
        depth: usize,
    ) -> Option<()> {
        let first_key = self.keys.count();
        let is_list = node.style().is_sequence();
        let mut count = 0;
        self.out.push(if is_list { '[' } else { '{' });
        let mut children = node.children();
        while let Some(first) = children.next() {
            let value = if is_list { first } else { children.next()? };
            if self.pending.removes(value) {
                if !is_list {
                    self.keys.add(first, first_key)?;
                }
                continue;
            }
            self.style.begin(self.out, count, depth + 1);
            if !is_list {
                self.key(first, first_key)?;
            }
            let change = self.pending.take(value);
            self.node(value, change, depth + 1)?;
            count += 1;
        }
        self.keys.truncate(first_key);
        if let Some(change) = change {
            self.gained(change, count, depth + 1);
            count += change.entries.len() + change.items.len();
        }
        self.style.end(self.out, count, depth);
        self.out.push(if is_list { ']' } else { '}' });
        // What becomes empty may have to go.
        (count > 0 || node.children().next().is_none()).then_some(())
    }

    fn key(&mut self, key: Node<'d>, first_key: usize) -> Option<()> {
        let read = scalar(key).ok().filter(|_| key.is_as_written())?;
        self.keys.add(key, first_key)?;
        push_scalar(self.out, &read, self.style.quoting);
        self.out.push_str(self.style.colon());
        Some(())
    }

    /// Writes what a collection gains behind its first `count` children.
    fn gained(&mut self, change: &Change, count: usize, depth: usize) {
        for (index, entry) in change.entries.iter().enumerate() {
            self.style.begin(self.out, count + index, depth);
            match entry {
                Entry::Tree(key, value) => push_entry(self.out, key, value, self.style, depth),
                Entry::Prepared(entry, fills) if self.style.lines.is_none() => {
                    entry.write_in_flow(self.out, fills, self.style);
                }
                Entry::Prepared(entry, fills) => {
                    let (key, value) = (Value::text(entry.key()), entry.value(fills));
                    push_entry(self.out, &key, &value, self.style, depth);
                }
            }
        }
        for (index, item) in change.items.iter().enumerate() {
            self.style.begin(self.out, count + index, depth);
            push_flow(self.out, item, self.style, depth);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Edits, Stream, Value, YamlError};

    /// The texts of a copy of the first item of the list in `text`, which gets a new entry and an item and loses an
    /// entry, and of the value that it has then.
    fn copy(text: &str) -> Result<(Option<String>, String), YamlError> {
        let stream = Stream::parse(text)?;
        let item = stream.documents[0].root().items().next().unwrap();
        let mut edits = Edits::of_copy(&stream.documents[0]);
        edits.put(item, &["new", "entry"], Value::text("on"))?;
        edits.append(item, &["list"], Value::Int(7))?;
        edits.put(item, &["name"], Value::text("b"))?;
        let mut value = Value::from_node(item)?;
        if let Some(gone) = item.get("gone")? {
            edits.remove(gone)?;
            value.take("gone");
        }
        *value.entry("new").entry("entry") = Value::text("on");
        value.entry("list").push(Value::Int(7));
        *value.entry("name") = Value::text("b");
        Ok((
            edits.copy_after(item),
            Edits::render_item_after(item, &value)?,
        ))
    }

    #[test]
    fn a_copy_is_what_the_value_is_written_as() {
        for text in [
            "[{\"name\":\"a\",\"gone\":{\"x\":1},\"list\":[1,\"x\\n\",{}],\"new\":{}}]\n",
            "[{\"name\": \"a\", \"list\": [null, true, \"\\u00e9\", []], \"new\": {\"old\": 1.5}}, 2]\n",
            "[\n  {\n    \"name\": \"a\",\n    \"list\": [\n      1,\n      {}\n    ],\n    \"new\": {\n      \"old\": []\n    }\n  }\n]\n",
            "[{name: 'a', # why\n  gone: x, list: [&x 'it''s', *x, y: z], new: {a: , b: *x}}]\n",
            "[{name: a, ? x : y, list: []}]\n",
            "[{name: \u{e9}, list: [on, \"on\", 'a,b', http://c]}]\n",
        ] {
            let (copy, value) = copy(text).unwrap();
            assert_eq!(copy, Some(value), "{text}");
        }
    }

    #[test]
    fn what_has_to_be_read_is_not_copied() {
        for text in [
            "[{name: a, name: b, list: []}]\n",
            "[{<<: {x: 1}, list: []}]\n",
        ] {
            let copy = copy(text).map(|(copy, _)| copy);
            assert!(matches!(copy, Ok(None) | Err(_)), "{text}: {copy:?}");
        }
    }
}
