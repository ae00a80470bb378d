//! A decoded value that remembers its node.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};

use crate::read::node::Node;
use crate::tree::document::NodeId;

/// The name by which [`Located`] asks the deserializer for the node.
pub(super) const LOCATED: &str = "yaml_splice::Located";

/// A decoded value with the node it was read from, so that what is found wrong with it after
/// decoding can still be shown with its path, line and column.
///
/// Only [`decode`](super::decode) and [`decode_lossy`](super::decode_lossy) can fill it.
#[derive(Debug, Clone, Copy)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    node: NodeId,
}

impl<T> Located<T> {
    /// The node that the value was read from; `document` is any node of the decoded document.
    pub fn node<'d>(&self, document: Node<'d>) -> Node<'d> {
        document.with_id(self.node)
    }

    /// Another value at the same place.
    pub fn with<U>(&self, value: U) -> Located<U> {
        Located {
            value,
            node: self.node,
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Located<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_tuple_struct(LOCATED, 2, Parts(PhantomData))
    }
}

struct Parts<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Parts<T> {
    type Value = Located<T>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a value of a YAML document")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Self::Value, A::Error> {
        let missing = |part| A::Error::invalid_length(part, &self);
        let node = parts.next_element()?.ok_or_else(|| missing(0))?;
        let value = parts.next_element()?.ok_or_else(|| missing(1))?;
        Ok(Located { value, node })
    }
}
