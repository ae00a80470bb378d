//! Comparing what stands there with what should, and changing no more than differs.

use crate::read::node::{Kind, Node};
use crate::{Document, Edits, Scalar, Stream, Value, YamlError, resolve};

/// Whether `node` holds `value`, whatever its spelling and the order of its keys.
pub fn matches(node: Node<'_>, value: &Value) -> bool {
    match value {
        Value::Mapping(entries) => {
            node.kind() == Kind::Mapping
                && node.entries().count() == entries.len()
                && entries.iter().all(|(key, value)| {
                    let found = under(node, key).ok().flatten();
                    found.is_some_and(|found| matches(found, value))
                })
        }
        Value::Sequence(items) => {
            node.kind() == Kind::Sequence
                && node.items().count() == items.len()
                && node
                    .items()
                    .zip(items)
                    .all(|(node, item)| matches(node, item))
        }
        _ => node
            .scalar()
            .is_some_and(|found| scalar_matches(node, &found, value)),
    }
}

/// The value under `key`, which need not be text: `1: a`, `on: b`.
fn under<'d>(node: Node<'d>, key: &Value) -> Result<Option<Node<'d>>, YamlError> {
    if let Some(text) = key.as_text() {
        return node.get(text);
    }
    let mut entries = node.entries();
    let found = entries.find(|(name, _)| matches(*name, key));
    Ok(found.map(|(_, value)| value))
}

fn scalar_matches(node: Node<'_>, found: &Scalar<'_>, value: &Value) -> bool {
    match value {
        Value::Null => *found == Scalar::Null,
        Value::Bool(value) => *found == Scalar::Bool(*value),
        Value::Int(value) => *found == Scalar::Int(i128::from(*value)),
        Value::Text(text) | Value::Quoted(text) => *found == Scalar::Text(text),
        Value::Raw(text) => match Value::from_node(node) {
            Ok(Value::Raw(written)) if written == *text => true,
            _ if text.starts_with('!') => is_same_tagged(node, text),
            _ => resolve(text) == *found,
        },
        Value::Sequence(_) | Value::Mapping(_) => false,
    }
}

/// Whether `node` is `text`, a scalar with its tag, in another spelling.
fn is_same_tagged(node: Node<'_>, text: &str) -> bool {
    let node = node.resolved();
    let Ok(stream) = Stream::parse(text) else {
        return false;
    };
    let Some(wanted) = stream.documents.first().map(Document::root) else {
        return false;
    };
    // The tag `!` leaves it to the reader what a plain scalar is.
    let told = node.tag().is_some_and(|tag| tag != "!");
    told && node.tag() == wanted.tag() && node.text() == wanted.text()
}

/// Records the edits that make `node` hold `value`: only what differs is touched.
///
/// # Errors
/// As [`Edits::put`].
pub fn reconcile<'d>(
    edits: &mut Edits<'d>,
    node: Node<'d>,
    value: &Value,
) -> Result<(), YamlError> {
    if matches(node, value) {
        return Ok(());
    }
    match value {
        Value::Mapping(entries) if node.kind() == Kind::Mapping && !entries.is_empty() => {
            mapping(edits, node, entries)
        }
        Value::Sequence(items) if node.kind() == Kind::Sequence && !items.is_empty() => {
            sequence(edits, node, items)
        }
        _ => edits.set(node, value.clone()),
    }
}

fn mapping<'d>(
    edits: &mut Edits<'d>,
    node: Node<'d>,
    entries: &[(Value, Value)],
) -> Result<(), YamlError> {
    // A path is of text: a new key that is none comes with all that stands beside it.
    for (key, _) in entries.iter().filter(|(key, _)| key.as_text().is_none()) {
        if under(node, key)?.is_none() {
            return edits.set(node, Value::Mapping(entries.to_vec()));
        }
    }
    for (key, value) in entries {
        match under(node, key)? {
            Some(found) => reconcile(edits, found, value)?,
            None => edits.put(node, &[key.as_text().unwrap_or_default()], value.clone())?,
        }
    }
    for (written, value) in node.entries() {
        let key = Value::from_node(written)?;
        let same = |name: &Value| {
            matches(written, name)
                || name
                    .as_text()
                    .is_some_and(|name| key.as_text() == Some(name))
        };
        if !entries.iter().any(|(name, _)| same(name)) {
            edits.remove(value)?;
        }
    }
    Ok(())
}

fn sequence<'d>(edits: &mut Edits<'d>, node: Node<'d>, items: &[Value]) -> Result<(), YamlError> {
    let mut wanted = items.iter();
    for found in node.items() {
        match wanted.next() {
            Some(item) => reconcile(edits, found, item)?,
            None => edits.remove(found)?,
        }
    }
    for item in wanted {
        edits.append_item(node, item.clone())?;
    }
    Ok(())
}
