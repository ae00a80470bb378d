//! Typed values out of nodes, with serde.

use std::collections::HashSet;

use serde::de::value::StringDeserializer;
use serde::de::{self, DeserializeOwned, DeserializeSeed, IntoDeserializer, Visitor};

use super::document::NodeId;
use super::node::{EXPANSION_LIMIT, Kind, Node};
use super::{DecodeError, Problem, Scalar};

/// How many problems are collected before the rest is left for the next run.
const PROBLEM_LIMIT: usize = 100;

/// Decodes `node` into a typed value.
///
/// # Errors
/// The first problem found.
pub fn decode<T: DeserializeOwned>(node: Node<'_>) -> Result<T, DecodeError> {
    attempt(node, &HashSet::new())
}

/// Decodes `node`, leaving out what cannot be decoded, and returns every problem found.
///
/// After each problem the value it points at is treated as absent and decoding starts again, so
/// that one run reports them all. `None` where the rest has no value either.
pub fn decode_lossy<T: DeserializeOwned>(node: Node<'_>) -> (Option<T>, Vec<DecodeError>) {
    let mut absent = HashSet::new();
    let mut problems: Vec<DecodeError> = Vec::new();
    loop {
        match attempt(node, &absent) {
            Ok(value) => return (Some(value), problems),
            Err(problem) => {
                let culprit = problem.node.filter(|&id| id != node.id);
                problems.push(problem);
                match culprit {
                    Some(id) if problems.len() < PROBLEM_LIMIT && absent.insert(id) => {}
                    _ => return (None, problems),
                }
            }
        }
    }
}

fn attempt<T: DeserializeOwned>(
    node: Node<'_>,
    absent: &HashSet<NodeId>,
) -> Result<T, DecodeError> {
    let budget = std::cell::Cell::new(EXPANSION_LIMIT.max(node.document.records.len()));
    T::deserialize(NodeDeserializer { node, absent, budget: &budget })
}

#[derive(Clone, Copy)]
struct NodeDeserializer<'a, 'd> {
    node: Node<'d>,
    absent: &'a HashSet<NodeId>,
    /// How many nodes may still be visited, so that aliases cannot expand without end.
    budget: &'a std::cell::Cell<usize>,
}

impl<'d> NodeDeserializer<'_, 'd> {
    fn with(self, node: Node<'d>) -> Self {
        Self { node, ..self }
    }

    /// Adds the place of this node to an error that has none yet.
    fn locate(self, error: DecodeError) -> DecodeError {
        if error.node.is_some() {
            return error;
        }
        DecodeError {
            path: self.node.path(),
            at: Some(self.node.position()),
            node: Some(self.node.id),
            problem: error.problem,
        }
    }

    fn spend(self) -> Result<(), DecodeError> {
        match self.budget.get().checked_sub(1) {
            Some(rest) => {
                self.budget.set(rest);
                Ok(())
            }
            None => Err(Problem::Other(self.node.expansion().to_string()).into()),
        }
    }

    fn visit<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.spend()?;
        match self.node.kind() {
            Kind::Mapping => visitor.visit_map(Entries {
                outer: self,
                entries: self.node.entries().collect::<Vec<_>>().into_iter(),
                value: None,
            }),
            Kind::Sequence => visitor.visit_seq(Items {
                outer: self,
                items: self.node.items().collect::<Vec<_>>().into_iter(),
            }),
            Kind::Scalar => match self.node.scalar().unwrap_or(Scalar::Null) {
                Scalar::Null => visitor.visit_unit(),
                Scalar::Bool(value) => visitor.visit_bool(value),
                Scalar::Int(value) => match i64::try_from(value) {
                    Ok(value) => visitor.visit_i64(value),
                    Err(_) => visitor.visit_i128(value),
                },
                Scalar::Float(value) => visitor.visit_f64(value),
                Scalar::Text(text) => visitor.visit_str(text),
            },
        }
    }
}

impl<'de> de::Deserializer<'de> for NodeDeserializer<'_, '_> {
    type Error = DecodeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.visit(visitor).map_err(|error| self.locate(error))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        if self.node.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    /// Words such as `off` and `on` are text here, whatever YAML 1.1 says.
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        let word = match self.node.scalar() {
            Some(Scalar::Bool(_)) => !["true", "false"]
                .contains(&self.node.text().to_ascii_lowercase().as_str()),
            _ => false,
        };
        let result = if word {
            visitor.visit_str(self.node.text())
        } else {
            self.visit(visitor)
        };
        result.map_err(|error| self.locate(error))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        if !matches!(self.node.scalar(), Some(Scalar::Text(_) | Scalar::Bool(_))) {
            return self.deserialize_any(NotAWord(visitor));
        }
        let word: StringDeserializer<DecodeError> = self.node.text().to_owned().into_deserializer();
        visitor.visit_enum(word).map_err(|error| self.locate(error))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct ignored_any
    }
}

/// Reports what was found where a word was expected.
struct NotAWord<V>(V);

impl<'de, V: Visitor<'de>> Visitor<'de> for NotAWord<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        self.0.expecting(f)
    }
}

struct Items<'a, 'd> {
    outer: NodeDeserializer<'a, 'd>,
    items: std::vec::IntoIter<Node<'d>>,
}

impl<'de> de::SeqAccess<'de> for Items<'_, '_> {
    type Error = DecodeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, DecodeError> {
        let absent = self.outer.absent;
        let Some(node) = self.items.by_ref().find(|item| !absent.contains(&item.id)) else {
            return Ok(None);
        };
        let item = self.outer.with(node);
        let value = seed.deserialize(item).map_err(|error| item.locate(error));
        value.map(Some)
    }
}

struct Entries<'a, 'd> {
    outer: NodeDeserializer<'a, 'd>,
    entries: std::vec::IntoIter<(Node<'d>, Node<'d>)>,
    value: Option<Node<'d>>,
}

impl<'de> de::MapAccess<'de> for Entries<'_, '_> {
    type Error = DecodeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, DecodeError> {
        let absent = self.outer.absent;
        let next = self.entries.by_ref().find(|(_, value)| !absent.contains(&value.id));
        let Some((key, value)) = next else {
            return Ok(None);
        };
        self.value = Some(value);
        // A key's problem (an unknown field) is located at its value, which the next attempt
        // leaves out.
        let name: StringDeserializer<DecodeError> = key.text().to_owned().into_deserializer();
        let key_at = |error: DecodeError| DecodeError {
            at: Some(key.position()),
            ..self.outer.with(value).locate(error)
        };
        seed.deserialize(name).map(Some).map_err(key_at)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, DecodeError> {
        let node = self.value.take().unwrap_or(self.outer.node);
        let value = self.outer.with(node);
        seed.deserialize(value).map_err(|error| value.locate(error))
    }
}
