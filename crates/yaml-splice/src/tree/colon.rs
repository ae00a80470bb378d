//! The colon between a key and its value: the parser gives no event for it.

use super::document::Record;
use crate::text::lines::{before_on_line, line_start, skip_space_and_comments};

/// The offset after the colon that follows a key of `mapping`, if there is one: a key after a `?`
/// may have none, and then the next colon may be one of a mapping around it. `key_end` is where
/// the key ends.
pub(crate) fn after_next_colon(source: &str, mapping: &Record, key_end: usize) -> Option<usize> {
    let is_flow = mapping.style().is_flow_collection();
    let at = skip_space_and_comments(source, key_end);
    let column = |offset| before_on_line(source, offset).len();
    // A block scalar ends where the next line starts: that is no longer its own.
    let is_own =
        is_flow || line_start(source, at) < key_end || column(at) == column(mapping.start as usize);
    let rest = source[at..].strip_prefix(':')?;
    // In block style a plain key may begin with a colon.
    let ends_key = is_flow || rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r']);
    (is_own && ends_key).then_some(at + 1)
}
