//! Reading documents: navigation, lookup, conversion to values and decoding with serde.

pub(crate) mod decode;
pub(crate) mod lookup;
pub(crate) mod merge;
pub(crate) mod node;
pub(crate) mod to_value;
