//! Copies of nodes in which large collections are lines and no trees: read once, written once.

use crate::emit::layout::Layout;
use crate::read::node::Node;
use crate::read::to_value::from_node_with;
use crate::tree::style::NodeStyle;
use crate::value::Lines;
use crate::{Prepared, Value, YamlError};

use super::copy_lines::{Writer, deeper, spelling};
use super::measure::entry_column;

/// A node that is copied, and how its copy is laid out.
///
/// ```
/// use yaml_splice::{Copy, Edits, Stream, Value, apply};
///
/// let text = "- name: a\n  list: # why\n  - 'x'\n";
/// let stream = Stream::parse(text)?;
/// let item = stream.documents[0].root().items().next().expect("there is one");
/// let list = item.get("list")?.expect("it is there");
/// let mut copy = Copy::of(item).value(&[], &[list])?;
/// *copy.entry("name") = Value::text("b");
/// let mut edits = Edits::new(&stream.documents[0]);
/// edits.insert_after(item, &copy)?;
/// let changed = apply(text, edits.splices()?).expect("edits of one document do not overlap");
/// assert_eq!(changed.to_string(), text.to_owned() + "- name: b\n  list:\n  - 'x'\n");
/// # Ok::<(), yaml_splice::YamlError>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Copy<'d> {
    root: Node<'d>,
    /// The column of the root and the layout around it; `None` where all of it is copied as a tree.
    place: Option<(usize, Layout)>,
}

impl<'d> Copy<'d> {
    /// A copy that is written beside `root`, laid out like it.
    pub fn of(root: Node<'d>) -> Self {
        let place = || {
            let layout = Layout::around(root).followed(true);
            let is_usual =
                root.style() == NodeStyle::BlockMapping && layout.newline.ends_with('\n');
            Some((entry_column(root).filter(|_| is_usual)?, layout))
        };
        let place = place();
        Self { root, place }
    }

    /// A copy that is a tree, all of it.
    pub fn tree_of(root: Node<'d>) -> Self {
        Self { root, place: None }
    }

    /// The value without the nodes in `left_out` and without the collections that have nothing left
    /// for it. The nodes in `as_lines` are copied as lines where they can be: nothing can be looked up
    /// in them, and what is written is the same.
    ///
    /// # Errors
    /// As [`Value::from_node`].
    pub fn value(self, left_out: &[Node<'d>], as_lines: &[Node<'d>]) -> Result<Value, YamlError> {
        from_node_with(self.root, left_out, &|below| {
            let is_wanted = as_lines.contains(&below);
            let is_whole = || !left_out.iter().any(|out| is_below(*out, below));
            (is_wanted && is_whole())
                .then(|| self.lines(below))
                .flatten()
        })
    }

    /// The value of `entry`, which is not empty, with `fills` in its holes, as it is put into the copy
    /// of `mapping`.
    pub fn prepared(self, mapping: Node<'d>, entry: &Prepared, fills: &[Value]) -> Value {
        let Some((_, layout)) = self.place else {
            return entry.value(fills);
        };
        let column = self.column_of(mapping);
        let (text, is_list) = entry.lines(fills, column, layout);
        let column = column + if is_list { layout.dash } else { layout.step };
        Value::Lines(Lines {
            text,
            column,
            is_list,
            read,
        })
    }

    /// `node`, a block collection below the root, as lines; nothing where they would have to be read to
    /// be copied, or what follows them decides how they are written.
    fn lines(self, node: Node<'d>) -> Option<Value> {
        let (_, layout) = self.place?;
        let last = node.with_id(node.record().after - 1);
        let is_printable = |all, byte: u8| all & matches!(byte, b' '..=b'~' | b'\n' | b'\r');
        if !node.is_block_collection()
            || spelling(last).is_none()
            || !node.written().bytes().fold(true, is_printable)
        {
            return None;
        }
        let column = self.column_of(node);
        Some(Value::Lines(Lines {
            text: Writer::lines(node, column, layout)?,
            column,
            is_list: node.style() == NodeStyle::BlockSequence,
            read,
        }))
    }

