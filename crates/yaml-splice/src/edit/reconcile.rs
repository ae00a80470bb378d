//! Making a node hold a value, with edits for what differs and no more.

use crate::read::node::{Kind, Node};
use crate::{Document, Edits, Scalar, Stream, Value, YamlError, resolve};

/// Whether `node` holds `value`, whatever its spelling and the order of its keys. Merge keys are
/// followed.
pub fn matches(node: Node<'_>, value: &Value) -> bool {
    match value {
        Value::Mapping(entries) => {
            node.kind() == Kind::Mapping
                && key_count(node) == Some(entries.len())
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

/// The number of keys of a mapping, those that its merge keys bring in among them; `None` where
/// these cannot be followed.
fn key_count(mapping: Node<'_>) -> Option<usize> {
    if has_merge_key(mapping) {
        return mapping.merged_entries().ok().map(|entries| entries.len());
    }
    Some(mapping.entries().count())
}

fn has_merge_key(mapping: Node<'_>) -> bool {
    mapping.entries().any(|(key, _)| key.is_merge_key())
}

/// The value under `key`, which need not be text: `1: a`, `on: b`.
fn under<'d>(node: Node<'d>, key: &Value) -> Result<Option<Node<'d>>, YamlError> {
    if let Some(text) = key.as_text() {
        return node.get(text);
    }
    let alike = || node.entries().filter(|(name, _)| matches(*name, key));
    // `on` and `yes` are one key to some readers, and two where they are written.
    let same = alike().find(|(name, _)| Value::from_node(*name).as_ref() == Ok(key));
    Ok(same.or_else(|| alike().next()).map(|(_, value)| value))
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
            _ if text.starts_with(['"', '\'']) => {
                value.as_text().map(Scalar::Text).as_ref() == Some(found)
            }
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
pub fn reconcile<'d>(
    edits: &mut Edits<'d>,
    node: Node<'d>,
    value: &Value,
) -> Result<(), YamlError> {
    match value {
        Value::Mapping(entries)
            if node.kind() == Kind::Mapping && !entries.is_empty() && !has_merge_key(node) =>
        {
            mapping(edits, node, entries)
        }
        Value::Sequence(items) if node.kind() == Kind::Sequence && !items.is_empty() => {
            sequence(edits, node, items)
        }
        _ if matches(node, value) => Ok(()),
        _ => edits.set(node, value.clone()),
    }
}

/// For a mapping without merge keys.
fn mapping<'d>(
    edits: &mut Edits<'d>,
    node: Node<'d>,
    entries: &[(Value, Value)],
) -> Result<(), YamlError> {
    // A path is of text: a new key that is none comes with the whole mapping.
    for (key, _) in entries.iter().filter(|(key, _)| key.as_text().is_none()) {
        if under(node, key)?.is_none() {
            return edits.set(node, Value::Mapping(entries.to_vec()));
        }
    }
    let mut kept = 0;
    for (key, value) in entries {
        if let Some(found) = under(node, key)? {
            reconcile(edits, found, value)?;
            kept += 1;
        } else {
            edits.put(node, &[key.as_text().unwrap_or_default()], value.clone())?;
        }
    }
    if node.entries().count() > kept {
        remove_others(edits, node, entries)?;
    }
    Ok(())
}

/// Removes the entries of a mapping whose keys are not among `wanted`.
fn remove_others<'d>(
    edits: &mut Edits<'d>,
    node: Node<'d>,
    wanted: &[(Value, Value)],
) -> Result<(), YamlError> {
    for (written, value) in node.entries() {
        let key = Value::from_node(written)?;
        let is_wanted = wanted.iter().any(|(name, _)| {
            let is_same_text = || name.as_text().is_some() && name.as_text() == key.as_text();
            matches(written, name) || is_same_text()
        });
        if !is_wanted {
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

#[cfg(test)]
mod tests {
    use crate::{Edits, Stream, Value, apply, matches, reconcile};

    /// `text` after its key `k` is made to hold `wanted`.
    fn reconciled(text: &str, wanted: &str) -> String {
        let (stream, wanted) = (Stream::parse(text).unwrap(), Stream::parse(wanted).unwrap());
        let wanted = Value::from_node(wanted.documents[0].root()).unwrap();
        let mut edits = Edits::new(&stream.documents[0]);
        let node = stream.documents[0].root().get("k").unwrap().unwrap();
        reconcile(&mut edits, node, &wanted).unwrap();
        let text = apply(text, edits.splices().unwrap()).unwrap().to_string();
        let after = Stream::parse(&text).unwrap();
        let node = after.documents[0].root().get("k").unwrap().unwrap();
        assert!(matches(node, &wanted), "{text}");
        text
    }

    #[test]
    fn only_what_differs_is_touched() {
        let text = "k:\n  a: 'x' # kept\n  b: {c: 1, d: [1, 2]}\n  e: 1\n";
        let after = reconciled(text, "{a: x, b: {c: 1, d: [1, 3, 4]}, f: 2}\n");
        let expected = "k:\n  a: 'x' # kept\n  b: {c: 1, d: [1, 3, 4]}\n  f: 2\n";
        assert_eq!(after, expected);
        assert_eq!(
            reconciled(text, "{e: 1, b: {d: [1, 2], c: 1}, a: x}\n"),
            text
        );
    }

    #[test]
    fn keys_that_mean_the_same_keep_their_values() {
        let text = "k:\n  on: 1\n  yes: 2\n  ~: 3\n  null: 4\n";
        assert_eq!(reconciled(text, "{yes: 2, on: 1, null: 4, ~: 3}\n"), text);
    }

    #[test]
    fn merge_keys_that_bring_in_what_is_wanted_stay() {
        let text = "z: &z {a: 1, b: 2}\nk:\n  <<: *z\n  b: 3\n";
        assert_eq!(reconciled(text, "{a: 1, b: 3}\n"), text);
        let expected = "z: &z {a: 1, b: 2}\nk:\n  b: 3\n";
        assert_eq!(reconciled(text, "{b: 3}\n"), expected);
    }
}
