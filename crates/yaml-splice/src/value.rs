//! Values that are about to be inserted.

use compact_str::{CompactString, ToCompactString};
use serde::Serialize;

use crate::Scalar;
use crate::tree::scalar::{is_clearly_plain, is_text_for_all};

/// A tree that can be written into a document and compared with a node.
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
    /// A scalar of one line exactly as a user wrote it, with its quotes or its tag: the type of a
    /// plain one depends on the reader and is the user's choice. Also text of ours that is known to
    /// need no quotes.
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
    pub fn from_typed<T: Serialize>(typed: &T) -> Self {
        serde_yaml::to_value(typed).map_or(Self::Null, Self::from)
    }

    /// The same with its text as it will be written where no quotes are needed, which is found
    /// out once for a value that is written many times.
    #[must_use]
    pub fn with_quoting_decided(self) -> Self {
        match self {
            Self::Text(text) if is_clearly_plain(&text) => Self::Raw(text),
            Self::Sequence(items) => {
                Self::Sequence(items.into_iter().map(Self::with_quoting_decided).collect())
            }
            Self::Mapping(entries) => {
                let entries = entries.into_iter();
                let decided = entries
                    .map(|(key, value)| (key.with_quoting_decided(), value.with_quoting_decided()));
                Self::Mapping(decided.collect())
            }
            other => other,
        }
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
            Self::Raw(text) => match text.as_bytes().first() {
                Some(b'!') => {
                    let text = text.strip_prefix("!!str ")?;
                    let is_quoted = text.starts_with(['"', '\'']);
                    if is_quoted {
                        between_quotes(text)
                    } else {
                        Some(text)
                    }
                }
                Some(b'"' | b'\'') => between_quotes(text),
                _ => is_text_for_all(text).then_some(text),
            },
            _ => None,
        }
    }

    /// Whether it is a key of this name.
    fn is_named(&self, name: &str) -> bool {
        match self {
            Self::Raw(text) => {
                let inner = match text.as_bytes() {
                    [b'"' | b'\'', inner @ .., _] => inner,
                    plain => plain,
                };
                // What the text is to its readers costs more to tell than that it is another one.
                inner == name.as_bytes() && self.as_text().is_some()
            }
            Self::Text(text) | Self::Quoted(text) => text == name,
            _ => false,
        }
    }

    /// Whether it is a list, or a mapping with one in it.
    pub(crate) fn has_list(&self) -> bool {
        match self {
            Self::Sequence(_) => true,
            Self::Mapping(entries) => entries.iter().any(|(_, value)| value.has_list()),
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

/// The text between quotes; `None` where it has to be decoded.
fn between_quotes(quoted: &str) -> Option<&str> {
    let inner = quoted.get(1..quoted.len().checked_sub(1)?)?;
    let escape = if quoted.starts_with('"') { '\\' } else { '\'' };
    (!inner.contains(escape)).then_some(inner)
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

#[cfg(test)]
mod tests {
    use super::Value;

    #[test]
    fn the_tag_of_text_is_no_part_of_it() {
        for (written, text) in [
            ("!!str web", Some("web")),
            ("!!str \"3\"", Some("3")),
            ("!!str 3", Some("3")),
            ("!!str \"\\n\"", None),
            ("!!int 3", None),
            ("!custom web", None),
        ] {
            assert_eq!(Value::Raw(written.into()).as_text(), text, "{written}");
        }
    }
}
