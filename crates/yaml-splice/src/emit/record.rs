//! Mappings of texts that are written entry by entry, without a tree in between: a run may report
//! thousands.

use super::block::spaces;
use super::layout::Layout;
use super::scalar::{Quoting, push_text};
use crate::Value;
use crate::tree::scalar::is_clearly_plain;

/// A mapping of texts and of mappings.
pub trait Record {
    /// Adds its entries, in order and each key once.
    fn write(&self, entries: &mut impl Entries);

    /// The same as a value.
    fn to_value(&self) -> Value {
        let mut value = Value::Mapping(Vec::new());
        self.write(&mut value);
        value
    }
}

/// What the entries of a [`Record`] are added to. A key is a word that needs no quotes outside of
/// JSON.
pub trait Entries {
    /// Adds `key` with a text.
    fn text(&mut self, key: &str, text: &str);

    /// Adds `key` with a mapping, which is not empty.
    fn mapping(&mut self, key: &str, write: impl FnOnce(&mut Self));
}

impl Entries for Value {
    fn text(&mut self, key: &str, text: &str) {
        *self.entry(key) = Self::text(text);
    }

    fn mapping(&mut self, key: &str, write: impl FnOnce(&mut Self)) {
        write(self.entry(key));
    }
}

/// Writes `record` as an item of a list with its dash at `column`.
pub(crate) fn item(out: &mut String, record: &impl Record, column: usize, layout: Layout) {
    spaces(out, column);
    out.push_str("- ");
    record.write(&mut Lines {
        out,
        column: column + 2,
        layout,
        is_indented: true,
    });
}

/// Entries as lines at `column`.
struct Lines<'o> {
    out: &'o mut String,
    column: usize,
    layout: Layout,
    /// Whether the next line is indented already.
    is_indented: bool,
}

impl Lines<'_> {
    fn key(&mut self, key: &str) {
        if !std::mem::take(&mut self.is_indented) {
            spaces(self.out, self.column);
        }
        debug_assert!(is_clearly_plain(key), "{key}");
        self.out.push_str(key);
        self.out.push(':');
    }
}

impl Entries for Lines<'_> {
    fn text(&mut self, key: &str, text: &str) {
        self.key(key);
        self.out.push(' ');
        push_text(self.out, text, Quoting::Block);
        self.out.push_str(self.layout.newline);
    }

    fn mapping(&mut self, key: &str, write: impl FnOnce(&mut Self)) {
        self.key(key);
        self.out.push_str(self.layout.newline);
        self.column += self.layout.step;
        write(self);
        self.column -= self.layout.step;
    }
}
