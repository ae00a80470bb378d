//! Values as text, in block and in flow style.

pub(crate) mod block;
pub(crate) mod flow;
pub(crate) mod flow_record;
pub(crate) mod layout;
pub(crate) mod prepared;
pub(crate) mod record;
pub(crate) mod scalar;

/// The capacity in bytes that inserted text starts with, so that it is not moved again and again
/// as it grows.
pub(crate) const INITIAL_CAPACITY: usize = 512;
