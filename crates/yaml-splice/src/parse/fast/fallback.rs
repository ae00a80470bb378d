//! Items that are left to the full parser, each by itself.
//!
//! An item of the outermost list with something that the scanner does not understand is cut out,
//! from its dash to the next line that is indented no more, and parsed as a list of one item. That
//! gives what the full parser finds in the whole text: block style ends with its column, quotes and
//! brackets that go on after the cut are errors in what was cut out, and so is an alias whose anchor
//! is elsewhere. Whatever else is not exactly one item is not accepted.

use std::ops::Range;

use super::bytes;
use super::items::Items;
use super::scanner::{ItemStart, Scanner};
use crate::parse::events;
use crate::text::AMBIGUOUS_CHARACTERS;
use crate::tree::block_scalar::keeps_line_breaks;
use crate::tree::document::{Document, Record, narrow};
use crate::tree::style::NodeStyle;

/// How deep an item may be nested; in the whole text it is one level deeper, and the full parser
/// stops at 255.
const DEPTH: usize = 250;

impl Scanner<'_> {
    /// Leaves the item of the outermost list that could not be read to the full parser. Returns
    /// where the line after it starts.
    pub fn parse_item_fully(&mut self) -> Option<usize> {
        let item = self.item.take()?;
        // Everything inside the item is dropped, and its list goes on.
        self.open.truncate(2);
        self.open.last_mut()?.awaits_value = false;
        self.pending_anchor = None;
        let range = item.extent(self.source);
        let text = &self.source[range.clone()];
        if text.contains(AMBIGUOUS_CHARACTERS) {
            return None;
        }
        let mut found = events::documents(text).ok()?;
        let document = found.pop().filter(|_| found.is_empty())?;
        let is_whole = document.marker.is_none() && document.end == text.len();
        if !is_whole || !item.is_all_of(&document) || depends_on_what_follows(&document) {
            return None;
        }
        self.drop_from(&item);
        self.add(items_of(document, &range));
        Some(range.end)
    }

    /// Forgets what was found of `item`, in time that depends on the item alone.
    fn drop_from(&mut self, item: &ItemStart) {
        let nodes = &mut self.nodes;
        #[cfg(test)]
        tests::count(nodes.records.len() - item.records + self.anchors.len());
        for (id, record) in (narrow(item.records)..).zip(nodes.records.drain(item.records..)) {
            if record.is_decoded() {
                nodes.decoded.remove(&id);
            }
            if record.style() == NodeStyle::Alias
                && let Some(target) = nodes.targets.remove(&id)
            {
                nodes.shared.remove(&target);
            }
        }
        for (_, id) in self.anchors.drain() {
            nodes.properties.remove(&id);
        }
    }
}

impl ItemStart {
    fn extent(&self, source: &str) -> Range<usize> {
        let bytes = source.as_bytes();
        let mut line = bytes::next_line(bytes, self.line);
        while line < bytes.len() {
            let at = bytes::after_indent(bytes, line);
            let is_content = !matches!(bytes.get(at), None | Some(b'\n' | b'\r' | b'#'));
            if is_content && at - line <= self.column {
                break;
            }
            line = bytes::next_line(bytes, at);
        }
        self.line..line
    }

    /// Whether `document` is a block sequence with this item only, not nested too deep.
    fn is_all_of(&self, document: &Document<'_>) -> bool {
        let records = &document.nodes.records;
        let [list, item, ..] = records.as_slice() else {
            return false;
        };
        list.style() == NodeStyle::BlockSequence
            && list.start as usize == self.column
            && item.after == document.nodes.next_id()
            && depth(records) < DEPTH
    }
}

/// How deep the nodes are nested.
fn depth(records: &[Record]) -> usize {
    let mut depths: Vec<usize> = Vec::with_capacity(records.len());
    for (id, record) in records.iter().enumerate() {
        let outer = depths[..id].get(record.parent() as usize);
        depths.push(outer.map_or(1, |outer| outer + 1));
    }
    depths.into_iter().max().unwrap_or(0)
}

/// Whether the end of the text decides about a node's range: that of a missing value that does not
/// follow a colon or a dash, and that of a block scalar that is blank or keeps blank lines.
fn depends_on_what_follows(document: &Document<'_>) -> bool {
    let source = document.source.as_bytes();
    document.nodes.records.iter().any(|record| {
        let (start, end) = (record.start as usize, record.end as usize);
        match record.style() {
            style if style.is_block_scalar() => {
                let written = &document.source[start..end];
                keeps_line_breaks(written) || written.lines().skip(1).all(is_blank)
            }
            _ => start == end && !matches!(source[..start].last(), Some(b':' | b'-')),
        }
    })
}

fn is_blank(line: &str) -> bool {
    line.trim_matches([' ', '\t']).is_empty()
}

/// What is below the list of `document`, which is the text in `range` of the whole.
fn items_of(document: Document<'_>, range: &Range<usize>) -> Items {
    let start = range.start;
    let shifted = |range: Range<usize>| range.start + start..range.end + start;
    let mut nodes = document.nodes;
    let content_end = nodes.records[0].end as usize + start;
    for record in &mut nodes.records {
        record.start += narrow(start);
        record.end += narrow(start);
    }
    for properties in nodes.properties.values_mut() {
        properties.anchor = properties.anchor.take().map(shifted);
        properties.tag = properties.tag.take().map(shifted);
    }
    Items {
        list: 0,
        nodes,
        content_end,
        next_line: range.end,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::cell::Cell;

    thread_local! {
        static FORGOTTEN: Cell<usize> = const { Cell::new(0) };
    }

    /// Counts nodes that are forgotten.
    pub fn count(nodes: usize) {
        FORGOTTEN.set(FORGOTTEN.get() + nodes);
    }

    #[test]
    fn an_item_left_to_the_full_parser_forgets_its_own_nodes_only() {
        let items = "- a: |\n    b\n  c: !t d\n".repeat(1000);
        let list = format!("items:\n{items}");
        FORGOTTEN.set(0);
        assert!(crate::Stream::parse_fast(&list).is_some());
        // The mapping, both keys and the block scalar of each.
        assert_eq!(FORGOTTEN.get(), 4 * 1000);
    }
}
