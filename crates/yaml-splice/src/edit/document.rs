//! Whole documents that come and go, and byte order marks that may not move.

use super::place::{place_after, without_lines};
use crate::emit::block as emit;
use crate::emit::layout::Layout;
use crate::text::BOM;
use crate::text::lines::{is_line_start, next_line};
use crate::{Document, Splice, Value, YamlError};

impl Document<'_> {
    /// The splice that puts a document holding `value` in behind this one, laid out like it.
    ///
    /// # Errors
    /// [`YamlError::Layout`] where the text ends in a block scalar without a line break.
    pub fn insert_after(&self, value: &Value) -> Result<Splice, YamlError> {
        let layout = Layout::around(self.root()).ending_at(self.source, self.end());
        let newline = layout.newline;
        let text = format!("---{newline}{}", emit::document(value, layout));
        if is_line_start(self.source, self.end()) {
            return Ok(Splice::insert(self.end(), text));
        }
        // The text ends without a line break, and so it does afterwards.
        place_after(self.root(), 0)?;
        let text = text.strip_suffix(newline).unwrap_or(&text);
        Ok(Splice::insert(self.end(), format!("{newline}{text}")))
    }

    /// Whether `splices` move a byte order mark inside of the document, or put one in.
    ///
    /// go-yaml takes a mark at the place where it reads on for one at the beginning of every line
    /// that follows, and drops the first character of each (`is_bom` in `yamlprivateh.go` looks at
    /// the first byte of the buffer): whether kubectl reads all of a text with a mark depends on
    /// where the mark stands.
    ///
    /// # Errors
    /// [`YamlError::Layout`] where they do.
    pub fn check_bom_stays(&self, splices: &[Splice]) -> Result<(), YamlError> {
        let start = self.marker().map_or(0, |marker| marker.start + 1);
        let inside = |splice: &&Splice| (start..=self.end()).contains(&splice.range.start);
        let Some(first) = splices
            .iter()
            .filter(inside)
            .map(|splice| splice.range.start)
            .min()
        else {
            return Ok(());
        };
        let added = splices
            .iter()
            .filter(inside)
            .find(|splice| splice.text.contains(BOM));
        let moved = self.source[first..self.end()]
            .find(BOM)
            .map(|at| first + at);
        match moved.or(added.map(|splice| splice.range.start)) {
            None => Ok(()),
            Some(at) => Err(YamlError::Layout {
                at: self.position(at),
                why: "a byte order mark inside of the text would move, and kubectl loses lines where \
                      it comes to stand badly; remove it, or write \"\\uFEFF\"",
            }),
        }
    }

    /// The splice that takes this document out, with the `---` in front of it; `before` is the
    /// document in front of that.
    pub fn remove(&self, before: Option<&Document<'_>>) -> Splice {
        let source = self.source;
        let content = self.root().range_with_properties();
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
}
