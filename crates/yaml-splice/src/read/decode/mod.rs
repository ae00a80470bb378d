//! Typed values out of nodes, with serde.

mod access;
mod deserializer;
pub(crate) mod error;
mod located;
#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::collections::HashSet;

use serde::de::DeserializeOwned;

use crate::read::decode::deserializer::NodeDeserializer;
pub use crate::read::decode::located::Located;
use crate::read::merge::EXPANSION_LIMIT;
use crate::read::node::Node;
use crate::tree::document::NodeId;
use crate::{DecodeError, Problem};

/// How many problems are collected before the rest is left for the next run.
const PROBLEM_LIMIT: usize = 100;

/// Decodes `node` into a typed value.
///
/// Merge keys are followed and duplicate keys refused, as [`Node::get`] does.
///
/// # Errors
/// The first problem found.
pub fn decode<T: DeserializeOwned>(node: Node<'_>) -> Result<T, DecodeError> {
    attempt(node, &HashSet::new())
}

/// Decodes `node`, leaving out what cannot be decoded, and returns every problem found, at most
/// a hundred.
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
                if !is_consequence(node, &problem, &absent) {
                    problems.push(problem);
                }
                match culprit {
                    Some(id) if problems.len() < PROBLEM_LIMIT && absent.insert(id) => {}
                    _ => return (None, problems),
                }
            }
        }
    }
}

/// Whether a field is missing only because its value was reported and left out.
fn is_consequence(node: Node<'_>, problem: &DecodeError, absent: &HashSet<NodeId>) -> bool {
    let (Problem::MissingField(field), Some(id)) = (&problem.problem, problem.node) else {
        return false;
    };
    let mut entries = node.with_id(id).entries();
    entries.any(|(key, value)| key.text() == *field && absent.contains(&value.id))
}

fn attempt<T: DeserializeOwned>(
    node: Node<'_>,
    absent: &HashSet<NodeId>,
) -> Result<T, DecodeError> {
    let budget = Cell::new(EXPANSION_LIMIT.max(node.document.nodes.records.len()));
    T::deserialize(NodeDeserializer::new(node, absent, &budget))
}
