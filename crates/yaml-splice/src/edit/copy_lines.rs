//! Collections written again as they are laid out, with the spelling of their scalars, without comments
//! and blank lines.

use crate::Value;
use crate::emit::block;
use crate::emit::layout::Layout;
use crate::emit::scalar::is_long_key;
use crate::read::merge::MERGE;
use crate::read::node::Node;
use crate::read::to_value::scalar;
use crate::tree::style::NodeStyle;

/// How much deeper than its key a collection is.
pub(super) fn deeper(node: Node<'_>, layout: Layout) -> usize {
    if node.style().is_sequence() {
        layout.dash
    } else {
        layout.step
    }
}

/// Writes collections as they are laid out, without comments and blank lines.
pub(super) struct Writer<'d> {
    text: String,
    layout: Layout,
    /// The keys of the mappings that are being written, from the outside in.
    names: Vec<&'d str>,
}

impl<'d> Writer<'d> {
    /// The lines of `node`, a block collection, at `column`; the first one has no indentation. Nothing
    /// where it would have to be read to be copied.
    pub fn lines(node: Node<'d>, column: usize, layout: Layout) -> Option<String> {
        let mut writer = Self {
            text: String::with_capacity(node.written().len()),
            layout,
            names: Vec::new(),
        };
        writer.collection(node, column)?;
        Some(writer.text)
    }

    /// Writes a block collection at `column`; the first line is indented already.
    fn collection(&mut self, node: Node<'d>, column: usize) -> Option<()> {
        if node.style() == NodeStyle::BlockSequence {
            for (index, item) in node.items().enumerate() {
                if index > 0 {
                    block::spaces(&mut self.text, column);
                }
                self.item(item, column)?;
            }
            return Some(());
        }
        let outer = self.names.len();
        for (index, (key, value)) in node.entries().enumerate() {
            if index > 0 {
                block::spaces(&mut self.text, column);
            }
            let written = spelling(key).filter(|key| !is_long_key(key))?;
            let name = key.text();
            let names = &self.names[outer..];
            if name == MERGE || names.contains(&name) || names.len() == MOST_KEYS {
                return None;
            }
            self.names.push(name);
            self.text.push_str(written);
            self.text.push(':');
            self.after_colon(value, column)?;
        }
        self.names.truncate(outer);
        Some(())
    }

    fn item(&mut self, item: Node<'d>, column: usize) -> Option<()> {
        if item.is_block_collection() {
            self.text.push_str("- ");
            return self.collection(item, column + 2);
        }
        if let Some(written) = spelling(item) {
            self.text.extend(["- ", written, self.layout.newline]);
            return Some(());
        }
        block::rest_of_item(&mut self.text, &read_value(item)?, column, self.layout);
        Some(())
    }

    fn after_colon(&mut self, value: Node<'d>, column: usize) -> Option<()> {
        if value.is_block_collection() {
            let column = column + deeper(value, self.layout);
            self.text.push_str(self.layout.newline);
            block::spaces(&mut self.text, column);
            return self.collection(value, column);
        }
        if let Some(written) = spelling(value) {
            self.text.extend([" ", written, self.layout.newline]);
            return Some(());
        }
        block::after_colon(&mut self.text, &read_value(value)?, column, self.layout);
        Some(())
    }
}

/// What has to be read to be copied, if that is possible by itself.
fn read_value(node: Node<'_>) -> Option<Value> {
    if node.is_alias() || node.document.nodes.properties.contains_key(&node.id) {
        return None;
    }
    if node.is_flow_collection() {
        return Value::from_node(node).ok();
    }
    scalar(node).ok()
}

/// The most keys of one mapping that are compared with each other.
const MOST_KEYS: usize = 64;

/// A scalar as it is written, where that can be written elsewhere.
pub(super) fn spelling(node: Node<'_>) -> Option<&str> {
    node.is_as_written().then(|| node.written())
}
