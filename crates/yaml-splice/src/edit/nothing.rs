//! Values that hold nothing (`key:`, `key: ~`, `"key": {}`): how they are spelled, and giving that
//! spelling back where what filled them goes again.

use std::iter::successors;

use super::measure::key_of;
use crate::read::node::Node;
use crate::tree::colon::after_next_colon;
use crate::tree::style::NodeStyle;
use crate::{Edits, Splice, YamlError};

impl Node<'_> {
    /// How a value that holds nothing is spelled, with the colon before it (`:`, `: ~`, `: {}`;
    /// nothing at all for a key in brackets that has no colon), so that
    /// [`Edits::restore_when_emptied`] can give it back. `None` for a value that holds something, and
    /// for an empty collection outside of brackets, which stays by itself.
    pub fn spelling_of_nothing(self) -> Option<String> {
        if self.is_flow_collection() {
            let is_filled_inside = self.is_in_flow() && self.children().next().is_none();
            let brackets = if self.written().starts_with('[') {
                "[]"
            } else {
                "{}"
            };
            return is_filled_inside.then(|| format!(": {brackets}"));
        }
        if !self.is_null() || self.is_alias() {
            return None;
        }
        let key = key_of(self).ok()?;
        let source = self.document.source;
        let Some(colon) = colon(key) else {
            return Some(String::new());
        };
        let range = self.range_with_properties();
        let gap = source.get(colon..range.start).unwrap_or_default();
        if range.is_empty() {
            Some(":".to_owned())
        } else if self.is_in_flow() || gap.contains(['\n', '\r']) {
            Some(format!(": {}", &source[range]))
        } else {
            Some(format!(":{}", &source[colon..range.end]))
        }
    }
}

impl<'d> Edits<'d> {
    /// Leaves `spelling`, as [`Node::spelling_of_nothing`] gives it, behind the key of `node` where
    /// what is in it is removed, instead of removing it with its key. No change by itself.
    pub fn restore_when_emptied(&mut self, node: Node<'d>, spelling: &str) {
        let change = self.changes.entry(node.id).or_default();
        change.emptied = Some(spelling.to_owned());
    }

    /// What stood there with nothing in it and is filled by these changes, with its spelling.
    pub fn filled(&self) -> impl Iterator<Item = (Node<'d>, String)> {
        let document = self.document;
        let changed = self.changes.iter().filter(|(_, change)| change.adds());
        changed.filter_map(move |(&id, _)| {
            let node = Node::new(document, id);
            node.spelling_of_nothing().map(|spelling| (node, spelling))
        })
    }

    /// Whether these changes remove `node`, or all that is in it.
    pub fn empties(&self, node: Node<'d>) -> bool {
        match self.changes.get(&node.id) {
            Some(change) if change.removed => true,
            Some(change) if change.adds() => false,
            _ => {
                let mut values: Vec<_> = node.items().collect();
                values.extend(node.entries().map(|(_, value)| value));
                !values.is_empty() && values.into_iter().all(|value| self.empties(value))
            }
        }
    }
}

/// The splice that puts `spelling` behind the key of a value in brackets, or of a single one.
pub(crate) fn instead_of(node: Node<'_>, spelling: &str) -> Result<Splice, YamlError> {
    // What was written as YAML may have been printed as JSON since.
    let spelling = match spelling {
        _ if has_brackets(spelling) || !is_in_json(node) => spelling,
        _ => ": null",
    };
    let key = key_of(node)?;
    let source = node.document.source;
    let range = node.range_with_properties();
    let end_of_key = key.range_with_properties().end;
    let (Some(colon), Some(value)) = (colon(key), spelling.strip_prefix(':')) else {
        return Ok(Splice::delete(end_of_key..range.end));
    };
    let gap = &source[colon..range.start];
    let (start, text) = if gap.contains(['\n', '\r']) || node.is_in_flow() && !value.is_empty() {
        (range.start, value.trim_start())
    } else {
        (colon, value)
    };
    Ok(Splice {
        range: start..range.end,
        text: text.to_owned(),
    })
}

/// The splice that puts `spelling` behind the key of a block collection, none of whose lines stay.
pub(crate) fn behind_key(node: Node<'_>, spelling: &str) -> Result<Option<Splice>, YamlError> {
    let key = key_of(node)?;
    let value = spelling.strip_prefix(':').unwrap_or_default();
    let place = colon(key).filter(|_| !value.is_empty());
    Ok(place.map(|colon| Splice::insert(colon, value.to_owned())))
}

