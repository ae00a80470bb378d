//! JSON objects one after the other, without a `---` between them: no YAML, but what `jq` prints and
//! what kubectl reads where a text begins with `{`.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use serde::de::IgnoredAny;
use serde_json::Deserializer;

use super::{events, fast, within};
use crate::tree::document::Document;
use crate::{Position, YamlError};

/// White space of JSON.
const SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

/// The byte ranges of the values of a text that is two JSON values or more; `None` for any other.
pub(crate) fn values(source: &str) -> Option<Vec<Range<usize>>> {
    let first = source.trim_start_matches(SPACE);
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
        start += source[start..end].len() - source[start..end].trim_start_matches(SPACE).len();
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

/// What is wrong with the first object that is no JSON where one before it is; `None` for a text that does not
/// begin with two objects.
pub(crate) fn error(source: &str) -> Option<YamlError> {
    let text = source.trim_start_matches(SPACE);
    if !text.starts_with('{') {
        return None;
    }
    let mut values = Deserializer::from_str(text).into_iter::<IgnoredAny>();
    let mut end = 0;
    let error = loop {
        match values.next()? {
            Ok(_) => end = values.byte_offset(),
            Err(error) => break error,
        }
    };
    let is_object = text[end..].trim_start_matches(SPACE).starts_with('{');
    let message = error.to_string();
    let (message, _) = message.rsplit_once(" at line ")?;
    (end > 0 && is_object).then(|| YamlError::Syntax {
        message: format!("{message}, in JSON objects one after the other"),
        at: Position::of(source, source.len() - text.len() + offset(text, &error)),
    })
}

/// Where `error` stands in `text`.
fn offset(text: &str, error: &serde_json::Error) -> usize {
    let mut lines = text.split_inclusive('\n');
    let before = lines.by_ref().take(error.line().saturating_sub(1));
    before.map(str::len).sum::<usize>() + error.column().saturating_sub(1)
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

#[cfg(test)]
mod tests {
    use crate::Stream;

    #[test]
    fn the_object_that_is_none_is_named() {
        for (text, expected) in [
            (
                "{\"a\": 1}\n{\"b\": 1,}\n",
                "line 2, column 9: key must be a string, in JSON objects one after the other",
            ),
            (
                "\n{\"a\": 1} {\n\"b\": x}",
                "line 3, column 6: expected value, in JSON objects one after the other",
            ),
            ("{\"a\": 1}\nb: 1\n", "line 2, column 1: did not find"),
            ("{a: 1}\n{\"b\": 1}", "line 2, column 1: did not find"),
        ] {
            let error = Stream::parse(text).unwrap_err().to_string();
            let found = error.strip_prefix("not valid YAML at ").unwrap();
            assert!(found.starts_with(expected), "{text:?}: {found}");
        }
    }
}
