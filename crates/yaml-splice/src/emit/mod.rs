//! Values as text, in block and in flow style.

pub(crate) mod block;
pub(crate) mod flow;
