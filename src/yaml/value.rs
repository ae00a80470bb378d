//! Values that are about to be inserted.

use std::collections::HashMap;

use compact_str::{CompactString, ToCompactString, format_compact};
use serde::Serialize;

use super::document::{Form, NodeId};
use super::emit_flow::quoted;
use super::node::{EXPANSION_LIMIT, Kind, Node};
use super::scalar::is_text_for_all;
use super::{Scalar, YamlError};

/// How deep a value may be nested, aliases followed; documents themselves stop at 255.
const DEPTH_LIMIT: usize = 512;

/// A tree that can be written into a document, and compared with what stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Text, written plain where every reader takes it for this text, else quoted.
    Text(CompactString),
    /// Text that is always quoted, or written as a block scalar.
    Quoted(CompactString),
    /// A plain scalar exactly as a user wrote it, with its tag: its type depends on the reader and
    /// is the user's choice.
    Raw(CompactString),
    /// A list.
    Sequence(Vec<Value>),
    /// Keys and values, in order; a key is a [`Value::Text`], [`Value::Quoted`] or [`Value::Raw`].
    Mapping(Vec<(Value, Value)>),
}

impl Value {
    /// Text.
    pub fn text(text: impl Into<CompactString>) -> Self {
        Self::Text(text.into())
    }

    /// A mapping with text keys.
    pub fn mapping<K: Into<CompactString>>(entries: impl IntoIterator<Item = (K, Self)>) -> Self {
        let entries = entries.into_iter();
        Self::Mapping(
            entries
                .map(|(key, value)| (Self::text(key), value))
                .collect(),
        )
    }

    /// A typed value as serde sees it.
    ///
    /// # Panics
    /// Never for Kubernetes types; a map whose keys are not text is not one.
    pub fn of<T: Serialize>(typed: &T) -> Self {
        serde_yaml::to_value(typed).map_or(Self::Null, Self::from)
    }

    /// The value of a node with aliases and anchors resolved and every scalar's type kept.
    ///
    /// # Errors
    /// [`YamlError::AliasExpansion`] where aliases expand to more nodes than a manifest has.
    pub fn of_node(node: Node<'_>) -> Result<Self, YamlError> {
        Self::of_node_without(node, &[])
    }

    /// The same without the nodes in `left_out` and without the collections that have nothing
    /// left for it.
    ///
    /// # Errors
    /// As [`Value::of_node`].
    pub fn of_node_without(node: Node<'_>, left_out: &[Node<'_>]) -> Result<Self, YamlError> {
        let left_out = left_out.iter().map(|node| node.id).collect();
        let mut conversion = Conversion {
            left_out,
            visited: 0,
        };
        Ok(conversion.value(node, DEPTH_LIMIT)?.unwrap_or(Self::Null))
    }

    /// Adds `item` at the end of a list; anything else becomes one first.
    pub fn push(&mut self, item: Self) {
        match self {
            Self::Sequence(items) => items.push(item),
            _ => *self = Self::Sequence(vec![item]),
        }
    }

    /// The value under `key` of a mapping.
    pub fn get(&self, key: &str) -> Option<&Self> {
        let Self::Mapping(entries) = self else {
            return None;
        };
        entries
            .iter()
            .find(|(name, _)| name.is_named(key))
            .map(|(_, value)| value)
    }

    /// The value under `key` of a mapping, put there as `null` where it is missing.
    ///
    /// Anything but a mapping becomes an empty one first.
    pub fn entry(&mut self, key: &str) -> &mut Self {
        if !matches!(self, Self::Mapping(_)) {
            *self = Self::Mapping(Vec::new());
        }
        let Self::Mapping(entries) = self else {
            unreachable!("made a mapping above")
        };
        let at = entries
            .iter()
            .position(|(name, _)| name.is_named(key))
            .unwrap_or_else(|| {
                entries.push((Self::text(key), Self::Null));
                entries.len() - 1
            });
        &mut entries[at].1
    }

    /// Removes `key` from a mapping and returns its value.
    pub fn take(&mut self, key: &str) -> Option<Self> {
        let Self::Mapping(entries) = self else {
            return None;
        };
        let at = entries.iter().position(|(name, _)| name.is_named(key))?;
        Some(entries.remove(at).1)
    }

    /// The text of a text value.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Quoted(text) => Some(text),
            Self::Raw(text) if !text.starts_with(['!', '"', '\'']) && is_text_for_all(text) => {
                Some(text)
            }
            _ => None,
        }
    }

    /// Whether it is a key of this name.
    fn is_named(&self, name: &str) -> bool {
        match self {
            // What the text is to its readers costs more to tell than that it is another one.
            Self::Raw(text) => text == name && self.as_text().is_some(),
            Self::Text(text) | Self::Quoted(text) => text == name,
            _ => false,
        }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Raw(text) => super::resolve(text) == Scalar::Null,
            Self::Sequence(items) => items.is_empty(),
            Self::Mapping(entries) => entries.is_empty(),
            _ => false,
        }
    }
}

impl From<serde_yaml::Value> for Value {
    fn from(value: serde_yaml::Value) -> Self {
        use serde_yaml::Value as Yaml;
        match value {
            Yaml::Null => Self::Null,
            Yaml::Bool(value) => Self::Bool(value),
            Yaml::Number(number) => number
                .as_i64()
                .map_or_else(|| Self::Raw(number.to_compact_string()), Self::Int),
            Yaml::String(text) => Self::Text(text.into()),
            Yaml::Sequence(items) => Self::Sequence(items.into_iter().map(Self::from).collect()),
            Yaml::Mapping(entries) => Self::Mapping(
                entries
                    .into_iter()
                    .map(|(key, value)| (Self::from(key), Self::from(value)))
                    .collect(),
            ),
            Yaml::Tagged(tagged) => Self::from(tagged.value),
        }
    }
}

