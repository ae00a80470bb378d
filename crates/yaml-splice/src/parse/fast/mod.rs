//! The fast way from bytes to documents: a scanner for plain block style and JSON.
//!
//! Nearly all manifests are written in a small part of YAML: block mappings and lists, one scalar
//! to a line, `|` for longer text, now and then `[a, "b"]`; or they are JSON. This scanner reads
//! that part in one pass and understands nothing that it is not sure of: a tag, a `?`, a tab, text
//! over several lines outside of `|`, and so on. What it does not understand it leaves to the full
//! parser ([`super::events`]): an item of a list by itself where that is possible ([`fallback`]),
//! else the whole text. The items of a long list are read on several threads ([`threads`]).
//!
//! The law that keeps it honest: [`documents`] returns exactly the documents that the full parser
//! returns, or `None`. It never fails, and it never accepts what the full parser refuses. So it may
//! be deleted at any time, and only speed is lost.

mod anchor;
mod block;
mod bytes;
mod document;
mod fallback;
mod flow;
mod items;
mod literal;
mod quoted;
mod scanner;
mod swar;
#[cfg(test)]
mod tests;
mod threads;
mod usual_line;
mod value;

use crate::tree::document::Document;

/// The documents of `source`, or `None` where something is left to the full parser.
pub(crate) fn documents(source: &str) -> Option<Vec<Document<'_>>> {
    documents_in_parts(source, threads::PARTS_FROM)
}

/// The same where lists of at least `parts_from` bytes are read in parts.
pub(crate) fn documents_in_parts(source: &str, parts_from: usize) -> Option<Vec<Document<'_>>> {
    scanner::Scanner::new(source, parts_from)?.documents()
}
