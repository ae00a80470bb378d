//! Copies of nodes with changes: what stays the same is copied line by line as it is written, without
//! comments and blank lines.

use std::borrow::Cow;
use std::ops::Range;

use super::block_lines::write_gained;
use super::change::{ByNode, Change};
use super::copy_pending::{Keys, Pending};
use crate::Value;
use crate::emit::INITIAL_CAPACITY;
use crate::emit::block::{self, SPACES, rest_of_item};
use crate::emit::layout::Layout;
use crate::read::node::Node;

/// What stands before an item that is the first of a list, which is the first of a list, and so on.
const DASHES: &str = "- - - - - - - - ";

/// The lines of a copy of `node`, a collection, at `column`, behind `dashes` dashes, with `changes`. They
/// are those of its value with these changes; what it has in brackets gets lines as well. Nothing where it has
/// to be read as a whole to be copied: merge keys and whatever an edit would be refused for.
pub(super) fn lines(
    node: Node<'_>,
    changes: &ByNode,
    place: Place,
    layout: Layout,
) -> Option<String> {
    let pending = Pending::of(node, changes).filter(|_| is_filled(node))?;
    let written = node.written();
    let mut writer = Writer {
        source: node.document.source,
        line_break: [layout.newline, SPACES].concat(),
        layout,
        // What is inserted is mostly shorter than what is copied.
        text: String::with_capacity(2 * written.len() + INITIAL_CAPACITY),
        copied: 0..0,
        is_open: false,
        is_printable: is_printable(written),
        has_question_mark: memchr::memchr(b'?', written.as_bytes()).is_some(),
        pending,
        keys: Keys::new(),
    };
    let change = writer.pending.take(node);
    writer.collection(node, change, place, layout.terminated)?;
    writer.close();
    writer.text.shrink_to_fit();
    Some(writer.text)
}

/// Whether it is a collection with something in it.
fn is_filled(node: Node<'_>) -> bool {
    let style = node.style();
    (style.is_mapping() || style.is_sequence()) && node.record().after > node.id + 1
}

/// Where the first line of a collection begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// The column of its keys or dashes.
    pub column: usize,
    /// How many dashes of lists around it are right before it.
    pub dashes: usize,
}

impl Place {
    /// The number of spaces, and the dashes, before the first line.
    fn indent(self) -> Option<(usize, &'static str)> {
        let dashes = DASHES.get(..2 * self.dashes)?;
        Some((self.column - dashes.len(), dashes))
    }
}

/// Writes copies. Where a copy is laid out like the source, it grows by whole ranges of that.
struct Writer<'e, 'd> {
    source: &'d str,
    layout: Layout,
    /// A line break with spaces behind it.
    line_break: String,
    text: String,
    /// The range of the source that comes next in the text.
    copied: Range<usize>,
    /// Whether the last line has no line break yet.
    is_open: bool,
    /// Whether everything that is written is printable ASCII.
    is_printable: bool,
    /// Whether a word may begin with a `?`, which is no word in brackets.
    has_question_mark: bool,
    pending: Pending<'e>,
    keys: Keys<'d>,
}

/// `terminated` says whether a block scalar may be the last of what is written.
impl<'e, 'd> Writer<'e, 'd> {
    fn collection(
        &mut self,
        node: Node<'d>,
        change: Option<&'e Change>,
        mut place: Place,
        terminated: bool,
    ) -> Option<()> {
        let first_key = self.keys.count();
        let gaining = change.filter(|change| change.gains());
        let (is_list, after) = (node.style().is_sequence(), node.record().after);
        let mut is_empty = true;
        let mut children = node.children();
        while let Some(first) = children.next() {
            let value = if is_list { first } else { children.next()? };
            let terminated = terminated || gaining.is_some() || value.record().after < after;
            if self.pending.removes(value) {
                if !is_list {
                    self.keys.add(first, first_key)?;
                }
                // What is before it may be the last then.
                terminated.then_some(())?;
                continue;
            }
            if is_list {
                self.item(value, place, terminated)?;
            } else {
                self.key(first, first_key, place)?;
                self.after_colon(value, place.column, terminated)?;
            }
            place.dashes = 0;
            is_empty = false;
        }
        self.keys.truncate(first_key);
        match gaining {
            Some(change) => self.gained(change, place, terminated),
            None => (!is_empty).then_some(()),
        }
    }

