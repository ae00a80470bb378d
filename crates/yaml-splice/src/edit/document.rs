//! Inserting and removing whole documents.

use serde::de::IgnoredAny;

use super::copy::{self, Place};
use super::flow;
use super::place::{place_after, without_lines};
use crate::emit::block as emit;
use crate::emit::layout::Layout;
use crate::text::lines::{is_line_start, newline, next_line};
use crate::{Document, Edits, Splice, Value, YamlError};

impl Document<'_> {
    /// The splice that inserts a document with `value` after this one, laid out like it; JSON is followed by JSON.
    ///
    /// # Errors
    /// [`YamlError::Layout`] where the text ends in a block scalar without a line break.
    pub fn insert_after(&self, value: &Value) -> Result<Splice, YamlError> {
        if self.is_in_json_stream || self.is_json_alone() {
            let newline = newline(self.source, self.end());
            let text = format!("{newline}{}", flow::object_like(self.root(), value));
            return Ok(Splice::insert(self.root().range().end, text));
        }
        let layout = self.layout_behind();
        self.behind_marker(&emit::document(value, layout), layout.newline)
    }

    /// The splice that inserts a copy of this document after it that has the changes of `edits`, by the
    /// rules of [`Edits::copy_after`].
    pub fn insert_copy_after(&self, edits: &Edits<'_>) -> Option<Splice> {
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
        let text = format!("---{newline}{lines}");
        if is_line_start(self.source, self.end()) {
            return Ok(Splice::insert(self.end(), text));
        }
        // The text ends without a line break, and so it does afterwards.
        place_after(self.root(), 0)?;
        let text = text.strip_suffix(newline).unwrap_or(&text);
        Ok(Splice::insert(self.end(), format!("{newline}{text}")))
    }

    /// The splice that removes this document and the `---` before it; `before` is the
    /// document before it.
    pub fn remove(&self, before: Option<&Document<'_>>) -> Splice {
        let source = self.source;
        let content = self.root().range_with_properties();
        if self.is_in_json_stream {
            let start = before.map_or(content.start, |before| before.root().range().end);
            return Splice::delete(start..content.end);
        }
        let start = self.marker().map_or(0, |marker| marker.start);
        let end = if is_line_start(source, content.end) {
            content.end
        } else {
            next_line(source, content.end)
        };
        if self.marker().is_none() {
            // The next document's marker is not needed any more.
            return Splice::delete(start..next_line(source, self.end()));
        }
        without_lines(start..end, before.map(Document::root))
    }

    /// Whether the whole text is this document, and JSON: with a `---` behind it, it would be YAML to some
    /// readers and broken JSON to others, kubectl among them.
    fn is_json_alone(&self) -> bool {
        let is_object = self.source.trim_start().starts_with('{');
        is_object && serde_json::from_str::<IgnoredAny>(self.source).is_ok()
    }
}
