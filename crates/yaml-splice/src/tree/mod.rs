//! What a text was read into: flat records of nodes, and what scalars mean.

pub(crate) mod block_scalar;
pub(crate) mod colon;
pub(crate) mod document;
pub(crate) mod scalar;
pub(crate) mod style;