    /// Writes the key of a mapping, the first of which is at `first_key`, with its colon.
    fn key(&mut self, key: Node<'d>, first_key: usize, place: Place) -> Option<()> {
        self.stays_as_written(key).then_some(())?;
        self.keys.add(key, first_key)?;
        let Range { start, end } = key.range();
        self.begin(start, place)?;
        self.copied.end = end + 1;
        (self.source.as_bytes().get(end) == Some(&b':')).then_some(())
    }

    fn after_colon(&mut self, value: Node<'d>, column: usize, terminated: bool) -> Option<()> {
        let change = self.pending.take(value);
        if is_filled(value) && change.is_none_or(|change| change.value.is_none()) {
            let column = column + self.deeper(value);
            let place = Place { column, dashes: 0 };
            return self.collection(value, change, place, terminated);
        }
        if change.is_none() && self.stays_as_written(value) {
            let Range { start, end } = value.range();
            if self.source.as_bytes().get(self.copied.end..start) != Some(b" ") {
                self.cut(start);
                self.text.push(' ');
            }
            self.copied.end = end;
            return Some(());
        }
        let read = self.value(value, change)?;
        self.cut(value.range().end);
        let layout = self.layout.followed(terminated);
        block::after_colon(&mut self.text, &read, column, layout);
        self.is_open = false;
        Some(())
    }

    /// Writes an item of a list.
    fn item(&mut self, item: Node<'d>, place: Place, terminated: bool) -> Option<()> {
        let inner = Place {
            column: place.column + 2,
            dashes: place.dashes + 1,
        };
        let change = self.pending.take(item);
        if is_filled(item) && change.is_none_or(|change| change.value.is_none()) {
            return self.collection(item, change, inner, terminated);
        }
        if change.is_none() && self.stays_as_written(item) {
            let Range { start, end } = item.range();
            self.begin(start, inner)?;
            self.copied.end = end;
            return Some(());
        }
        let read = self.value(item, change)?;
        self.close();
        self.indent(place)?;
        let layout = self.layout.followed(terminated);
        rest_of_item(&mut self.text, &read, place.column, layout);
        Some(())
    }

    /// Writes what a collection gains.
    fn gained(&mut self, change: &Change, place: Place, terminated: bool) -> Option<()> {
        if place.dashes > 0 {
            return None;
        }
        self.close();
        let layout = self.layout.followed(terminated);
        write_gained(&mut self.text, change, place.column, layout);
        Some(())
    }

    /// Continues with `start` of the source as the first of its line.
    fn begin(&mut self, start: usize, place: Place) -> Option<()> {
        if !self.is_open || !self.is_line_break(start, place) {
            self.close();
            self.indent(place)?;
            self.copied.start = start;
            self.is_open = true;
        }
        self.copied.end = start;
        Some(())
    }

    /// Whether nothing but a line break and the indentation is between what is copied and `start`.
    fn is_line_break(&self, start: usize, place: Place) -> bool {
        let gap = self.source.as_bytes().get(self.copied.end..start);
        let (Some(gap), Some((spaces, dashes))) = (gap, place.indent()) else {
            return false;
        };
        let line_break = self.layout.newline.len() + spaces;
        let line_break = self.line_break.as_bytes().get(..line_break);
        gap.strip_suffix(dashes.as_bytes())
            .is_some_and(|gap| line_break == Some(gap))
    }

    fn indent(&mut self, place: Place) -> Option<()> {
        let (spaces, dashes) = place.indent()?;
        block::spaces(&mut self.text, spaces);
        self.text.push_str(dashes);
        Some(())
    }

    /// Ends what is copied; it goes on at `next`.
    fn cut(&mut self, next: usize) {
        self.text.push_str(&self.source[self.copied.clone()]);
        self.copied = next..next;
    }

