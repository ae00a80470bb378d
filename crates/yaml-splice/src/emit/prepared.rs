//! Entries that are written into many mappings and differ in few values: made into text once for
//! each layout.

use std::ops::Range;
use std::sync::OnceLock;

use compact_str::CompactString;

use super::block::{after_colon, entry};
use super::layout::Layout;
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

    fn text(&self, column: usize, layout: Layout) -> Text {
        let mut lines = String::new();
        let key = Value::Text(self.key.clone());
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

/// `value` with its holes filled.
fn filled(value: &Value, fills: &[Value]) -> Value {
    match value {
        Value::Raw(text) => match text.strip_prefix(MARK) {
            Some(index) => {
                let index = index.parse().unwrap_or(usize::MAX);
                fills.get(index).cloned().unwrap_or(Value::Null)
            }
            None => value.clone(),
        },
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