    /// The column of a collection below the root, once it is laid out like what is around it.
    fn column_of(self, node: Node<'d>) -> usize {
        let Some((column, layout)) = self.place else {
            return 0;
        };
        match node.parent().filter(|_| node != self.root) {
            None => column,
            Some(parent) if parent.style().is_sequence() => self.column_of(parent) + 2,
            Some(parent) => self.column_of(parent) + deeper(node, layout),
        }
    }
}

fn is_below(inner: Node<'_>, outer: Node<'_>) -> bool {
    (outer.id..outer.record().after).contains(&inner.id)
}

/// The tree of lines.
fn read(text: &str) -> Value {
    let stream = crate::Stream::parse(text);
    let document = stream.iter().flat_map(|stream| &stream.documents).next();
    let value = document.and_then(|document| Value::from_node(document.root()).ok());
    value.unwrap_or(Value::Null)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Stream;
    use crate::emit::block;

    /// `k` of `text` as lines and as a tree, written at `column`.
    fn both(text: &str, column: usize) -> (bool, String, String) {
        let stream = Stream::parse(text).unwrap();
        let root = stream.documents[0].root();
        let k = root.get("k").unwrap().unwrap();
        let layout = Layout::around(root);
        let written = |value: &Value| {
            let mut out = String::new();
            block::block(&mut out, value, column, layout);
            out
        };
        let copy = Copy::of(root).value(&[], &[k]).unwrap();
        let tree = Value::from_node(root).unwrap();
        let is_lines = matches!(copy.get("k"), Some(Value::Lines(_)));
        (is_lines, written(&copy), written(&tree))
    }

    #[test]
    fn lines_are_what_the_tree_is_written_as() {
        for text in [
            "k:\n  a: 'x'  # why\n\n  b: \"y\\n\"\n  # more\n  c:\n    - 1\n    - - 2\n      - 3\n",
            "k:\n- a: |\n    one\n    two\n  b: >-\n    folded\n    text\n- |\n  x\n  y\n- ''\n- [a, {b: c}]\n- z\n",
            "k:\n    a:\n        b:\n    c: ~\n    d: {}\n    e: 1\nl:\n    m: 1\n",
            "k:\r\n  a: 'it''s'\r\n  b: \"\"\r\n  c: x\r\n",
        ] {
            for column in [0, 2, 7] {
                let (is_lines, lines, tree) = both(text, column);
                assert!(is_lines, "{text}");
                assert_eq!(lines, tree, "{text}");
            }
        }
    }

    #[test]
    fn what_has_to_be_read_is_no_lines() {
        for text in [
            "k:\n  a: &x 1\n  b: 2\n",
            "z: &z 1\nk:\n  a: *z\n  b: 2\n",
            "k:\n  <<: {a: 1}\n  b: 2\n",
            "k:\n  a: !!str 1\n  b: 2\n",
            "k:\n  a: |\n    one\n    two\n",
            "k:\n  a: \u{e9}t\u{e9}\n  b: 2\n",
            "k: {a: 1}\n",
            "k: [\n  a]\n",
            "{k: {a: 1}}\n",
        ] {
            let (is_lines, lines, tree) = both(text, 0);
            assert!(!is_lines, "{text}");
            assert_eq!(lines, tree, "{text}");
        }
    }

    #[test]
    fn lines_can_be_changed() {
        let stream = Stream::parse("k:\n  a: 1\n  b: [x]\n").unwrap();
        let root = stream.documents[0].root();
        let k = root.get("k").unwrap().unwrap();
        let mut copy = Copy::of(root).value(&[], &[k]).unwrap();
        *copy.entry("k").entry("a") = Value::Int(2);
        let mut out = String::new();
        block::block(&mut out, &copy, 0, Layout::around(root));
        assert_eq!(out, "k:\n  a: 2\n  b:\n  - x\n");
    }
}
