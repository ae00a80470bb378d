//! A lossless YAML engine: bytes with spans in, edits as data, bytes out.
//!
//! Nothing here knows Kubernetes. A [`Stream`] is parsed once into [`Document`]s whose [`Node`]s
//! remember the byte range they were read from. A change is recorded in [`Edits`] and turned into
//! [`Splice`]s, which replace exactly the bytes that have to change; every other byte of the
//! output is the input's own. What YAML makes ambiguous (an edit below an anchor that is used
//! elsewhere, a duplicate key on the path) is refused with line and column, never guessed.

#![forbid(unsafe_code)]

mod concat;
mod edit;
mod emit;
mod error;
pub mod parallel;
mod parse;
mod read;
#[cfg(feature = "schemars")]
mod schema;
mod stream;
mod text;
mod tree;
mod value;

pub use concat::concat;
pub use edit::Edits;
pub use edit::reconcile::{matches, reconcile};
pub use error::YamlError;
pub use read::decode::error::{DecodeError, Problem};
pub use read::decode::{Located, decode, decode_lossy};
pub use read::node::{Kind, Node};
pub use stream::Stream;
pub use text::BOM;
pub use text::position::Position;
pub use text::splice::{Overlap, PatchedText, Splice, apply};
pub use tree::document::Document;
pub use tree::scalar::{Scalar, resolve};
pub use value::Value;
