//! Texts that YAML refuses and kubectl reads, because it splits them at `---` before it parses: those with
//! a byte order mark at the beginning of a later document, as `cat` joins files of Windows, and those
//! with a comment directly behind a `---`.

use std::ops::Range;
use std::sync::Arc;

use super::{events, fast, within};
use crate::text::BOM;
use crate::tree::document::Document;

const MARKER: &str = "---";

/// The documents of a text that kubectl splits before it parses; `None` for any text that is not one of those
/// above, and for one of which kubectl does not read everything.
pub(crate) fn documents(source: &str) -> Option<Vec<Document<'_>>> {
    u32::try_from(source.len()).ok()?;
    if !source.contains("---#") && !source.contains(BOM) {
        return None;
    }
    let lines = Arc::default();
    let mut found = Vec::new();
    for Piece { marker, range } in pieces(source)? {
        let text = &source[range.clone()];
        let documents = fast::documents(text).or_else(|| events::documents(text).ok())?;
        let mut documents = documents.into_iter();
        let first = documents.next();
        // Of a piece kubectl reads the first document alone.
        if documents.next().is_some() {
            return None;
        }
        found.extend(first.map(|document| {
            let document = within::moved(document, source, range.start, &lines);
            let marker = marker.or(document.marker.clone());
            Document { marker, ..document }
        }));
    }
    Some(found)
}

struct Piece {
    /// The `---` before it.
    marker: Option<Range<usize>>,
    range: Range<usize>,
}

/// What kubectl parses, piece by piece; `None` where it refuses what follows a `---` on its line, and where a
/// line ends in a carriage return alone.
/// Source: `YAMLReader` in Kubernetes' `apimachinery/pkg/util/yaml/decoder.go`.
fn pieces(source: &str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let (mut marker, mut start, mut line) = (None, 0, 0);
    for text in source.split_inclusive('\n') {
        // What is inserted may end in a carriage return alone then, behind which kubectl knows no `---`.
        if text.strip_suffix("\r\n").unwrap_or(text).contains('\r') {
            return None;
        }
        // The first line of a piece belongs to it, whatever it is.
        if line > start
            && let Some(rest) = text.strip_prefix(MARKER)
        {
            let rest = rest.trim();
            if !rest.is_empty() && !rest.starts_with('#') {
                return None;
            }
            let range = start..line;
            pieces.push(Piece { marker, range });
            marker = Some(line..line + MARKER.len());
            start = line + text.len();
        }
        line += text.len();
    }
    let range = start..source.len();
    pieces.push(Piece { marker, range });
    Some(pieces)
}

#[cfg(test)]
mod tests {
    use crate::{Edits, Stream, Value, apply};

    /// What stands under `b` in the second document.
    fn second(text: &str) -> Option<String> {
        let stream = Stream::parse(text).ok()?;
        let [_, second] = stream.documents.as_slice() else {
            return None;
        };
        Some(second.root().get("b").ok()??.text().to_owned())
    }

    #[test]
    fn what_kubectl_splits_first_is_read_as_it_reads_it() {
        for text in [
            "a: 1\n---#x\nb: 2\n",
            "a: 1\n---# x\r\nb: 2\n",
            "\u{feff}a: 1\n---\n\u{feff}b: 2\n",
            "a: 1\n---\n\u{feff}---\nb: 2\n",
            "a: 1\n---\n\u{feff}# c\nb: 2\n",
            "a: 1\n---\n\u{feff}b: &x 2\nc: *x",
        ] {
            assert_eq!(second(text).as_deref(), Some("2"), "{text:?}");
        }
    }

    #[test]
    fn what_kubectl_does_not_read_is_refused() {
        for text in [
            "---#x\nb: 2\n",
            "a: 1\n\u{feff}---\nb: 2\n",
            "a: 1\n---\n---#x\nb: 2\n",
            "a: 1\n---#x\nb: [\n",
            "a: 1\n---#x\nb: 2\n--- {c: 3}\n",
        ] {
            let error = Stream::parse(text).unwrap_err();
            assert_eq!(Err(error), Stream::parse_fully(text), "{text:?}");
        }
    }

    #[test]
    fn it_is_edited_in_place() {
        let text = "a: 1\n---#x\nb: !!str 2\n---\n\u{feff}c: |\n  3\nd: &d 4\ne: *d\n";
        let stream = Stream::parse(text).unwrap();
        let [first, second, third] = stream.documents.as_slice() else {
            panic!("{stream:?}");
        };
        let mut splices = Vec::new();
        for (document, key) in [(second, "b"), (third, "c")] {
            let mut edits = Edits::new(document);
            edits.put(document.root(), &[key], Value::Int(7)).unwrap();
            edits.put(document.root(), &["m"], Value::Int(8)).unwrap();
            splices.extend(edits.splices().unwrap());
        }
        splices.push(
            first
                .insert_after(&Value::mapping([("new", Value::Int(1))]))
                .unwrap(),
        );
        assert_eq!(
            third
                .root()
                .get("c")
                .unwrap()
                .unwrap()
                .position()
                .to_string(),
            "line 5, column 4"
        );
        assert_eq!(
            apply(text, splices).unwrap().to_string(),
            "a: 1\n---\nnew: 1\n---#x\nb: 7\nm: 8\n---\n\u{feff}c: 7\nd: &d 4\ne: *d\nm: 8\n"
        );
        let kept = apply(text, stream.remove(&[0, 2])).unwrap().to_string();
        assert_eq!(kept, "---#x\nb: !!str 2\n");
    }
}
