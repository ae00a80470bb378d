//! Values as flow style text: `{a: b}`, or JSON.

use std::fmt::Write;

use super::block::is_printable;
use crate::Value;
use crate::tree::scalar::is_clearly_plain;

/// How flow style is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FlowStyle<'s> {
    /// Strictly JSON: every key and text in double quotes.
    pub json: bool,
    /// Inside brackets, where a comma ends a plain text.
    pub flow: bool,
    /// A space behind colons and commas.
    pub spaced: bool,
    /// Entries on lines of their own.
    pub lines: Option<Lines<'s>>,
}

/// Flow style over lines, as `kubectl get -o json` prints it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lines<'s> {
    pub newline: &'static str,
    /// The white space in front of an entry.
    pub prefix: &'s str,
    /// What each level adds to it.
    pub step: &'s str,
}

impl FlowStyle<'_> {
    pub const BLOCK: Self = Self {
        json: false,
        flow: false,
        spaced: true,
        lines: None,
    };
    pub const YAML: Self = Self {
        json: false,
        flow: true,
        spaced: true,
        lines: None,
    };

    /// Adds what stands between two entries that stand `depth` levels deeper.
    pub fn separate(&self, out: &mut String, depth: usize) {
        out.push(',');
        if self.lines.is_some() {
            self.begin_line(out, depth);
        } else if self.spaced {
            out.push(' ');
        }
    }

    /// Begins the line of an entry that stands `depth` levels deeper, where entries have lines.
    fn begin_line(&self, out: &mut String, depth: usize) {
        if let Some(lines) = &self.lines {
            out.push_str(lines.newline);
            out.push_str(lines.prefix);
            for _ in 0..depth {
                out.push_str(lines.step);
            }
        }
    }
}

/// `value` in flow style.
pub(crate) fn flow(value: &Value, style: &FlowStyle<'_>) -> String {
    let mut out = String::new();
    push_flow(&mut out, value, style, 0);
    out
}

/// Adds `value`, which stands `depth` levels deeper.
pub(crate) fn push_flow(out: &mut String, value: &Value, style: &FlowStyle<'_>, depth: usize) {
    match value {
        Value::Mapping(entries) => {
            out.push('{');
            for (index, (key, value)) in entries.iter().enumerate() {
                begin(out, index, style, depth + 1);
                push_entry(out, key, value, style, depth + 1);
            }
            end(out, entries.len(), style, depth);
            out.push('}');
        }
        Value::Sequence(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                begin(out, index, style, depth + 1);
                push_flow(out, item, style, depth + 1);
            }
            end(out, items.len(), style, depth);
            out.push(']');
        }
        _ => push_scalar(out, value, style),
    }
}

/// Adds what stands in front of the entry at `index`.
fn begin(out: &mut String, index: usize, style: &FlowStyle<'_>, depth: usize) {
    if index == 0 {
        style.begin_line(out, depth);
    } else {
        style.separate(out, depth);
    }
}

/// Adds what stands between the last of `count` entries and the closing bracket.
fn end(out: &mut String, count: usize, style: &FlowStyle<'_>, depth: usize) {
    if count > 0 {
        style.begin_line(out, depth);
    }
}

/// Adds `key: value`, which stands `depth` levels deeper.
pub(crate) fn push_entry(
    out: &mut String,
    key: &Value,
    value: &Value,
    style: &FlowStyle<'_>,
    depth: usize,
) {
    let start = out.len();
    push_scalar(out, key, style);
    let is_long = is_long_key(&out[start..]) && !style.json;
    if is_long {
        out.insert_str(start, "? ");
    }
    out.push_str(match style {
        _ if is_long => " : ",
        FlowStyle {
            json: true,
            spaced: false,
            ..
        } => ":",
        _ => ": ",
    });
    push_flow(out, value, style, depth);
}

/// Whether a key needs a `?`: without one, readers look for its colon in 1024 characters.
pub(crate) fn is_long_key(key: &str) -> bool {
    key.len() > 1000
}

/// A scalar in one line.
pub(crate) fn scalar(value: &Value, style: &FlowStyle<'_>) -> String {
    let mut out = String::new();
    push_scalar(&mut out, value, style);
    out
}

/// Adds a scalar in one line: without quotes where every reader takes it for what it is.
pub(crate) fn push_scalar(out: &mut String, value: &Value, style: &FlowStyle<'_>) {
    match value {
        Value::Null => out.push_str("null"),
        // Writing to a String cannot fail.
        Value::Bool(value) => drop(write!(out, "{value}")),
        Value::Int(value) => drop(write!(out, "{value}")),
        // Where everything is in quotes, what is text to every reader is as well.
        Value::Raw(text) if style.json && value.as_text().is_some() => push_quoted(out, text),
        Value::Raw(text) if !style.flow || is_safe_in_flow(text) => out.push_str(text),
        Value::Raw(text) => out.push_str(&quoted_raw(text)),
        Value::Text(text) if is_plain(text, style) => out.push_str(text),
        Value::Text(text) | Value::Quoted(text) => push_quoted(out, text),
        Value::Sequence(_) | Value::Mapping(_) => push_flow(out, value, style, 0),
    }
}

/// Whether text of ours goes without quotes.
fn is_plain(text: &str, style: &FlowStyle<'_>) -> bool {
    !style.json && is_clearly_plain(text) && !(style.flow && text.contains(','))
}

/// A plain scalar from block style may hold what ends it inside brackets.
fn is_safe_in_flow(text: &str) -> bool {
    is_quoted(after_tag(text)) || !text.contains([',', '[', ']', '{', '}'])
}

/// A scalar as somebody wrote it that cannot stand inside brackets: its tag stays.
fn quoted_raw(text: &str) -> String {
    let plain = after_tag(text);
    format!("{}{}", &text[..text.len() - plain.len()], quoted(plain))
}

fn after_tag(text: &str) -> &str {
    match text.split_once(' ') {
        Some((tag, rest)) if tag.starts_with('!') => rest,
        _ => text,
    }
}

fn is_quoted(text: &str) -> bool {
    text.starts_with(['"', '\''])
}

/// `text` in double quotes, with the escapes that YAML and JSON share.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    push_quoted(&mut out, text);
    out
}

/// Adds [`quoted`] text to `out`.
pub(crate) fn push_quoted(out: &mut String, text: &str) {
    out.push('"');
    let is_verbatim = |byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
    if text.bytes().all(is_verbatim) {
        out.push_str(text);
        out.push('"');
        return;
    }
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_printable(c) => out.push(c),
            // Everything unprintable has four digits; writing to a String cannot fail.
            c => drop(write!(out, "\\u{:04x}", u32::from(c))),
        }
    }
    out.push('"');
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
            json: true,
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
        let lines = Lines {
            newline: "\n",
            prefix: "  ",
            step: "  ",
        };
        let style = FlowStyle {
            json: true,
            lines: Some(lines),
            ..FlowStyle::YAML
        };
        assert_eq!(
            flow(&Value::mapping([("a", Value::Int(1))]), &style),
            "{\n    \"a\": 1\n  }"
        );
    }

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(quoted("a\u{85}\u{1f600}\""), "\"a\\u0085\u{1f600}\\\"\"");
    }
}
