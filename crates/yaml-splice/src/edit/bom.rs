//! Byte order marks inside of a text, which may not move.

use memchr::memchr_iter;

use crate::text::BOM;
use crate::{Document, Splice, Stream, YamlError};

impl Stream<'_> {
    /// The documents in which `splices` move a byte order mark or put one in, by their index, each
    /// with the error that says where.
    ///
    /// At the offset where its buffer starts again go-yaml takes a mark for one at the beginning of
    /// every line that follows, and drops the first character of each (`is_bom` in `yamlprivateh.go`
    /// looks at the first byte of the buffer): whether kubectl reads all of a text with a mark
    /// depends on the offset of the mark.
    pub fn moved_boms(&self, splices: &[Splice]) -> Vec<(usize, YamlError)> {
        let is_inside = self.source.get(1..).is_none_or(has_bom);
        if !is_inside && !splices.iter().any(adds_bom) {
            return Vec::new();
        }
        let documents = self.documents.iter().enumerate();
        let moved = documents.filter_map(|(index, document)| {
            let at = document.moved_bom(splices)?;
            let error = YamlError::Layout {
                at: document.position(at),
                why: "a byte order mark inside of the text would move, and kubectl loses lines after \
                      a mark at some offsets; remove it, or write \"\\uFEFF\"",
            };
            Some((index, error))
        });
        moved.collect()
    }
}

impl Document<'_> {
    /// The offset of the first mark that `splices` move, or of the splice that adds one.
    fn moved_bom(&self, splices: &[Splice]) -> Option<usize> {
        let start = self.marker().map_or(0, |marker| marker.start + 1);
        let inside = |splice: &&Splice| (start..=self.end()).contains(&splice.range.start);
        let splices = || splices.iter().filter(inside);
        let first = splices().map(|splice| splice.range.start).min()?;
        let moved = self.source[first..self.end()].find(BOM);
        let added = || splices().find(|splice| adds_bom(splice));
        moved
            .map(|at| first + at)
            .or_else(|| added().map(|splice| splice.range.start))
    }
}

fn adds_bom(splice: &Splice) -> bool {
    has_bom(&splice.text)
}

/// Whether there is a mark in `text`, which hardly ever has even the first of its bytes.
fn has_bom(text: &str) -> bool {
    const FIRST: u8 = 0xef;
    let mut found = memchr_iter(FIRST, text.as_bytes());
    found.any(|at| text[at..].starts_with(BOM))
}
