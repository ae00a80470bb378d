//! Mappings of texts that are written entry by entry, without a tree in between: a run may report
//! thousands.

use std::ops::Range;
use std::sync::Arc;

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

    /// The same for one that records share: those that follow one another get the same text.
    fn shared(&mut self, key: &str, mapping: &Arc<impl Record>);
}

impl Entries for Value {
    fn text(&mut self, key: &str, text: &str) {
        *self.entry(key) = Self::text(text);
    }

    fn mapping(&mut self, key: &str, write: impl FnOnce(&mut Self)) {
        write(self.entry(key));
    }

    fn shared(&mut self, key: &str, mapping: &Arc<impl Record>) {
        self.mapping(key, |entries| mapping.write(entries));
    }
}

/// Writes `records` as items of a list with their dashes at `column`.
pub(crate) fn items(out: &mut String, records: &[impl Record], column: usize, layout: Layout) {
    let mut lines = Lines {
        out,
        column: column + 2,
        layout,
        is_indented: false,
        shared: None,
    };
    for (index, record) in records.iter().enumerate() {
        spaces(lines.out, column);
        lines.out.push_str("- ");
        lines.is_indented = true;
        record.write(&mut lines);
        if index == 0 {
            // The others are about as long.
            lines.out.reserve(lines.out.len() * (records.len() - 1));
        }
    }
}

/// Entries as lines at `column`.
struct Lines<'o> {
    out: &'o mut String,
    column: usize,
    layout: Layout,
    /// Whether the next line is indented already.
    is_indented: bool,
    /// The last mapping that records share, and where its lines are.
    shared: Option<(Shared, Range<usize>)>,
}

/// A mapping that records share, at a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shared {
    address: *const (),
    column: usize,
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

    fn shared(&mut self, key: &str, mapping: &Arc<impl Record>) {
        self.mapping(key, |lines| {
            let this = Shared {
                address: Arc::as_ptr(mapping).cast(),
                column: lines.column,
            };
            match &lines.shared {
                Some((last, range)) if *last == this => lines.out.extend_from_within(range.clone()),
                _ => {
                    let start = lines.out.len();
                    mapping.write(lines);
                    lines.shared = Some((this, start..lines.out.len()));
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::block;

    struct Owner(&'static str);

    impl Record for Owner {
        fn write(&self, entries: &mut impl Entries) {
            entries.text("name", self.0);
            entries.mapping("of", |entries| entries.text("kind", "yes"));
        }
    }

    struct Item {
        what: &'static str,
        owners: Vec<Arc<Owner>>,
    }

    impl Record for Item {
        fn write(&self, entries: &mut impl Entries) {
            entries.text("what", self.what);
            for (key, owner) in ["first", "second"].into_iter().zip(&self.owners) {
                entries.shared(key, owner);
            }
            entries.mapping("deep", |entries| entries.shared("last", &self.owners[0]));
        }
    }

    #[test]
    fn records_that_share_a_mapping_are_written_like_values() {
        let [web, db] = ["web", "db: 1"].map(|name| Arc::new(Owner(name)));
        let owners = [vec![&web], vec![&web, &web], vec![&db, &web], vec![&db]];
        let items = owners.map(|owners| Item {
            what: "a\nb",
            owners: owners.into_iter().cloned().collect(),
        });
        let layout = Layout {
            newline: "\r\n",
            step: 2,
            dash: 0,
            terminated: true,
        };
        let (mut lines, mut expected) = (String::new(), String::new());
        super::items(&mut lines, &items, 4, layout);
        for item in &items {
            block::item(&mut expected, &item.to_value(), 4, layout);
        }
        assert_eq!(lines, expected);
    }
}
