//! Values that are about to be inserted.

use serde::Serialize;

use super::document::Form;
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
    Text(String),
    /// Text that is always quoted, or written as a block scalar.
    Quoted(String),
    /// A plain scalar exactly as a user wrote it, with its tag: its type depends on the reader and
    /// is the user's choice.
    Raw(String),
    /// A list.
    Sequence(Vec<Value>),
    /// Keys and values, in order; a key is a [`Value::Text`], [`Value::Quoted`] or [`Value::Raw`].
    Mapping(Vec<(Value, Value)>),
}

impl Value {
    /// Text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A mapping with text keys.
    pub fn mapping<K: Into<String>>(entries: impl IntoIterator<Item = (K, Self)>) -> Self {
        let entries = entries.into_iter();
        Self::Mapping(entries.map(|(key, value)| (Self::text(key), value)).collect())
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
        convert(node, DEPTH_LIMIT, &mut 0)
    }

    /// The value under `key` of a mapping.
    pub fn get(&self, key: &str) -> Option<&Self> {
        let Self::Mapping(entries) = self else {
            return None;
        };
        entries
            .iter()
            .find(|(name, _)| name.as_text() == Some(key))
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
            .position(|(name, _)| name.as_text() == Some(key))
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
        let at = entries
            .iter()
            .position(|(name, _)| name.as_text() == Some(key))?;
        Some(entries.remove(at).1)
    }

    /// The text of a text value.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Quoted(text) => Some(text),
            Self::Raw(text) if is_text_for_all(text) => Some(text),
            _ => None,
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
                .map_or_else(|| Self::Raw(number.to_string()), Self::Int),
            Yaml::String(text) => Self::Text(text),
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

fn convert(node: Node<'_>, depth: usize, visited: &mut usize) -> Result<Value, YamlError> {
    *visited += 1;
    if depth == 0 || *visited > EXPANSION_LIMIT {
        return Err(node.expansion());
    }
    match node.kind() {
        Kind::Scalar => Ok(scalar(node.resolved())),
        Kind::Sequence => {
            let items = node.items().map(|item| convert(item, depth - 1, visited));
            Ok(Value::Sequence(items.collect::<Result<_, _>>()?))
        }
        Kind::Mapping => {
            let mut entries = Vec::new();
            for (key, value) in node.entries() {
                let value = convert(value, depth - 1, visited)?;
                entries.push((convert(key, depth - 1, visited)?, value));
            }
            Ok(Value::Mapping(entries))
        }
    }
}

fn scalar(node: Node<'_>) -> Value {
    let tag = node.document.properties.get(&node.id).and_then(|properties| {
        let tag = properties.tag.clone()?;
        node.document.source.get(tag)
    });
    let single_line = !node.written().contains(['\n', '\r']);
    match (node.form(), tag) {
        (Form::Literal | Form::Folded, _) => Value::Quoted(node.text().to_owned()),
        (Form::Plain, None) if node.written().is_empty() => Value::Null,
        (_, Some(tag)) if single_line => Value::Raw(format!("{tag} {}", node.written())),
        (Form::Plain, _) if single_line => Value::Raw(node.written().to_owned()),
        (Form::Plain, _) => Value::Text(node.text().to_owned()),
        _ => Value::Quoted(node.text().to_owned()),
    }
}
