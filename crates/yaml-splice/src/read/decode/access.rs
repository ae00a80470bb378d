//! Lists and mappings as serde walks them.

use std::collections::{HashMap, HashSet};
use std::vec::IntoIter;

use serde::de;
use serde::de::value::{StringDeserializer, U32Deserializer};
use serde::de::{DeserializeSeed, IntoDeserializer};

use super::deserializer::NodeDeserializer;
use crate::read::merge::MergeError;
use crate::read::node::Node;
use crate::{DecodeError, Problem};

/// The items of a list.
pub(super) struct Items<'a, 'd> {
    outer: NodeDeserializer<'a, 'd>,
    items: IntoIter<Node<'d>>,
}

impl<'a, 'd> Items<'a, 'd> {
    pub fn new(outer: NodeDeserializer<'a, 'd>) -> Self {
        let items: Vec<_> = outer.node.items().collect();
        Self {
            outer,
            items: items.into_iter(),
        }
    }
}

impl<'de> de::SeqAccess<'de> for Items<'_, '_> {
    type Error = DecodeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, DecodeError> {
        let absent = self.outer.absent;
        let Some(node) = self.items.find(|item| !absent.contains(&item.id)) else {
            return Ok(None);
        };
        let item = self.outer.below(node);
        let value = seed.deserialize(item).map_err(|error| item.locate(error));
        value.map(Some)
    }
}

/// The keys and values of a mapping, with those of its merge keys after its own.
pub(super) struct Entries<'a, 'd> {
    outer: NodeDeserializer<'a, 'd>,
    rest: IntoIter<(Node<'d>, Node<'d>)>,
    value: Option<Node<'d>>,
}

impl<'a, 'd> Entries<'a, 'd> {
    pub fn new(outer: NodeDeserializer<'a, 'd>) -> Result<Self, DecodeError> {
        let entries = own_and_merged(outer)?;
        Ok(Self {
            outer,
            rest: entries.into_iter(),
            value: None,
        })
    }
}

impl<'de> de::MapAccess<'de> for Entries<'_, '_> {
    type Error = DecodeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, DecodeError> {
        let Some((key, value)) = self.rest.next() else {
            return Ok(None);
        };
        self.value = Some(value);
        let name: StringDeserializer<DecodeError> = key.text().to_owned().into_deserializer();
        let located = |error| at_key(self.outer, key, value, error);
        seed.deserialize(name).map(Some).map_err(located)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, DecodeError> {
        let node = self.value.take().unwrap_or(self.outer.node);
        let value = self.outer.below(node);
        seed.deserialize(value).map_err(|error| value.locate(error))
    }
}

/// A key's problem (an unknown field) shows the key but is located at its value, which the next
/// attempt leaves out.
fn at_key<'d>(
    outer: NodeDeserializer<'_, 'd>,
    key: Node<'d>,
    value: Node<'d>,
    error: DecodeError,
) -> DecodeError {
    DecodeError {
        at: Some(key.position()),
        ..outer.below(value).locate(error)
    }
}

/// The entries of a mapping, then those of its merge keys that it does not have itself.
fn own_and_merged<'d>(
    outer: NodeDeserializer<'_, 'd>,
) -> Result<Vec<(Node<'d>, Node<'d>)>, DecodeError> {
    let is_absent = |value: Node<'d>| outer.absent.contains(&value.id);
    let mut known = HashSet::new();
    let mut all = Vec::new();
    for layer in outer.node.layers_without(is_absent) {
        let layer = layer.map_err(|MergeError { value, error }| {
            let problem = Problem::Other(error.to_string());
            outer.below(value).locate(problem.into())
        })?;
        let entries = layer.entries().filter(|(key, _)| !key.is_merge_key());
        let entries: Vec<_> = entries.filter(|(_, value)| !is_absent(*value)).collect();
        refuse_duplicates(outer, &entries)?;
        all.extend(
            entries
                .into_iter()
                .filter(|(key, _)| known.insert(key.text())),
        );
    }
    Ok(all)
}

fn refuse_duplicates<'d>(
    outer: NodeDeserializer<'_, 'd>,
    entries: &[(Node<'d>, Node<'d>)],
) -> Result<(), DecodeError> {
    let mut seen = HashMap::with_capacity(entries.len());
    for &(key, value) in entries {
        if let Some(first) = seen.insert(key.text(), key) {
            let problem = Problem::DuplicateKey {
                key: key.text().to_owned(),
                first: first.position(),
            };
            return Err(at_key(outer, key, value, problem.into()));
        }
    }
    Ok(())
}

/// The two parts of a [`Located`](super::Located) value: the node's number, then its value.
pub(super) struct Parts<'a, 'd> {
    node: NodeDeserializer<'a, 'd>,
    next: u8,
}

impl<'a, 'd> Parts<'a, 'd> {
    pub fn new(node: NodeDeserializer<'a, 'd>) -> Self {
        Self { node, next: 0 }
    }
}

impl<'de> de::SeqAccess<'de> for Parts<'_, '_> {
    type Error = DecodeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, DecodeError> {
        self.next += 1;
        let number: U32Deserializer<DecodeError> = self.node.node.id.into_deserializer();
        match self.next {
            1 => seed.deserialize(number).map(Some),
            2 => seed.deserialize(self.node).map(Some),
            _ => Ok(None),
        }
    }
}
