//! JSON objects one after the other, without a `---` between them: no YAML, but what `jq` prints and
//! what kubectl reads where a text begins with `{`.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use serde::de::IgnoredAny;
use serde_json::Deserializer;

use super::{events, fast, within};
use crate::tree::document::Document;

/// The byte ranges of the values of a text that is two JSON values or more; `None` for any other.
pub(crate) fn values(source: &str) -> Option<Vec<Range<usize>>> {
    let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
    let first = source.trim_start_matches(is_space);
    if !first.starts_with('{') {
        return None;
    }
    let mut start = source.len() - first.len();
    let mut values = Deserializer::from_str(&source[start..]).into_iter::<IgnoredAny>();
    let mut found = Vec::new();
    let before = start;
    while let Some(value) = values.next() {
        value.ok()?;
        let end = before + values.byte_offset();
        start += source[start..end].len() - source[start..end].trim_start_matches(is_space).len();
        found.push(start..end);
        start = end;
    }
    (found.len() > 1).then_some(found)
}

/// The documents of a text that is two JSON objects or more; `None` for any other.
pub(crate) fn documents(source: &str) -> Option<Vec<Document<'_>>> {
    u32::try_from(source.len()).ok()?;
    let lines = Arc::default();
    let values = values(source)?;
    let document = |range| document(source, range, &lines);
    values.into_iter().map(document).collect()
}

fn document<'s>(
    source: &'s str,
    range: Range<usize>,
    lines: &Arc<OnceLock<crate::text::position::LineIndex>>,
) -> Option<Document<'s>> {
    let text = &source[range.clone()];
    let found = fast::documents(text).or_else(|| events::documents(text).ok());
    let document = within::moved(found?.pop()?, source, range.start, lines);
    Some(Document {
        is_in_json_stream: true,
        ..document
    })
}
