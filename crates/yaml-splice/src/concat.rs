//! Several texts as one stream.

use crate::parse::json_stream;
use crate::{PatchedText, Stream};

/// Joins changed texts into one stream: each as it is, with what YAML needs between two of them.
///
/// That is a line break where a text does not end with one, and a `---` where the next does not
/// begin with its own, or a `...` where it begins with a directive. A byte order mark stays only at
/// the beginning. A stream that was put together and whose first document is JSON begins with `---`: kubectl takes
/// all up to the first `---` for JSON otherwise. JSON objects one after the other get a `---` between
/// them where there is more than one text.
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
    let mut out = PatchedText::default();
    let mut begins_like_json = None;
    let texts: Vec<_> = texts.into_iter().collect();
    let is_alone = texts.len() == 1;
    // One text that has markers is as its owner wants it.
    let mut had_marker = false;
    for (stream, text) in texts {
        let is_json = || stream.source.trim_start().starts_with('{');
        begins_like_json.get_or_insert_with(is_json);
        had_marker = is_alone && stream.documents.iter().any(|it| it.marker().is_some());
        push(
            &mut out,
            stream,
            if is_alone { text } else { separated(text) },
        );
    }
    if begins_like_json != Some(true) || had_marker || !has_marker(&out) {
        return out;
    }
    let mut yaml = PatchedText::default();
    yaml.push("---\n");
    yaml.extend(out);
    yaml
}

/// `text` with a `---` between its documents, where it is JSON objects one after the other: beside
/// YAML kubectl reads only the first of them.
fn separated(text: PatchedText<'_>) -> PatchedText<'_> {
    let is_json = text
        .pieces()
        .next()
        .is_some_and(|first| first.trim_start().starts_with('{'));
    if !is_json {
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

fn push<'s>(out: &mut PatchedText<'s>, stream: &Stream<'s>, mut text: PatchedText<'s>) {
    if !out.is_empty() {
        text.strip_bom();
        if !out.ends_with_line_break() {
            out.push("\n");
        }
        let first = stream.documents.first();
        if begins_with_directive(stream.source) {
            // A directive may only follow the end of a document.
            out.push("...\n");
        } else if first.is_none_or(|document| document.marker().is_none()) {
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

/// Whether a line of `text` begins with `---`.
fn has_marker(text: &PatchedText<'_>) -> bool {
    text.pieces()
        .any(|piece| piece.starts_with("---") || piece.contains("\n---"))
}
