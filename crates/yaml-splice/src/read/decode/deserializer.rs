//! A node as a serde deserializer.

use std::cell::Cell;
use std::collections::HashSet;

use serde::de;
use serde::de::value::StringDeserializer;
use serde::de::{Error, IntoDeserializer, Unexpected, Visitor};

use super::access::{Entries, Items, Parts};
use super::located::LOCATED;
use crate::read::node::{Kind, Node};
use crate::tree::document::NodeId;
use crate::{DecodeError, Problem, Scalar};

/// How deep typed values may lie in each other: an alias to its own parent has no end.
const DEPTH_LIMIT: usize = 128;

#[derive(Clone, Copy)]
pub(super) struct NodeDeserializer<'a, 'd> {
    pub node: Node<'d>,
    /// The values that are treated as absent.
    pub absent: &'a HashSet<NodeId>,
    /// How many nodes may still be visited, so that aliases cannot expand without end.
    budget: &'a Cell<usize>,
    depth: usize,
}

impl<'a, 'd> NodeDeserializer<'a, 'd> {
    pub fn new(node: Node<'d>, absent: &'a HashSet<NodeId>, budget: &'a Cell<usize>) -> Self {
        Self {
            node,
            absent,
            budget,
            depth: 0,
        }
    }

    /// The deserializer of a node below this one.
    pub fn below(self, node: Node<'d>) -> Self {
        Self {
            node,
            depth: self.depth + 1,
            ..self
        }
    }

    /// Adds the position of this node to an error that has none yet, and the text found there.
    pub fn locate(self, error: DecodeError) -> DecodeError {
        if error.node.is_some() {
            return error;
        }
        let problem = match error.problem {
            Problem::Unexpected { found, expected } => Problem::Unexpected {
                found: self.found().unwrap_or(found),
                expected,
            },
            other => other,
        };
        DecodeError {
            path: self.node.path(),
            at: Some(self.node.position()),
            node: Some(self.node.id),
            problem,
        }
    }

    /// A scalar as the user wrote it: text in quotes, all else bare.
    fn found(self) -> Option<String> {
        self.node.scalar().map(|scalar| match scalar {
            Scalar::Text(text) => format!("\"{text}\""),
            Scalar::Null => "null".to_owned(),
            _ => self.node.text().to_owned(),
        })
    }

    fn spend(self) -> Result<(), DecodeError> {
        if self.depth > DEPTH_LIMIT {
            let message = format!("nested more than {DEPTH_LIMIT} levels deep");
            return Err(Problem::Other(message).into());
        }
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
            Kind::Mapping => visitor.visit_map(Entries::new(self)?),
            Kind::Sequence => visitor.visit_seq(Items::new(self)),
            Kind::Scalar => match self.node.scalar().unwrap_or(Scalar::Null) {
                Scalar::Null => visitor.visit_unit(),
                Scalar::Bool(value) => visitor.visit_bool(value),
                Scalar::Int(value) => self.visit_integer(value, visitor),
                Scalar::Float(value) => visitor.visit_f64(value),
                Scalar::Text(text) => visitor.visit_str(text),
            },
        }
    }

    fn visit_integer<'de, V: Visitor<'de>>(
        self,
        value: i128,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        if let Ok(value) = i64::try_from(value) {
            return visitor.visit_i64(value);
        }
        match u64::try_from(value) {
            Ok(value) => visitor.visit_u64(value),
            Err(_) => Err(Error::invalid_value(
                Unexpected::Other(self.node.text()),
                &visitor,
            )),
        }
    }

    /// Whether the scalar is a word such as `off` or `yes`, which is a boolean in YAML 1.1 only.
    fn is_word(self) -> bool {
        let spelling = self.node.text().to_ascii_lowercase();
        matches!(self.node.scalar(), Some(Scalar::Bool(_)))
            && !["true", "false"].contains(&spelling.as_str())
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
        let result = if self.is_word() {
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

    /// An enum is one of its words; anything else is reported with all of them.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        if matches!(self.node.scalar(), Some(Scalar::Text(_) | Scalar::Bool(_))) {
            let text = self.node.text().to_owned();
            let word: StringDeserializer<DecodeError> = text.into_deserializer();
            return visitor.visit_enum(word).map_err(|error| self.locate(error));
        }
        let found = match self.node.kind() {
            Kind::Mapping => Unexpected::Map,
            Kind::Sequence => Unexpected::Seq,
            Kind::Scalar => Unexpected::Other(self.node.text()),
        };
        let expected = format!("one of {}", variants.join(", "));
        Err(self.locate(Error::invalid_type(found, &expected.as_str())))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        visitor.visit_newtype_struct(self)
    }

    /// A struct is a mapping: serde would also fill it from a list, by position.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        if self.node.kind() == Kind::Sequence {
            return Err(self.locate(Error::invalid_type(Unexpected::Seq, &visitor)));
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        if name == LOCATED {
            return visitor.visit_seq(Parts::new(self));
        }
        self.deserialize_any(visitor)
    }

    /// What nobody reads is not looked at either.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct
        seq tuple map
    }
}
