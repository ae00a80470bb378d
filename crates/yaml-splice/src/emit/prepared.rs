//! Entries that are written into many mappings and differ in few values: made into text once for
//! each layout.

use std::ops::Range;
use std::sync::OnceLock;

use compact_str::CompactString;

use super::block::{after_colon, entry};
use super::flow::{self, FlowStyle, push_entry, push_flow};
use super::layout::Layout;
use super::scalar::push_scalar;
use crate::Value;

/// How many layouts are remembered; a package hardly has more.
const LAYOUTS: usize = 8;

/// Stands where a hole is in text that is remembered. Text of ours has it as an escape only.
const MARK: char = '\u{1}';

/// An entry `key: value` for many mappings, with holes for what differs from one to the other.
///
/// ```
/// use std::sync::Arc;
/// use yaml_splice::{Edits, Prepared, Stream, Value, apply};
///
/// let rule = Value::mapping([("limit", Value::Int(1)), ("of", Prepared::hole(0))]);
/// let rule = Arc::new(Prepared::new("rule", rule));
/// let text = "a:\n  x: 1\nb:\n  x: 2\n";
/// let stream = Stream::parse(text)?;
/// let mut edits = Edits::new(&stream.documents[0]);
/// for (key, mapping) in stream.documents[0].root().entries() {
///     edits.put_prepared(mapping, &rule, vec![Value::text(key.text())])?;
/// }
/// let changed = apply(text, edits.splices()?).expect("edits of one document do not overlap");
/// assert_eq!(
///     changed.to_string(),
///     "a:\n  x: 1\n  rule:\n    limit: 1\n    of: a\nb:\n  x: 2\n  rule:\n    limit: 1\n    of: b\n",
/// );
/// # Ok::<(), yaml_splice::YamlError>(())
/// ```
#[derive(Debug)]
pub struct Prepared {
    key: CompactString,
    value: Value,
    texts: [OnceLock<Text>; LAYOUTS],
    in_flow: [OnceLock<FlowText>; LAYOUTS],
}

/// An entry in one line inside of brackets.
#[derive(Debug)]
struct FlowText {
    style: FlowStyle<'static>,
    /// What stands before each hole, and its index.
    pieces: Vec<(String, usize)>,
    end: String,
}

/// The lines of an entry in one layout.
#[derive(Debug)]
struct Text {
    column: usize,
    layout: Layout,
    /// What stands before each hole.
    pieces: Vec<(String, Hole)>,
    end: String,
}

/// The value of a key that is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Hole {
    index: usize,
    /// The column of the key.
    column: usize,
}

impl Prepared {
    /// An entry with `value`, in which values of keys may be holes.
    pub fn new(key: impl Into<CompactString>, value: Value) -> Self {
        Self {
            key: key.into(),
            value,
            texts: std::array::from_fn(|_| OnceLock::new()),
            in_flow: std::array::from_fn(|_| OnceLock::new()),
        }
    }

    /// What is filled in with the value at `index` of those that come with each mapping.
    pub fn hole(index: u8) -> Value {
        Value::Raw(format!("{MARK}{index}").into())
    }

    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// The value with its holes filled.
    pub(crate) fn value(&self, fills: &[Value]) -> Value {
        filled(&self.value, fills)
    }

    /// Writes the entry as lines at `column`.
    pub(crate) fn write(&self, out: &mut String, fills: &[Value], column: usize, layout: Layout) {
        for text in &self.texts {
            let text = text.get_or_init(|| self.text(column, layout));
            if text.column == column && text.layout.is_like(layout) {
                return text.write(out, fills);
            }
        }
        self.text(column, layout).write(out, fills);
    }

    /// Writes the entry inside of brackets.
    pub(crate) fn write_in_flow(&self, out: &mut String, fills: &[Value], style: &FlowStyle<'_>) {
        let one_line = FlowStyle {
            lines: None,
            ..*style
        };
        let texts = self.in_flow.iter().filter(|_| style.lines.is_none());
        let mut texts = texts.map(|text| text.get_or_init(|| self.flow_text(one_line)));
        match texts.find(|text| text.style == one_line) {
            Some(text) => text.write(out, fills),
            None => push_entry(out, &self.key_value(), &self.value(fills), style, 0),
        }
    }

    fn flow_text(&self, style: FlowStyle<'static>) -> FlowText {
        let mut pieces = Vec::new();
        let mut end = String::new();
        let key = self.key_value();
        let entry = (&key, &self.value);
        flow::write_entry(
            &mut end,
            entry,
            &style,
            0,
            &mut |before, value| match hole_index(value) {
                Some(index) => pieces.push((std::mem::take(before), index)),
                None => push_scalar(before, value, style.quoting),
            },
        );
        FlowText { style, pieces, end }
    }

