//! A lossless YAML engine: bytes with spans in, edits as data, bytes out.
//!
//! Nothing here knows Kubernetes. A [`Stream`] is parsed once into [`Document`]s whose [`Node`]s
//! remember the byte range they were read from. A change is recorded in [`Edits`] and turned into
//! [`Splice`]s, which replace exactly the bytes that have to change; every other byte of the
//! output is the input's own. What YAML makes ambiguous (an edit below an anchor that is used
//! elsewhere, a duplicate key on the path) is refused with line and column, never guessed.

#![forbid(unsafe_code)]

mod block_scalar;
mod convert;
mod decode;
mod decode_error;
mod document;
mod edit;
mod emit;
mod emit_flow;
mod error;
mod layout;
mod lines;
mod lookup;
mod node;
pub mod parallel;
mod parse;
mod place;
mod position;
mod reconcile;
mod render;
mod render_block;
mod render_flow;
mod scalar;
mod scan;
#[cfg(feature = "schemars")]
mod schema;
mod splice;
mod stream;
mod value;

pub use decode::{Located, decode, decode_lossy};
pub use decode_error::{DecodeError, Problem};
pub use document::Document;
pub use edit::Edits;
pub use error::YamlError;
pub use node::{Kind, Node};
pub use position::Position;
pub use reconcile::{matches, reconcile};
pub use scalar::{Scalar, resolve};
pub use splice::{Overlap, PatchedText, Splice, apply};
pub use stream::BOM;
pub use stream::Stream;
pub use value::Value;