/// Whether the node is a part of JSON: everything around it is in brackets, and every key in double quotes.
fn is_in_json(node: Node<'_>) -> bool {
    let is_quoted = |(key, _): (Node<'_>, Node<'_>)| key.style() == NodeStyle::DoubleQuoted;
    let mut around = successors(node.parent(), |node| node.parent());
    around.all(|outer| outer.is_flow_collection() && outer.entries().all(is_quoted))
}

/// Whether what is spelled like this has brackets, which stay when what is between them goes.
pub(crate) fn has_brackets(spelling: &str) -> bool {
    spelling.ends_with(['}', ']'])
}

/// The offset after the colon of `key`.
fn colon(key: Node<'_>) -> Option<usize> {
    let mapping = key.parent()?;
    let end = key.range_with_properties().end;
    after_next_colon(key.document.source, mapping.record(), end)
}

#[cfg(test)]
mod tests {
    use crate::{Edits, Stream, Value, apply};

    /// Fills `k` of `text`, empties it again, and gives the spelling and both texts.
    fn there_and_back(text: &str) -> (String, String, String) {
        let stream = Stream::parse(text).unwrap();
        let root = stream.documents[0].root();
        let mut edits = Edits::new(&stream.documents[0]);
        edits.put(root, &["k", "in"], Value::text("new")).unwrap();
        let (_, spelling) = edits.filled().next().unwrap();
        let filled = apply(text, edits.splices().unwrap()).unwrap().to_string();
        let stream = Stream::parse(&filled).unwrap();
        let root = stream.documents[0].root();
        let mut edits = Edits::new(&stream.documents[0]);
        let (k, added) = (
            root.get("k").unwrap().unwrap(),
            root.at(&["k", "in"]).unwrap().unwrap(),
        );
        edits.restore_when_emptied(k, &spelling);
        assert!(!edits.empties(k));
        edits.remove(added).unwrap();
        assert!(edits.empties(k));
        let emptied = apply(&filled, edits.splices().unwrap())
            .unwrap()
            .to_string();
        (spelling, filled, emptied)
    }

    #[test]
    fn what_is_filled_and_emptied_is_as_it_was() {
        for (text, spelling) in [
            ("k:\n", ":"),
            ("a: 1\nk: # why\n# at the margin\nb: 2\n", ":"),
            ("k: ~\nb: 2", ": ~"),
            ("k:   NULL   # why\n", ":   NULL"),
            ("k:\n  # below\n  null\n", ": null"),
            ("k:\r\nb: 2\r\n", ":"),
            ("k:", ":"),
            ("{k: , b: 2}\n", ":"),
            ("{k, b: 2}\n", ""),
            ("{b: 2, k: {}}\n", ": {}"),
            ("{k: { }, b: 2}\n", ": {}"),
            ("{\"b\":2,\"k\":null}", ": null"),
            ("{\n  \"b\": 2,\n  \"k\": null\n}\n", ": null"),
            ("{b: 2, k: !!null ''}\n", ": !!null ''"),
        ] {
            let (found, filled, emptied) = there_and_back(text);
            assert_eq!(emptied, text, "{filled}");
            assert_eq!(found, spelling, "{text}");
            assert_ne!(filled, text);
        }
    }

    #[test]
    fn json_knows_one_nothing() {
        for (text, spelling, expected) in [
            (r#"{"k":{"in":1},"b":2}"#, "", r#"{"k":null,"b":2}"#),
            (r#"[{"k": {"in": 1}}]"#, ":", r#"[{"k": null}]"#),
            (r#"[{"k": {"in": 1}}]"#, ": ~", r#"[{"k": null}]"#),
            (r#"[{"k": {"in": 1}}]"#, ": {}", r#"[{"k": {}}]"#),
            (r#"{"k": {"in": 1}, b: 2}"#, ": ~", r#"{"k": ~, b: 2}"#),
        ] {
            let stream = Stream::parse(text).unwrap();
            let root = stream.documents[0].root();
            let object = root.items().next().unwrap_or(root);
            let k = object.get("k").unwrap().unwrap();
            let mut edits = Edits::new(&stream.documents[0]);
            edits.restore_when_emptied(k, spelling);
            edits.remove(k.get("in").unwrap().unwrap()).unwrap();
            let emptied = apply(text, edits.splices().unwrap()).unwrap();
            assert_eq!(emptied.to_string(), expected, "{spelling:?}");
        }
    }

    #[test]
    fn an_empty_collection_outside_of_brackets_stays_by_itself() {
        let stream = Stream::parse("k: {}\nl: [a]\n").unwrap();
        let root = stream.documents[0].root();
        for key in ["k", "l"] {
            let node = root.get(key).unwrap().unwrap();
            assert_eq!(node.spelling_of_nothing(), None);
        }
    }
}
