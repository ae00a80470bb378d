//! Inserting whole documents.

use serde::de::IgnoredAny;

use super::copy::{self, Place};
use super::flow;
use super::place::{ends_in_kept_lines, place_after};
use crate::emit::block as emit;
use crate::emit::layout::Layout;
use crate::text::lines::{is_line_start, is_line_to_kubectl};
use crate::{Document, Edits, Splice, Value, YamlError};

impl Document<'_> {
    /// The splice that inserts a document with `value` after this one, laid out like it; JSON is followed by JSON.
    ///
    /// # Errors
    /// [`YamlError::Layout`] where the text ends in a block scalar without a line break, and where
    /// carriage returns alone separate it from other documents.
    pub fn insert_after(&self, value: &Value) -> Result<Splice, YamlError> {
        if self.is_in_json_stream || self.is_json_alone() {
            let newline = self.lines().newline(self.source, self.end());
            let text = format!("{newline}{}", flow::object_like(self.root(), value));
            return Ok(Splice::insert(self.root().range().end, text));
        }
        let layout = self.layout_behind();
        self.behind_marker(&emit::document(value, layout), layout.newline)
    }

    /// The splice that inserts a copy of this document after it that has the changes of `edits`, by the
    /// rules of [`Edits::copy_after`].
    pub fn insert_copy_after(&self, edits: &Edits<'_>) -> Option<Splice> {
        // One in brackets may be JSON, and is followed by JSON then.
        if !self.root().is_block_collection() {
            return None;
        }
        let layout = self.layout_behind();
        let place = Place {
            column: 0,
            dashes: 0,
        };
        let lines = copy::lines(self.root(), &edits.changes, place, layout)?;
        self.behind_marker(&lines, layout.newline).ok()
    }

    /// The layout of a document after this one.
    fn layout_behind(&self) -> Layout {
        Layout::around(self.root()).ending_at(self.source, self.end())
    }

    /// The splice that inserts `lines` as a document after this one.
    fn behind_marker(&self, lines: &str, newline: &str) -> Result<Splice, YamlError> {
        self.check_separators()?;
        let lines_end = newline;
        // What separates documents has to be a line to kubectl.
        let newline = if newline == "\r" { "\n" } else { newline };
        let text = format!("---{newline}{lines}");
        if self.source[..self.end()].ends_with('\r') {
            // A line of its own, which `Stream::remove` finds by the carriage return that ends the text again.
            self.check_last_value()?;
            let text = text.strip_suffix(lines_end).unwrap_or(&text);
            return Ok(Splice::insert(self.end(), format!("\r\n{text}\r")));
        }
        if is_line_start(self.source, self.end()) {
            let text = match text.strip_suffix('\r') {
                Some(text) => format!("{text}\n"),
                None => text,
            };
            return Ok(Splice::insert(self.end(), text));
        }
        // The text ends without a line break, and so it does afterwards.
        place_after(self.root(), 0)?;
        let text = text.strip_suffix(lines_end).unwrap_or(&text);
        Ok(Splice::insert(self.end(), format!("{newline}{text}")))
    }

    /// Whether the document begins with a `---` that kubectl finds as well.
    pub(crate) fn is_separated(&self) -> bool {
        let marker = self.marker();
        marker.is_some_and(|marker| is_line_to_kubectl(self.source, marker.start))
    }

    /// Where kubectl does not find the document, it would find the one after it alone.
    fn check_separators(&self) -> Result<(), YamlError> {
        let own = self.marker().map(|marker| marker.start);
        let next = self.source[self.end()..].starts_with("---");
        let markers = own.into_iter().chain(next.then_some(self.end()));
        let mut unseen = markers.filter(|&at| !is_line_to_kubectl(self.source, at));
        unseen.next().map_or(Ok(()), |at| {
            Err(YamlError::Layout {
                at: self.position(at),
                why: "kubectl finds no `---` between carriage returns; end the lines with line feeds",
            })
        })
    }

    /// A blank line behind it would become a part of the value that the document ends with, where that keeps them.
    fn check_last_value(&self) -> Result<(), YamlError> {
        if !ends_in_kept_lines(self.root()) {
            return Ok(());
        }
        Err(YamlError::Layout {
            at: self.position(self.end()),
            why: "the text ends in a block scalar and a carriage return alone; end it with a line feed",
        })
    }

    /// Whether the whole text is this document, and JSON: with a `---` behind it, it would be YAML to some
    /// readers and broken JSON to others, kubectl among them.
    fn is_json_alone(&self) -> bool {
        let is_object = self.source.trim_start().starts_with('{');
        is_object && serde_json::from_str::<IgnoredAny>(self.source).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use crate::{Stream, Value, YamlError, apply};

    /// `text` with a document after each that it has.
    fn doubled(text: &str) -> Result<String, YamlError> {
        let stream = Stream::parse(text)?;
        let value = Value::mapping([("new", Value::Int(1))]);
        let documents = stream.documents.iter();
        let splices = documents.map(|document| document.insert_after(&value));
        let splices = splices.collect::<Result<Vec<_>, _>>()?;
        Ok(apply(text, splices).unwrap().to_string())
    }

    #[test]
    fn kubectl_finds_the_new_document_whatever_ends_the_lines() {
        for (text, expected) in [
            ("a: 1\n", "a: 1\n---\nnew: 1\n"),
            ("a: 1\r\n", "a: 1\r\n---\r\nnew: 1\r\n"),
            ("a: 1\r", "a: 1\r\r\n---\nnew: 1\r"),
            ("a:\r  b: 1", "a:\r  b: 1\n---\nnew: 1"),
            ("a:\r\n  b: 1\r", "a:\r\n  b: 1\r\r\n---\r\nnew: 1\r"),
            ("a: 1\n# b\r", "a: 1\n# b\r\r\n---\nnew: 1\r"),
            (
                "a: 1\n---\r\nb: 1\n",
                "a: 1\n---\nnew: 1\n---\r\nb: 1\n---\r\nnew: 1\r\n",
            ),
        ] {
            assert_eq!(doubled(text).unwrap(), expected, "{text:?}");
        }
    }

    #[test]
    fn what_kubectl_does_not_find_gets_none() {
        for text in [
            "a: 1\r---\rb: 1\r",
            "a: 1\r---\nb: 1\n",
            "a: 1\n---\rb: 1\n",
            "---\ra: 1\r",
            "a: |+\r  b\r",
        ] {
            let found = doubled(text);
            assert!(
                matches!(found, Err(YamlError::Layout { .. })),
                "{text:?}: {found:?}"
            );
        }
    }
}
