//! Text without structure: lines, positions for messages, and the replacement of byte ranges.

pub(crate) mod lines;
pub(crate) mod position;
pub(crate) mod splice;