    /// Ends the last line.
    fn close(&mut self) {
        if self.is_open {
            self.cut(self.copied.end);
            self.text.push_str(self.layout.newline);
            self.is_open = false;
        }
    }

    /// What is written instead of `node`.
    fn value(&self, node: Node<'d>, change: Option<&'e Change>) -> Option<Cow<'e, Value>> {
        if self.pending.is_left_in(node) {
            return None;
        }
        match change {
            Some(change) if change.gains() => None,
            Some(change) => change.value.as_ref().map(Cow::Borrowed),
            None => Value::from_node(node).ok().map(Cow::Owned),
        }
    }

    /// How much deeper than its key a collection is.
    fn deeper(&self, node: Node<'_>) -> usize {
        if node.style().is_sequence() {
            self.layout.dash
        } else {
            self.layout.step
        }
    }

    /// Whether a node is a scalar that can stand elsewhere as it is written.
    #[inline]
    fn stays_as_written(&self, node: Node<'d>) -> bool {
        node.is_as_written()
            && (self.is_printable || is_printable(node.written()))
            && !(self.has_question_mark && node.is_in_flow() && node.written().starts_with('?'))
    }
}

/// Whether text is printable ASCII, with line breaks.
fn is_printable(text: &str) -> bool {
    // Without an early exit many bytes are checked at a time.
    let is_printable = |all, byte: u8| all & matches!(byte, b' '..=b'~' | b'\n' | b'\r');
    text.bytes().fold(true, is_printable)
}

#[cfg(test)]
mod tests {
    use crate::{Edits, Node, Stream, Value, YamlError};

    /// The text of a copy of the first item of `text` with the changes that `change` makes.
    fn copy(
        text: &str,
        change: impl for<'d> Fn(&mut Edits<'d>, Node<'d>) -> Result<(), YamlError>,
    ) -> Option<String> {
        let stream = Stream::parse(text).unwrap();
        let item = stream.documents[0].root().items().next().unwrap();
        let mut edits = Edits::of_copy(&stream.documents[0]);
        change(&mut edits, item).unwrap();
        edits.copy_after(item)
    }

    /// The same made of a value.
    fn value(text: &str) -> String {
        let stream = Stream::parse(text).unwrap();
        let item = stream.documents[0].root().items().next().unwrap();
        let value = Value::from_node(item).unwrap();
        Edits::render_item_after(item, &value).unwrap()
    }

    #[test]
    fn a_copy_is_what_the_value_is_written_as() {
        for text in [
            "- k:\n    a: 'x'  # why\n\n    b: \"y\\n\"\n    # more\n    c:\n      - 1\n      - - 2\n        - 3\n",
            "  - k:\n    - a: |\n        one\n        two\n      b: >-\n        folded\n        text\n    - |\n      x\n      y\n    - ''\n    - [a, {b: c}]\n    - z\n",
            "-   k:\n        a:\n            b:\n        c: ~\n        d: {}\n        e: 1\n    l:\n        m: 1\n",
            "-\n  k:\n\n\n    - a:   1\n      b:\n        - c\n  l:\tx\n",
            "- k:\r\n    a: 'it''s'\r\n    b: \"\"\r\n    c: x\r\n",
            "- # why\n  k: 1\n  l: \u{e9}t\u{e9} # \u{fc}ber\n- x\n",
            "- - - k: 1\n      l: 2\n    - 3\n  - 4\n",
            "- k: 1\n  l: |\n    one\n    two\n",
            "- k: 1\n  l: |\n    one\n    two\n\n  # indented\n- x\n",
            "- a: &x 1\n  b: *x\n  c:\n  - *x\n  - [*x, 2]\n",
            "- a: &x 'it''s'\n  b: *x\n  c: &y \"\"\n  d: *y\n  e: &z\n  f: *z\n",
            "- a: &x\n    b: 1\n    c: &y\n    - 2\n  d: *x\n  e:\n  - *y\n",
            "- a: &x {b: 1}\n  c: *x\n  d: !!str 1\n  e: !custom &y {f: 2}\n  g: *y\n",
            "- a: &x |\n    one\n    two\n  b: *x\n",
            "- {a: 1}\n",
            "- {\"a\":{\"b\":[{\"c\":\"d\\n\",\"e\":[]},[1,[2]],{}],\"f\":null}, g: 'h' , i: [j: k]}\n",
            "- {a: 1, # why\n   b: [2,\n    3], c: &x {d: 4}, \"e\": \"?f\", g: *x}\n",
        ] {
            assert_eq!(copy(text, |_, _| Ok(())), Some(value(text)), "{text}");
        }
    }

