//! Nodes as values, with aliases, merge keys and the types of scalars resolved.

use std::collections::HashMap;

use compact_str::format_compact;

use super::lookup::duplicate;
use super::merge::EXPANSION_LIMIT;
use super::node::{Kind, Node};
use crate::emit::scalar::quoted;
use crate::text::AMBIGUOUS_CHARACTERS;
use crate::tree::document::NodeId;
use crate::tree::style::NodeStyle;
use crate::{Value, YamlError};

/// How deep a value may be nested, aliases followed; documents themselves stop at 255.
const DEPTH_LIMIT: usize = 512;

impl Value {
    /// The value of a node with aliases and anchors resolved and every scalar's type kept.
    ///
    /// # Errors
    /// [`YamlError::AliasExpansion`] where aliases expand to more nodes than a manifest has.
    pub fn from_node(node: Node<'_>) -> Result<Self, YamlError> {
        Self::from_node_without(node, &[])
    }

    /// The same without the nodes in `left_out` and without the collections that have nothing left for it.
    pub fn from_node_without(node: Node<'_>, left_out: &[Node<'_>]) -> Result<Self, YamlError> {
        let mut conversion = Conversion {
            left_out: left_out.iter().map(|node| node.id).collect(),
            visited: 0,
            keys: Vec::new(),
        };
        Ok(conversion.value(node, DEPTH_LIMIT)?.unwrap_or(Self::Null))
    }
}

struct Conversion<'d> {
    left_out: Vec<NodeId>,
    visited: usize,
    /// The keys of the mappings that are being read, from the outside in.
    keys: Vec<(&'d str, Node<'d>)>,
}

impl<'d> Conversion<'d> {
    /// The value of `node`, or nothing where it is left out.
    fn value(&mut self, node: Node<'d>, depth: usize) -> Result<Option<Value>, YamlError> {
        self.visited += 1;
        if depth == 0 || self.visited > EXPANSION_LIMIT {
            return Err(node.expansion());
        }
        if self.left_out.contains(&node.id) {
            return Ok(None);
        }
        let kind = node.kind();
        if kind == Kind::Scalar {
            return scalar(node.resolved()).map(Some);
        }
        let value = match kind {
            Kind::Sequence => {
                let mut items = Vec::new();
                for item in node.items() {
                    items.extend(self.value(item, depth - 1)?);
                }
                Value::Sequence(items)
            }
            _ => Value::Mapping(self.entries(node, depth)?),
        };
        let emptied = value.is_empty() && node.children().next().is_some();
        Ok(Some(value).filter(|_| !emptied))
    }

    /// The entries of a mapping, then those that its merge keys bring in.
    fn entries(&mut self, node: Node<'d>, depth: usize) -> Result<Vec<(Value, Value)>, YamlError> {
        // A wide mapping may hold itself: room for all of it at every level would be no limit.
        let (mut count, mut has_merges) = (0, false);
        for (key, _) in node.entries() {
            count += 1;
            has_merges |= key.is_merge_key();
        }
        let mut entries = Vec::with_capacity(count.min(Names::FEW));
        let mut names = Names::new(self.keys.len(), has_merges || count > Names::FEW);
        if has_merges {
            for layer in node.layers() {
                self.layer(layer?, depth, &mut names, &mut entries)?;
            }
        } else {
            self.layer(node, depth, &mut names, &mut entries)?;
        }
        self.keys.truncate(names.start);
        Ok(entries)
    }

    /// Adds the own entries of a mapping that are not among `entries` already.
    fn layer(
        &mut self,
        mapping: Node<'d>,
        depth: usize,
        names: &mut Names<'d>,
        entries: &mut Vec<(Value, Value)>,
    ) -> Result<(), YamlError> {
        for (key, value) in mapping.entries().filter(|(key, _)| !key.is_merge_key()) {
            // Bytes, for example, are another key than text that is written like them.
            let is_text = key.may_be_text_key();
            if let Some(first) = is_text.then(|| names.add(&mut self.keys, key)).flatten() {
                if first != key && first.parent() == key.parent() {
                    return Err(duplicate(first, key));
                }
                continue;
            }
            let Some(value) = self.value(value, depth - 1)? else {
                continue;
            };
            let key = self.key(key, depth)?;
            if is_text || entries.iter().all(|(known, _)| *known != key) {
                entries.push((key, value));
            }
        }
        Ok(())
    }

    /// A key that is text by its tag is the same without it.
    fn key(&mut self, key: Node<'d>, depth: usize) -> Result<Value, YamlError> {
        if key.resolved().tag().is_some() && key.is_text_key() {
            return Ok(Value::Quoted(key.text().into()));
        }
        Ok(self.value(key, depth - 1)?.unwrap_or(Value::Null))
    }
}

