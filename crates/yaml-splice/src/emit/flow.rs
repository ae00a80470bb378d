//! Values as flow style text: `{a: b}`, or JSON.

use super::scalar::{Quoting, is_long_key, push_scalar};
use crate::Value;

/// How flow style is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FlowStyle<'s> {
    /// [`Quoting::Flow`] or [`Quoting::Json`].
    pub quoting: Quoting,
    /// Whether spaces follow colons and commas.
    pub spaced: bool,
    /// Entries on lines of their own.
    pub lines: Option<FlowLines<'s>>,
}

/// Flow style over lines, as `kubectl get -o json` prints it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FlowLines<'s> {
    pub newline: &'static str,
    /// The white space before an entry.
    pub prefix: &'s str,
    /// What each level adds to it.
    pub step: &'s str,
}

impl FlowStyle<'_> {
    /// `{a: b, c: d}`
    pub const YAML: Self = Self {
        quoting: Quoting::Flow,
        spaced: true,
        lines: None,
    };

    /// Adds what separates two entries that are `depth` levels deeper.
    pub fn separate(&self, out: &mut String, depth: usize) {
        out.push(',');
        if self.lines.is_some() {
            self.begin_line(out, depth);
        } else if self.spaced {
            out.push(' ');
        }
    }

    /// Begins the line of an entry that is `depth` levels deeper, where entries have lines.
    fn begin_line(&self, out: &mut String, depth: usize) {
        if let Some(lines) = &self.lines {
            out.push_str(lines.newline);
            out.push_str(lines.prefix);
            for _ in 0..depth {
                out.push_str(lines.step);
            }
        }
    }

    /// Adds what comes before the entry at `index`.
    pub fn begin(&self, out: &mut String, index: usize, depth: usize) {
        if index == 0 {
            self.begin_line(out, depth);
        } else {
            self.separate(out, depth);
        }
    }

    /// Adds what comes between the last of `count` entries and the closing bracket.
    pub fn end(&self, out: &mut String, count: usize, depth: usize) {
        if count > 0 {
            self.begin_line(out, depth);
        }
    }

    /// What comes between a key and its value.
    pub fn colon(&self) -> &'static str {
        match self.quoting {
            Quoting::Json if !self.spaced => ":",
            _ => ": ",
        }
    }
}

/// `value` in flow style.
pub(crate) fn flow(value: &Value, style: &FlowStyle<'_>) -> String {
    let mut out = String::new();
    push_flow(&mut out, value, style, 0);
    out
}

/// Adds `value`, which is `depth` levels deeper.
pub(crate) fn push_flow(out: &mut String, value: &Value, style: &FlowStyle<'_>, depth: usize) {
    write(out, value, style, depth, &mut scalars(style));
}

/// Adds `key: value`, which is `depth` levels deeper.
pub(crate) fn push_entry(
    out: &mut String,
    key: &Value,
    value: &Value,
    style: &FlowStyle<'_>,
    depth: usize,
) {
    write_entry(out, (key, value), style, depth, &mut scalars(style));
}

fn scalars(style: &FlowStyle<'_>) -> impl FnMut(&mut String, &Value) + use<> {
    let quoting = style.quoting;
    move |out, value| push_scalar(out, value, quoting)
}

/// Adds `value`, which is `depth` levels deeper; `leaf` adds what is no collection.
fn write(
    out: &mut String,
    value: &Value,
    style: &FlowStyle<'_>,
    depth: usize,
    leaf: &mut impl FnMut(&mut String, &Value),
) {
    match value {
        Value::Mapping(entries) => {
            out.push('{');
            for (index, (key, value)) in entries.iter().enumerate() {
                style.begin(out, index, depth + 1);
                write_entry(out, (key, value), style, depth + 1, leaf);
            }
            style.end(out, entries.len(), depth);
            out.push('}');
        }
        Value::Sequence(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                style.begin(out, index, depth + 1);
                write(out, item, style, depth + 1, leaf);
            }
            style.end(out, items.len(), depth);
            out.push(']');
        }
        _ => leaf(out, value),
    }
}

/// Adds an entry in the same way.
pub(super) fn write_entry(
    out: &mut String,
    (key, value): (&Value, &Value),
    style: &FlowStyle<'_>,
    depth: usize,
    leaf: &mut impl FnMut(&mut String, &Value),
) {
    let start = out.len();
    push_flow(out, key, style, 0);
    if style.quoting != Quoting::Json && is_long_key(&out[start..]) {
        out.insert_str(start, "? ");
        out.push_str(" : ");
    } else {
        out.push_str(style.colon());
    }
    write(out, value, style, depth, leaf);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value() -> Value {
        Value::mapping([
            ("a", Value::text("b")),
            (
                "list",
                Value::Sequence(vec![Value::Int(1), Value::text("x,y")]),
            ),
        ])
    }

    #[test]
    fn yaml_and_json() {
        assert_eq!(
            flow(&value(), &FlowStyle::YAML),
            "{a: b, list: [1, \"x,y\"]}"
        );
        let json = FlowStyle {
            quoting: Quoting::Json,
            ..FlowStyle::YAML
        };
        assert_eq!(
            flow(&value(), &json),
            "{\"a\": \"b\", \"list\": [1, \"x,y\"]}"
        );
        let dense = FlowStyle {
            spaced: false,
            ..json
        };
        assert_eq!(flow(&value(), &dense), "{\"a\":\"b\",\"list\":[1,\"x,y\"]}");
    }

    #[test]
    fn json_over_lines() {
        let lines = FlowLines {
            newline: "\n",
            prefix: "  ",
            step: "  ",
        };
        let style = FlowStyle {
            quoting: Quoting::Json,
            lines: Some(lines),
            ..FlowStyle::YAML
        };
        assert_eq!(
            flow(&Value::mapping([("a", Value::Int(1))]), &style),
            "{\n    \"a\": 1\n  }"
        );
    }
}