    #[test]
    fn what_has_to_be_read_is_not_copied() {
        for text in [
            "- <<: {a: 1}\n  b: 2\n",
            "- ? a\n  : b\n",
            "- a: 1\n  'a': 2\n",
            "- {a: 1, 'a': 2}\n",
            "- {a, b: 2}\n",
            "- [?a]\n",
            "- {}\n",
        ] {
            assert_eq!(copy(text, |_, _| Ok(())), None, "{text}");
        }
    }

    #[test]
    fn a_key_that_is_removed_counts_as_well() {
        for text in ["- a: 1\n  b: 2\n  b: 3\n", "- {a: 1, b: 2, b: 3}\n"] {
            let removed = copy(text, |edits, item| {
                let (_, last) = item.entries().last().unwrap();
                edits.remove(last)
            });
            assert_eq!(removed, None, "{text}");
        }
    }

    #[test]
    fn changes_are_in_the_copy_only() {
        let text = "- a: 1 # one\n  b:\n    - x\n    # y\n    - y\n  c:\n  d: {e: 2}\n  f:\n    g: 3\n    h: 4\n";
        let changed = copy(text, |edits, item| {
            edits.put(item, &["a"], Value::text("on"))?;
            edits.append(item, &["b"], Value::Int(5))?;
            edits.put(item, &["c", "i"], Value::Int(6))?;
            let f = item.at(&["f"])?.unwrap();
            edits.remove(f.get("h")?.unwrap())?;
            edits.add(f, "h", Value::Null)?;
            edits.put(item, &["d", "f"], Value::Int(8))?;
            edits.put(item, &["j", "k"], Value::Int(7))
        });
        let expected = "- a: \"on\"\n  b:\n    - x\n    - y\n    - 5\n  c:\n    i: 6\n  d:\n    e: 2\n    f: 8\n  f:\n    g: 3\n    h: null\n  j:\n    k: 7\n";
        assert_eq!(changed.as_deref(), Some(expected));
    }

    #[test]
    fn what_an_alias_refers_to_changes_by_itself() {
        let text = "- a: &x one\n  b: *x\n  c: &y\n    d: *x\n  e: *y\n  f: *x\n";
        let changed = copy(text, |edits, item| {
            edits.put(item, &["a"], Value::text("two"))?;
            edits.put(item, &["f"], Value::text("three"))
        });
        let expected = "- a: two\n  b: one\n  c:\n    d: one\n  e:\n    d: one\n  f: three\n";
        assert_eq!(changed.as_deref(), Some(expected));
    }

    /// Reached by the alias, what changes would be the collection that it refers to.
    #[test]
    fn what_is_in_a_collection_that_an_alias_refers_to_does_not_change() {
        let stream = Stream::parse("- a: &x\n    b: 1\n  c: *x\n").unwrap();
        let item = stream.documents[0].root().items().next().unwrap();
        for path in [&["a", "b"], &["c", "b"], &["c", "d"]] {
            let mut edits = Edits::of_copy(&stream.documents[0]);
            let changed = edits.put(item, path, Value::Null);
            assert!(
                matches!(changed, Err(YamlError::SharedAnchor { .. })),
                "{path:?}"
            );
        }
    }

    #[test]
    fn what_the_copy_cannot_be_left_without_is_no_change_of_it() {
        for text in ["- a: 1\n  b:\n    c: 1\n", "- {a: 1, b: {c: 1}}\n"] {
            let emptied = copy(text, |edits, item| {
                edits.remove(item.at(&["b", "c"])?.unwrap())
            });
            assert_eq!(emptied, None);
        }
    }
}
