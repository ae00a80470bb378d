//! Mappings of texts in brackets that are written entry by entry, without a tree in between.

use std::sync::Arc;

use super::flow::FlowStyle;
use super::record::{Entries, Record};
use super::scalar::push_text;

/// Writes `records` as items of a list in a mapping, the first of them at the index `first`.
pub(crate) fn items(
    out: &mut String,
    records: &[impl Record],
    first: usize,
    style: &FlowStyle<'_>,
) {
    let mut braces = Braces {
        out,
        style,
        depth: 1,
        is_empty: true,
    };
    for (index, record) in records.iter().enumerate() {
        style.begin(braces.out, first + index, braces.depth);
        braces.enclose(|entries| record.write(entries));
    }
}

/// Entries in braces.
struct Braces<'o> {
    out: &'o mut String,
    style: &'o FlowStyle<'o>,
    /// How many levels deeper than the mapping with the list they are.
    depth: usize,
    /// Whether there is none yet.
    is_empty: bool,
}

impl Braces<'_> {
    fn key(&mut self, key: &str) {
        let index = usize::from(!std::mem::take(&mut self.is_empty));
        self.style.begin(self.out, index, self.depth);
        push_text(self.out, key, self.style.quoting);
        self.out.push_str(self.style.colon());
    }

    /// Writes a mapping, which is not empty.
    fn enclose(&mut self, write: impl FnOnce(&mut Self)) {
        self.out.push('{');
        self.depth += 1;
        self.is_empty = true;
        write(self);
        self.depth -= 1;
        self.style.end(self.out, 1, self.depth);
        self.out.push('}');
    }
}

impl Entries for Braces<'_> {
    fn text(&mut self, key: &str, text: &str) {
        self.key(key);
        push_text(self.out, text, self.style.quoting);
    }

    fn mapping(&mut self, key: &str, write: impl FnOnce(&mut Self)) {
        self.key(key);
        self.enclose(write);
    }

    fn shared(&mut self, key: &str, mapping: &Arc<impl Record>) {
        self.mapping(key, |entries| mapping.write(entries));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::Value;
    use crate::emit::flow::{FlowLines, FlowStyle, push_flow};
    use crate::emit::record::{Entries, Record};
    use crate::emit::scalar::Quoting;

    struct Owner;

    impl Record for Owner {
        fn write(&self, entries: &mut impl Entries) {
            entries.text("name", "db: 1");
            entries.mapping("of", |entries| entries.text("kind", "yes"));
        }
    }

    struct Item(&'static str);

    impl Record for Item {
        fn write(&self, entries: &mut impl Entries) {
            entries.shared("owner", &Arc::new(Owner));
            entries.text("what", self.0);
        }
    }

    #[test]
    fn records_are_written_like_values() {
        let items = ["a\nb", "c, d", "\u{e9}"].map(Item);
        let values = items.iter().map(Record::to_value).collect();
        let values = Value::Sequence(values);
        let lines = FlowLines {
            newline: "\n",
            prefix: "  ",
            step: "\t",
        };
        for quoting in [Quoting::Json, Quoting::Flow] {
            for (spaced, lines) in [(false, None), (true, None), (true, Some(lines))] {
                let style = FlowStyle {
                    quoting,
                    spaced,
                    lines,
                };
                let mut written = "[".to_owned();
                super::items(&mut written, &items[..1], 0, &style);
                super::items(&mut written, &items[1..], 1, &style);
                style.end(&mut written, items.len(), 0);
                written.push(']');
                let mut expected = String::new();
                push_flow(&mut expected, &values, &style, 0);
                assert_eq!(written, expected);
            }
        }
    }
}
