//! Texts with a comment that touches the quotes or brackets before it (`"a"# b`): YAML asks for a space there, and
//! `kubectl`, kustomize and `PyYAML` do not.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::events;
use crate::YamlError;
use crate::text::lines::{before_line_break, next_line};
use crate::text::position::LineIndex;
use crate::tree::document::Document;

/// What the parser says of such a comment.
const REFUSED: &str = "comments must be separated from other tokens by whitespace";

/// How many bytes are parsed at most: each comment takes another look at the whole text.
const LIMIT: usize = 1 << 28;

/// The documents of a text that the parser refuses with `error`.
///
/// # Errors
/// The first that is not about such a comment.
pub(crate) fn documents(
    source: &str,
    mut error: YamlError,
) -> Result<Vec<Document<'_>>, YamlError> {
    let mut text = Cow::Borrowed(source);
    for _ in 0..LIMIT / source.len().max(1) {
        let Some(comment) = comment(&text, &error) else {
            break;
        };
        let spaces = " ".repeat(comment.len());
        text.to_mut().replace_range(comment, &spaces);
        match events::documents(&text) {
            Ok(found) => return Ok(of(source, found)),
            Err(next) => error = next,
        }
    }
    Err(error)
}

/// Where the comment is that `error` is about.
fn comment(text: &str, error: &YamlError) -> Option<Range<usize>> {
    let YamlError::Syntax { message, at } = error else {
        return None;
    };
    if message != REFUSED {
        return None;
    }
    let start = LineIndex::of(text).offset(text, *at);
    let end = before_line_break(text, next_line(text, start));
    let touches = text[..start].ends_with(['"', '\'', ']', '}']);
    (touches && text[start..].starts_with('#')).then_some(start..end)
}

/// What was `found` in a text of the same offsets, as documents of `source`.
fn of<'s>(source: &'s str, found: Vec<Document<'_>>) -> Vec<Document<'s>> {
    let lines = Arc::default();
    let document = |found: Document<'_>| Document {
        source,
        nodes: found.nodes,
        marker: found.marker,
        end: found.end,
        is_in_json_stream: false,
        lines: Arc::clone(&lines),
    };
    found.into_iter().map(document).collect()
}

#[cfg(test)]
mod tests {
    use crate::{Edits, Stream, Value, YamlError, apply};

    #[test]
    fn what_is_beside_them_is_read_and_edited() {
        let text = "a: \"b\"# c: d\nlist: [e, 'f']# g\r\nh: {i: \"j\"#k\n  }\n---\nm: 1\n";
        let stream = Stream::parse(text).unwrap();
        let root = stream.documents[0].root();
        assert_eq!(root.text_at(&["a"]), Ok("b"));
        assert_eq!(root.text_at(&["h", "i"]), Ok("j"));
        assert_eq!(stream.documents[1].root().text_at(&["m"]), Ok("1"));
        let mut edits = Edits::new(&stream.documents[0]);
        edits.append(root, &["list"], Value::Int(1)).unwrap();
        edits.put(root, &["o"], Value::Int(2)).unwrap();
        let changed = apply(text, edits.splices().unwrap()).unwrap().to_string();
        let expected = text
            .replace("'f']", "'f', 1]")
            .replace("  }\n", "  }\no: 2\n");
        assert_eq!(changed, expected);
    }

    #[test]
    fn what_they_touch_is_not_replaced() {
        for (text, key) in [
            ("a: \"b\"# c\n", "a"),
            ("x: {b: c, a: \"d\"# e\n  }\n", "x"),
        ] {
            let stream = Stream::parse(text).unwrap();
            let root = stream.documents[0].root();
            let node = root.get(key).unwrap().unwrap();
            let node = node.get("a").unwrap().unwrap_or(node);
            let mut set = Edits::new(&stream.documents[0]);
            set.set(node, Value::Int(1)).unwrap();
            let error = set.splices().unwrap_err();
            assert!(matches!(error, YamlError::Layout { .. }), "{text}: {error}");
        }
        let text = "x: {b: c, a: \"d\"# e\n  }\n";
        let stream = Stream::parse(text).unwrap();
        let root = stream.documents[0].root();
        let mut remove = Edits::new(&stream.documents[0]);
        remove
            .remove(root.at(&["x", "a"]).unwrap().unwrap())
            .unwrap();
        assert!(remove.splices().is_err());
    }

    #[test]
    fn what_touches_anything_else_is_refused() {
        for text in ["\r\na: 1\rb: 2\n---# c\n", "a: |# b\n  c\n", "a: *b# c\n"] {
            assert!(Stream::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn other_problems_are_named() {
        let text = "a: \"b\"# c\nd: [\n";
        let error = Stream::parse(text).unwrap_err();
        assert!(error.to_string().contains("line 2, column 4"), "{error}");
    }
}