/// The keys of one mapping by their text. Few are kept in a list that is shared with the mappings
/// around it, and compared one by one.
struct Names<'d> {
    /// Where the keys of this mapping begin in the list.
    start: usize,
    many: Option<HashMap<&'d str, Node<'d>>>,
}

impl<'d> Names<'d> {
    const FEW: usize = 16;

    /// No names yet of a mapping with `many` entries or few; the list holds `start` of others.
    fn new(start: usize, many: bool) -> Self {
        let many = many.then(HashMap::new);
        Self { start, many }
    }

    /// Adds `key`, unless one with the same text has been added, and returns that one.
    fn add(&mut self, list: &mut Vec<(&'d str, Node<'d>)>, key: Node<'d>) -> Option<Node<'d>> {
        let text = key.text();
        if let Some(many) = &mut self.many {
            let known = many.get(text).copied();
            many.entry(text).or_insert(key);
            return known;
        }
        let known = list[self.start..].iter().find(|(name, _)| *name == text);
        let known = known.map(|(_, key)| *key);
        if known.is_none() {
            list.push((text, key));
        }
        known
    }
}

/// A scalar with its type kept: what readers resolve by its spelling keeps its spelling.
pub(crate) fn scalar(node: Node<'_>) -> Result<Value, YamlError> {
    let written = node.written();
    if written.starts_with('?') && node.style() == NodeStyle::Plain && node.is_in_flow() {
        return Err(YamlError::Layout {
            at: node.position(),
            why: "in brackets, kubectl takes a word after `?` for a key without a value; put it in quotes",
        });
    }
    let is_printable = |all, byte: u8| all & matches!(byte, b' '..=b'~');
    if node.is_as_written() && written.bytes().fold(true, is_printable) {
        return Ok(Value::Raw(written.into()));
    }
    let properties = node.document.nodes.properties.get(&node.id);
    let tag = properties
        .and_then(|properties| properties.tag.clone())
        .and_then(|tag| node.document.source.get(tag));
    // Nearly all text is printable ASCII, which is checked much faster than each of these.
    let needs_char_check = written.bytes().any(|byte| !matches!(byte, b' '..=b'~'));
    let single_line = !needs_char_check || !written.contains(['\n', '\r']);
    let separators = needs_char_check && written.contains(AMBIGUOUS_CHARACTERS);
    if separators && !single_line {
        return Err(YamlError::Layout {
            at: node.position(),
            why: "a line separator or a byte order mark inside of text over several lines cannot \
                  be copied: readers disagree about it",
        });
    }
    let value = match (node.style(), tag) {
        (_, Some(tag)) if single_line => Value::Raw(format_compact!("{tag} {written}")),
        // The tag decides about the type: quoted it is the same.
        (_, Some(tag)) => Value::Raw(format_compact!("{tag} {}", quoted(node.text()))),
        (NodeStyle::Plain, None) if written.is_empty() => Value::Null,
        (NodeStyle::Plain, None) if single_line => Value::Raw(written.into()),
        (NodeStyle::SingleQuoted | NodeStyle::DoubleQuoted, None)
            if single_line && !node.record().is_decoded() =>
        {
            Value::Raw(written.into())
        }
        // Folded into one line it may be a date.
        (NodeStyle::Plain, None) if !node.text().contains('\n') => Value::Raw(node.text().into()),
        _ if separators => Value::Raw(written.into()),
        _ => Value::Quoted(node.text().into()),
    };
    Ok(value)
}

#[cfg(test)]
mod tests {
    use crate::{Stream, Value, YamlError};

    #[test]
    fn a_key_that_some_reader_takes_for_another_is_refused() {
        let value = |text| Value::from_node(Stream::parse(text).unwrap().documents[0].root());
        for text in ["a: 1\na: 2\n", "a: 1\n!custom a: 2\n", "a: 1\n!!str a: 2\n"] {
            let found = value(text);
            assert!(
                matches!(found, Err(YamlError::DuplicateKey { .. })),
                "{text}: {found:?}"
            );
        }
        assert!(value("YQ==: 1\n!!binary YQ==: 2\n").is_ok());
    }

    #[test]
    fn a_word_in_brackets_that_kubectl_takes_for_a_key_is_refused() {
        let value = |text| Value::from_node(Stream::parse(text).unwrap().documents[0].root());
        for text in ["a: [b, ?c]\n", "a: {?b: c}\n"] {
            let found = value(text);
            assert!(
                matches!(found, Err(YamlError::Layout { .. })),
                "{text}: {found:?}"
            );
        }
        for text in ["a: [b, \"?c\"]\n", "a:\n- ?c\n", "a: [b?]\n"] {
            assert!(value(text).is_ok(), "{text}");
        }
    }
}