struct Conversion {
    left_out: Vec<NodeId>,
    visited: usize,
}

impl Conversion {
    /// The value of `node`, or nothing where it is left out.
    fn value(&mut self, node: Node<'_>, depth: usize) -> Result<Option<Value>, YamlError> {
        self.visited += 1;
        if depth == 0 || self.visited > EXPANSION_LIMIT {
            return Err(node.expansion());
        }
        if self.left_out.contains(&node.id) {
            return Ok(None);
        }
        let value = match node.kind() {
            Kind::Scalar => return scalar(node.resolved()).map(Some),
            Kind::Sequence => {
                let items = node.items().map(|item| self.value(item, depth - 1));
                let items = items.filter_map(Result::transpose);
                Value::Sequence(items.collect::<Result<_, _>>()?)
            }
            Kind::Mapping => Value::Mapping(self.entries(node, depth)?),
        };
        let emptied = value.is_empty() && node.children().next().is_some();
        Ok(Some(value).filter(|_| !emptied))
    }

    /// The entries of a mapping, with what its merge keys bring written out behind its own.
    fn entries(&mut self, node: Node<'_>, depth: usize) -> Result<Vec<(Value, Value)>, YamlError> {
        let mut entries = Vec::new();
        let mut names = Names::default();
        let mut merged = Vec::new();
        for (key, value) in node.entries() {
            if key.is_merge_key() {
                merged.extend(value.merge_sources()?);
                continue;
            }
            let twice = names.insert(key);
            if let Some(first) = twice.filter(|_| key.kind() == Kind::Scalar) {
                return Err(YamlError::DuplicateKey {
                    key: key.text().to_owned(),
                    first: first.position(),
                    second: key.position(),
                });
            }
            if let Some(value) = self.value(value, depth - 1)? {
                entries.push((self.key(key, depth)?, value));
            }
        }
        for source in merged {
            for (key, value) in self.mapping(source, depth - 1)? {
                let known = key.as_text().is_some_and(|key| names.contains(key));
                if !known && !entries.iter().any(|(name, _)| *name == key) {
                    entries.push((key, value));
                }
            }
        }
        Ok(entries)
    }

    /// A key that is text by its tag is the same without it.
    fn key(&mut self, key: Node<'_>, depth: usize) -> Result<Value, YamlError> {
        if key.resolved().tag().is_some() && key.is_text_key() {
            return Ok(Value::Quoted(key.text().into()));
        }
        Ok(self.value(key, depth - 1)?.unwrap_or(Value::Null))
    }

    fn mapping(&mut self, node: Node<'_>, depth: usize) -> Result<Vec<(Value, Value)>, YamlError> {
        match self.value(node, depth)? {
            Some(Value::Mapping(entries)) => Ok(entries),
            _ => Ok(Vec::new()),
        }
    }
}

/// The keys of one mapping by their text. Few are compared one by one.
#[derive(Default)]
struct Names<'d> {
    few: Vec<(&'d str, Node<'d>)>,
    many: HashMap<&'d str, Node<'d>>,
}

impl<'d> Names<'d> {
    const FEW: usize = 16;

    /// Adds `key`, and returns one that has been added with the same text.
    fn insert(&mut self, key: Node<'d>) -> Option<Node<'d>> {
        let text = key.text();
        if self.few.len() < Self::FEW {
            let known = self.few.iter().find(|(name, _)| *name == text);
            let known = known.map(|(_, key)| *key);
            self.few.push((text, key));
            return known;
        }
        if self.many.is_empty() {
            self.many.extend(self.few.iter().copied());
        }
        self.many.insert(text, key)
    }

    fn contains(&self, text: &str) -> bool {
        self.few.iter().any(|(name, _)| *name == text) || self.many.contains_key(text)
    }
}

/// A scalar with its type kept: what readers resolve by its spelling keeps its spelling.
fn scalar(node: Node<'_>) -> Result<Value, YamlError> {
    let written = node.written();
    let properties = node.document.properties.get(&node.id);
    let tag = properties
        .and_then(|properties| properties.tag.clone())
        .and_then(|tag| node.document.source.get(tag));
    let single_line = !written.contains(['\n', '\r']);
    let separators = written.contains(SEPARATORS);
    if separators && !single_line {
        return Err(YamlError::Layout {
            at: node.position(),
            why: "a line separator or a byte order mark inside of text over several lines cannot \
                  be copied: readers disagree about it",
        });
    }
    let value = match (node.form(), tag) {
        (_, Some(tag)) if single_line => Value::Raw(format_compact!("{tag} {written}")),
        // The tag says what it is: quoted it is the same.
        (_, Some(tag)) => Value::Raw(format_compact!("{tag} {}", quoted(node.text()))),
        (Form::Plain, None) if written.is_empty() => Value::Null,
        (Form::Plain, None) if single_line => Value::Raw(written.into()),
        // Folded into one line it may be a date.
        (Form::Plain, None) if !node.text().contains('\n') => Value::Raw(node.text().into()),
        _ if separators => Value::Raw(written.into()),
        _ => Value::Quoted(node.text().into()),
    };
    Ok(value)
}

/// Line breaks to readers of YAML 1.1 and text to those of 1.2, and a mark that some leave out.
const SEPARATORS: [char; 4] = ['\u{85}', '\u{2028}', '\u{2029}', '\u{feff}'];
