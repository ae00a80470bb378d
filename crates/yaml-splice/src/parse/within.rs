//! A document that was parsed by itself, as a part of the text that it stands in.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::text::position::LineIndex;
use crate::tree::document::{Document, narrow};

/// `document`, parsed from what begins at `offset` of `source`, as a document of `source`.
pub(super) fn moved<'s>(
    mut document: Document<'s>,
    source: &'s str,
    offset: usize,
    lines: &Arc<OnceLock<LineIndex>>,
) -> Document<'s> {
    for record in &mut document.nodes.records {
        record.start += narrow(offset);
        record.end += narrow(offset);
    }
    let further = |range: &mut Range<usize>| *range = range.start + offset..range.end + offset;
    for properties in document.nodes.properties.values_mut() {
        properties.anchor.iter_mut().for_each(further);
        properties.tag.iter_mut().for_each(further);
    }
    document.marker.iter_mut().for_each(further);
    Document {
        source,
        end: document.end + offset,
        lines: Arc::clone(lines),
        ..document
    }
}