    fn key_value(&self) -> Value {
        Value::Text(self.key.clone())
    }

    fn text(&self, column: usize, layout: Layout) -> Text {
        let mut lines = String::new();
        let key = self.key_value();
        entry(&mut lines, &key, &self.value, column, layout);
        let mut pieces = Vec::new();
        let mut end = lines.as_str();
        while let Some((before, behind)) = end.split_once(MARK) {
            let (index, rest) = behind.split_once(layout.newline).unwrap_or((behind, ""));
            let before = before.trim_end_matches(' ');
            let line = before.rsplit(['\n', '\r']).next().unwrap_or(before);
            let column = line.len() - line.trim_start_matches([' ', '-']).len();
            let index = index.parse().unwrap_or(usize::MAX);
            pieces.push((before.to_owned(), Hole { index, column }));
            end = rest;
        }
        let end = end.to_owned();
        Text {
            column,
            layout,
            pieces,
            end,
        }
    }
}

impl Text {
    fn write(&self, out: &mut String, fills: &[Value]) {
        let mut last: Option<(Hole, Range<usize>)> = None;
        for (before, hole) in &self.pieces {
            out.push_str(before);
            let start = out.len();
            match &last {
                // The same value at the same column is the same text.
                Some((known, range)) if known == hole => out.extend_from_within(range.clone()),
                _ => {
                    let fill = fills.get(hole.index).unwrap_or(&Value::Null);
                    after_colon(out, fill, hole.column, self.layout);
                    last = Some((*hole, start..out.len()));
                }
            }
        }
        out.push_str(&self.end);
    }
}

impl FlowText {
    fn write(&self, out: &mut String, fills: &[Value]) {
        for (before, index) in &self.pieces {
            out.push_str(before);
            push_flow(
                out,
                fills.get(*index).unwrap_or(&Value::Null),
                &self.style,
                0,
            );
        }
        out.push_str(&self.end);
    }
}

/// The index of the hole that `value` is.
fn hole_index(value: &Value) -> Option<usize> {
    let Value::Raw(text) = value else {
        return None;
    };
    let index = text.strip_prefix(MARK)?;
    Some(index.parse().unwrap_or(usize::MAX))
}

/// `value` with its holes filled.
fn filled(value: &Value, fills: &[Value]) -> Value {
    if let Some(index) = hole_index(value) {
        return fills.get(index).cloned().unwrap_or(Value::Null);
    }
    match value {
        Value::Sequence(items) => {
            Value::Sequence(items.iter().map(|item| filled(item, fills)).collect())
        }
        Value::Mapping(entries) => {
            let entries = entries.iter();
            let entries = entries.map(|(key, value)| (key.clone(), filled(value, fills)));
            Value::Mapping(entries.collect())
        }
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::{Edits, Prepared, Stream, Value, apply};

    #[test]
    fn it_is_written_as_its_value_is() {
        let rule = |of: &[Value; 2]| {
            let [one, other] = of.clone();
            let item = Value::mapping([("of", one.clone()), ("on", Value::text("on"))]);
            Value::mapping([
                ("list", Value::Sequence(vec![item])),
                ("n", other),
                ("z", one),
            ])
        };
        let prepared = rule(&[Prepared::hole(0), Prepared::hole(1)]);
        let prepared = Arc::new(Prepared::new("rule", prepared));
        for text in [
            "a:\n  x: 1\nb:\n  x: 2\n",
            "{\"a\":{\"x\":1},\"b\":{}}",
            "{\"a\": {\"x\": 1}, \"b\": {\"x\": 1}}",
            "a: {x: 1}\nb: {x: 2}\n",
            "{\n  \"a\": {\n    \"x\": 1\n  },\n  \"b\": {\n    \"x\": 1\n  }\n}\n",
        ] {
            let stream = Stream::parse(text).unwrap();
            let [mut by_value, mut by_text] = [(); 2].map(|()| Edits::new(&stream.documents[0]));
            for (key, mapping) in stream.documents[0].root().entries() {
                let fills = [
                    Value::mapping([("app", Value::text(key.text()))]),
                    Value::Int(3),
                ];
                by_value.put(mapping, &["rule"], rule(&fills)).unwrap();
                by_text
                    .put_prepared(mapping, &prepared, fills.to_vec())
                    .unwrap();
            }
            let [value, prepared] = [by_value, by_text].map(|edits| {
                let splices = edits.splices().unwrap();
                apply(text, splices).unwrap().to_string()
            });
            assert_eq!(prepared, value);
        }
    }
}
