//! Why a document could not be read or edited.

use crate::Position;

/// A document that cannot be read, or an edit that YAML makes ambiguous.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum YamlError {
    /// The parser refused the text.
    #[error("not valid YAML at {at}: {message}")]
    Syntax {
        /// What the parser said.
        message: String,
        /// Where.
        at: Position,
    },
    /// Offsets are kept in 32 bits.
    #[error("the input is {bytes} bytes, more than the {limit} bytes that can be read", limit = u32::MAX)]
    TooLarge {
        /// The size of the input in bytes.
        bytes: usize,
    },
    /// Nodes are counted in fewer bits than bytes.
    #[error("a document of the input has more than the {limit} nodes that can be read")]
    TooManyNodes {
        /// How many can be read.
        limit: usize,
    },
    /// The same key is twice in one mapping that has to be read.
    #[error("duplicate key \"{key}\" at {second}, first at {first}")]
    DuplicateKey {
        /// The key.
        key: String,
        /// Its first position.
        first: Position,
        /// Its second position.
        second: Position,
    },
    /// The value of a merge key is neither a mapping nor a list of mappings.
    #[error("the merge key at {at} takes a mapping or a list of mappings")]
    BadMerge {
        /// Where.
        at: Position,
    },
    /// Aliases that expand without end.
    #[error("the aliases at {at} expand to more than {limit} nodes")]
    AliasExpansion {
        /// Where the expansion began.
        at: Position,
        /// The number of nodes at which it was stopped.
        limit: usize,
    },
    /// An edit below an anchor that is used elsewhere would change two places.
    #[error(
        "cannot edit at {at}: the anchor at {anchor} is used elsewhere, so one edit would change two places"
    )]
    SharedAnchor {
        /// Where the edit would go.
        at: Position,
        /// Where the anchor is.
        anchor: Position,
    },
    /// A mapping or a list was needed to put something into.
    #[error("cannot edit at {at}: found {found}, expected {expected}")]
    WrongShape {
        /// Where.
        at: Position,
        /// What is there.
        found: String,
        /// What is needed there.
        expected: &'static str,
    },
    /// The layout leaves no safe place for the edit.
    #[error("cannot edit at {at}: {why}")]
    Layout {
        /// Where.
        at: Position,
        /// What is in the way.
        why: &'static str,
    },
}

impl YamlError {
    /// The place that the message points at, if it has one.
    pub fn position(&self) -> Option<Position> {
        match self {
            Self::Syntax { at, .. }
            | Self::BadMerge { at }
            | Self::AliasExpansion { at, .. }
            | Self::SharedAnchor { at, .. }
            | Self::WrongShape { at, .. }
            | Self::Layout { at, .. } => Some(*at),
            Self::DuplicateKey { second, .. } => Some(*second),
            Self::TooLarge { .. } | Self::TooManyNodes { .. } => None,
        }
    }
}
