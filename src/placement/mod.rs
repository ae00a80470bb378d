//! The pure decision: facts about a workload in, a placement out. No I/O, no YAML.

mod share;
mod strategy;

pub use share::{BadBase, Base, Share};
pub use strategy::{Strategy, UnknownStrategy};
