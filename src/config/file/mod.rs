//! How a file becomes a policy.
//!
//! The raw types (`raw`, `capacity_raw`, `flat`) mirror the file and nothing else; `validate` turns
//! them into a policy and collects every problem with its path, line and column. `schema` derives the
//! published schema from the raw types; it is only built for the tests, which compare it with the
//! committed one.

mod capacity;
mod capacity_raw;
mod flat;
mod kind;
mod label;
mod problem;
mod raw;
mod read;
mod report;
mod rule;
#[cfg(test)]
pub(super) mod schema;
mod selector;
pub(super) mod suggest;
mod toleration;
mod validate;
pub(super) mod words;

pub use problem::ConfigProblem;
