//! Several texts as one stream.

use crate::edit::place::ends_in_kept_lines;
use crate::parse::json_stream;
use crate::{Document, PatchedText, Stream};

/// Joins changed texts into one stream: each as it is, with what YAML needs between two of them.
///
/// That is a line break where a text does not end with one, and a `---` where the next does not
/// begin with its own, or a `...` where it begins with a directive. A byte order mark stays only at
/// the beginning, and a text without a byte adds nothing. Several texts of which the first begins with JSON
/// get a `---` in front: kubectl takes all up to the first `---` for JSON otherwise. JSON objects one after
/// the other get a `---` between them where there is more than one text.
///
/// ```
/// use yaml_splice::{Stream, apply, concat};
///
/// let streams = [Stream::parse("a: 1")?, Stream::parse("---\nb: 2\n")?, Stream::parse("c: 3\n")?];
/// let texts = streams.iter().map(|stream| (stream, apply(stream.source, Vec::new()).unwrap()));
/// assert_eq!(concat(texts).to_string(), "a: 1\n---\nb: 2\n---\nc: 3\n");
/// # Ok::<(), yaml_splice::YamlError>(())
/// ```
pub fn concat<'a, 's: 'a>(
    texts: impl IntoIterator<Item = (&'a Stream<'s>, PatchedText<'s>)>,
) -> PatchedText<'s> {
    let texts = texts.into_iter().filter(|(_, text)| !text.is_empty());
    let texts: Vec<_> = texts.collect();
    let is_alone = texts.len() == 1;
    let mut out = PatchedText::default();
    let mut before = None;
    for (stream, text) in texts {
        let text = if is_alone { text } else { separated(text) };
        let keeps_lines = before.is_some_and(ends_in_kept_lines);
        push(&mut out, stream, text, keeps_lines);
        before = stream.documents.last().map(Document::root);
    }
    // One text is to kubectl what its owner has made it: what it reads there as JSON has no markers.
    if is_alone || !begins_with_json(out.pieces()) || !has_marker(&out) {
        return out;
    }
    let mut yaml = PatchedText::default();
    yaml.push("---\n");
    yaml.extend(out);
    yaml
}

/// Whether kubectl takes the text of these pieces for JSON.
fn begins_with_json<'p>(pieces: impl IntoIterator<Item = &'p str>) -> bool {
    let mut characters = pieces.into_iter().flat_map(str::chars);
    characters.find(|c| !c.is_whitespace()) == Some('{')
}

/// `text` with a `---` between its documents, where it is JSON objects one after the other: beside
/// YAML kubectl reads only the first of them.
fn separated(text: PatchedText<'_>) -> PatchedText<'_> {
    if !begins_with_json(text.pieces()) {
        return text;
    }
    let whole = text.to_string();
    let Some(values) = json_stream::values(&whole) else {
        return text;
    };
    let mut separated = PatchedText::default();
    for (index, range) in values.into_iter().enumerate() {
        separated.push(if index > 0 { "---\n" } else { "" });
        separated.push(format!("{}\n", &whole[range]));
    }
    separated
}

/// Adds `text`; what is there `keeps_lines` if blank lines behind it would become a part of its last value.
fn push<'s>(
    out: &mut PatchedText<'s>,
    stream: &Stream<'s>,
    mut text: PatchedText<'s>,
    keeps_lines: bool,
) {
    if !out.is_empty() {
        text.strip_bom();
        if !out.ends_with_line_feed() {
            out.push("\n");
        }
        let first = stream.documents.first();
        let is_separated = first.is_some_and(Document::is_separated);
        if begins_with_directive(stream.source) {
            // A directive may only follow the end of a document.
            out.push("...\n");
        } else if !is_separated || keeps_lines && begins_with_blank_line(stream.source) {
            out.push("---\n");
        }
    }
    out.extend(text);
}

fn begins_with_directive(text: &str) -> bool {
    let mut lines = text.lines();
    let first = lines.find(|line| !line.is_empty() && !line.starts_with('#'));
    first.is_some_and(|line| line.starts_with('%'))
}

fn begins_with_blank_line(text: &str) -> bool {
    let first = text.lines().next();
    first.is_some_and(|line| line.trim().is_empty())
}

/// Whether a line of `text` begins with `---`.
fn has_marker(text: &PatchedText<'_>) -> bool {
    text.pieces()
        .any(|piece| piece.starts_with("---") || piece.contains("\n---"))
}

#[cfg(test)]
mod tests {
    use super::concat;
    use crate::{Stream, apply};

    fn joined(texts: &[&str]) -> String {
        let streams: Vec<_> = texts
            .iter()
            .map(|text| Stream::parse(text).unwrap())
            .collect();
        let texts = streams
            .iter()
            .map(|stream| (stream, apply(stream.source, Vec::new()).unwrap()));
        concat(texts).to_string()
    }

    #[test]
    fn a_text_without_a_byte_adds_nothing() {
        assert_eq!(joined(&["", "{\"a\":1}"]), "{\"a\":1}");
        assert_eq!(
            joined(&["", "a: 1\n", "", "b: 2\n", ""]),
            "a: 1\n---\nb: 2\n"
        );
    }

    #[test]
    fn json_that_comes_first_is_no_json_to_the_end() {
        let json = "{\"a\":1}";
        assert_eq!(
            joined(&["", json, json]),
            format!("---\n{json}\n---\n{json}")
        );
        assert_eq!(joined(&["\n", json]), format!("\n---\n{json}"));
    }

    #[test]
    fn a_value_that_keeps_its_line_breaks_gets_no_more() {
        let kept = "a: |+\n  x\n\n";
        assert_eq!(
            joined(&[kept, "\n---\nb: 2\n"]),
            format!("{kept}---\n\n---\nb: 2\n")
        );
        assert_eq!(
            joined(&["a: |\n  x\n\n", "\n---\nb: 2\n"]),
            "a: |\n  x\n\n\n---\nb: 2\n"
        );
    }

    #[test]
    fn one_text_is_as_its_owner_made_it() {
        let text = "{a: 1}\n---\nb: 2\n";
        assert_eq!(joined(&[text]), text);
        assert_eq!(joined(&[text, "c: 3\n"]), format!("---\n{text}---\nc: 3\n"));
    }

    #[test]
    fn kubectl_finds_each_text_whatever_ends_the_lines() {
        assert_eq!(joined(&["a: 1\r", "b: 2\n"]), "a: 1\r\n---\nb: 2\n");
        assert_eq!(joined(&["a: 1\n", "---\rb: 2\r"]), "a: 1\n---\n---\rb: 2\r");
        assert_eq!(
            joined(&["a: 1\r\n", "---\r\nb: 2\r\n"]),
            "a: 1\r\n---\r\nb: 2\r\n"
        );
    }
}
