//! Lossless edits of YAML: text in, nodes with byte ranges, edits as data, splices out.
//!
//! What it guarantees:
//!
//! * **Every byte that no edit touches stays as it is**: comments, quotes, indentation, blank lines,
//!   line endings, anchors, the order of keys. An edit becomes [`Splice`]s, which replace exactly the
//!   bytes that have to change.
//! * **New text looks like the text around it**: block or flow style, JSON, indentation of mappings and
//!   lists, `\n` or `\r\n`.
//! * **It refuses instead of guessing.** What YAML makes ambiguous (an edit below an anchor that is
//!   used elsewhere, a duplicate key on the path, a list whose indentation cannot be determined) is an
//!   error with line and column.
//! * **Values keep their type for every reader.** Text is inserted without quotes only where readers of
//!   YAML 1.1 and of 1.2 take it for the same text.
//! * **No input makes it panic or run without end**: aliases and merge keys that expand to more than
//!   100,000 nodes are refused, and so is a nesting deeper than 255 levels.
//!
//! It knows no Kubernetes objects. Scalars are resolved as go-yaml v2 does, because that is how kubectl
//! and the API server read them: `yes` and `off` are booleans, `010` is eight.
//!
//! # Parse and read
//!
//! ```
//! use yaml_splice::{Scalar, Stream};
//!
//! let text = "spec: &s\n  replicas: 0x10 # sixteen\n---\n{a: [b, c]}\n";
//! let stream = Stream::parse(text)?;
//! let root = stream.documents[0].root();
//! let replicas = root.at(&["spec", "replicas"])?.expect("it is there");
//! assert_eq!(replicas.scalar(), Some(Scalar::Int(16)));
//! assert_eq!(replicas.written(), "0x10");
//! assert_eq!(replicas.position().to_string(), "line 2, column 13");
//! assert_eq!(stream.documents[1].root().items_at(&["a"])?.count(), 2);
//! # Ok::<(), yaml_splice::YamlError>(())
//! ```
//!
//! # Edit, insert, remove, apply
//!
//! ```
//! use yaml_splice::{Edits, Stream, Value, apply};
//!
//! let text = "a: 'x'  # kept\nlist:\n  - one\n  - two\n";
//! let stream = Stream::parse(text)?;
//! let document = &stream.documents[0];
//! let root = document.root();
//! let mut edits = Edits::new(document);
//! edits.put(root, &["a"], Value::Int(1))?;
//! edits.put(root, &["b", "c"], Value::text("on"))?;
//! edits.append(root, &["list"], Value::text("three"))?;
//! edits.remove(root.items_at(&["list"])?.next().expect("it has items"))?;
//! let changed = apply(text, edits.splices()?).expect("edits of one document do not overlap");
//! assert_eq!(
//!     changed.to_string(),
//!     "a: 1  # kept\nlist:\n  - two\n  - three\nb:\n  c: \"on\"\n",
//! );
//! # Ok::<(), yaml_splice::YamlError>(())
//! ```
//!
//! The same changes can be made of a copy instead, which stands behind an item or a document:
//! [`Edits::copy_after`], [`Document::insert_copy_after`].
//!
//! # Reconcile: make a node hold a value
//!
//! ```
//! use yaml_splice::{Edits, Stream, Value, apply, reconcile};
//!
//! let text = "labels: {app: \"web\", old: x}\n";
//! let stream = Stream::parse(text)?;
//! let labels = stream.documents[0].root().get("labels")?.expect("it is there");
//! let wanted = Value::mapping([("tier", Value::text("front")), ("app", Value::text("web"))]);
//! let mut edits = Edits::new(&stream.documents[0]);
//! reconcile(&mut edits, labels, &wanted)?;
//! let changed = apply(text, edits.splices()?).expect("edits of one document do not overlap");
//! assert_eq!(changed.to_string(), "labels: {app: \"web\", tier: front}\n");
//! # Ok::<(), yaml_splice::YamlError>(())
//! ```
//!
//! # Decode typed values, with every problem and its place
//!
//! ```
//! use serde::Deserialize;
//! use yaml_splice::{Stream, decode_lossy};
//!
//! #[derive(Deserialize)]
//! #[serde(deny_unknown_fields)]
//! struct Config {
//!     name: Option<String>,
//!     count: Option<u32>,
//! }
//!
//! let stream = Stream::parse("name: on\ncount: many\ncolour: red\n")?;
//! let (config, problems) = decode_lossy::<Config>(stream.documents[0].root());
//! let shown: Vec<_> = problems.iter().map(ToString::to_string).collect();
//! assert_eq!(
//!     shown,
//!     ["count: found \"many\", expected a whole number", "colour: unknown field \"colour\""],
//! );
//! let config = config.expect("what is left can be decoded");
//! assert_eq!((config.name.as_deref(), config.count), (Some("on"), None));
//! # Ok::<(), yaml_splice::YamlError>(())
//! ```
//!
//! # Limitations
//!
//! * Comments are text between nodes: they stay where they are and cannot be edited.
//! * A collection is inserted at the end of its mapping or right after an item, not at a chosen place.
//! * Text is UTF-8, at most 4 GiB of it, with at most 134 million nodes in a document.
//! * An explicit key (`? key`) can be read, and its value edited, but no line can be inserted or removed
//!   where the `?` hides the indentation.
//! * Anchors and aliases are never written; an edit that would change what an alias refers to is refused.
//! * A byte order mark inside of a text may not move ([`Stream::moved_boms`] finds those that would).
//!
//! # Words
//!
//! An *offset* is a byte offset into the text of the stream, a *column* counts characters in a
//! [`Position`] and bytes in a layout. `'s` is the lifetime of the text (the source), `'d` that of a
//! parsed [`Document`]. Where a method says nothing else, its errors are those of [`Node::get`] for reading
//! and of [`Edits::put`] for editing.

#![forbid(unsafe_code)]
// Errors that several methods share are documented once, at `Node::get` and `Edits::put`.
#![allow(clippy::missing_errors_doc)]

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
pub use edit::new_list::NewList;
pub use edit::reconcile::{matches, reconcile};
pub use emit::prepared::Prepared;
pub use emit::record::{Entries, Record};
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

/// The examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
