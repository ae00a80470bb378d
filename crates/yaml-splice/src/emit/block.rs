//! Values as block style text.

use super::flow::{FlowStyle, push_flow};
use super::layout::Layout;
use super::scalar::{Quoting, is_long_key, is_printable, push_scalar};
use crate::Value;

/// `value` as the lines of a document of its own.
pub(crate) fn document(value: &Value, layout: Layout) -> String {
    let mut out = String::new();
    block(&mut out, value, 0, layout);
    out
}

/// Writes `value` as lines at `column`.
pub(crate) fn block(out: &mut String, value: &Value, column: usize, layout: Layout) {
    spaces(out, column);
    rest_of_block(out, value, column, layout);
}

/// Writes `value` as lines at `column`; the first line is indented already.
fn rest_of_block(out: &mut String, value: &Value, column: usize, layout: Layout) {
    match value {
        Value::Mapping(entries) if !entries.is_empty() => {
            for (index, (key, value)) in entries.iter().enumerate() {
                if index > 0 {
                    spaces(out, column);
                }
                let layout = layout.followed(index + 1 < entries.len());
                rest_of_entry(out, key, value, column, layout);
            }
        }
        Value::Sequence(items) if !items.is_empty() => {
            for (index, value) in items.iter().enumerate() {
                if index > 0 {
                    spaces(out, column);
                }
                let layout = layout.followed(index + 1 < items.len());
                rest_of_item(out, value, column, layout);
            }
        }
        _ => {
            inline(out, value);
            out.push_str(layout.newline);
        }
    }
}

/// Writes `key: value` as lines at `column`.
pub(crate) fn entry(out: &mut String, key: &Value, value: &Value, column: usize, layout: Layout) {
    spaces(out, column);
    rest_of_entry(out, key, value, column, layout);
}

fn rest_of_entry(out: &mut String, key: &Value, value: &Value, column: usize, layout: Layout) {
    let start = out.len();
    inline(out, key);
    if is_long_key(&out[start..]) {
        out.insert_str(start, "? ");
        out.push_str(layout.newline);
        spaces(out, column);
    }
    out.push(':');
    after_colon(out, value, column, layout);
}

/// The line of `key` at `column` whose value follows below.
pub(crate) fn key(key: &str, column: usize, layout: Layout) -> String {
    let mut line = String::new();
    spaces(&mut line, column);
    inline(&mut line, &Value::text(key));
    line.push(':');
    line.push_str(layout.newline);
    line
}

/// Writes what follows a key at `column` and its colon, with the line break.
pub(crate) fn after_colon(out: &mut String, value: &Value, column: usize, layout: Layout) {
    match value {
        Value::Mapping(entries) if !entries.is_empty() => {
            out.push_str(layout.newline);
            block(out, value, column + layout.step, layout);
        }
        Value::Sequence(items) if !items.is_empty() => {
            out.push_str(layout.newline);
            block(out, value, column + layout.dash, layout);
        }
        Value::Quoted(text) if goes_literal(text, layout) => {
            literal(out, text, column + layout.step, layout);
        }
        _ => {
            out.push(' ');
            inline(out, value);
            out.push_str(layout.newline);
        }
    }
}

/// Writes `- value` as lines with the dash at `column`.
pub(crate) fn item(out: &mut String, value: &Value, column: usize, layout: Layout) {
    spaces(out, column);
    rest_of_item(out, value, column, layout);
}

/// Writes the same; the dash is indented already.
pub(crate) fn rest_of_item(out: &mut String, value: &Value, column: usize, layout: Layout) {
    out.push('-');
    match value {
        Value::Quoted(text) if goes_literal(text, layout) => {
            literal(out, text, column + 2, layout);
        }
        _ => {
            out.push(' ');
            rest_of_block(out, value, column + 2, layout);
        }
    }
}

/// Writes `value` in one line.
fn inline(out: &mut String, value: &Value) {
    match value {
        Value::Mapping(_) | Value::Sequence(_) => push_flow(out, value, &FlowStyle::YAML, 0),
        _ => push_scalar(out, value, Quoting::Block),
    }
}

/// Whether the text is written as a literal block scalar where that may be the last of the lines.
fn goes_literal(text: &str, layout: Layout) -> bool {
    is_literal(text) && (layout.terminated || !text.ends_with('\n'))
}

/// Whether the text can be a literal block scalar (`|`) that every reader takes for the same text.
fn is_literal(text: &str) -> bool {
    let body = text.strip_suffix('\n').unwrap_or(text);
    body.contains('\n')
        && !body.starts_with([' ', '\n'])
        && !body.ends_with('\n')
        && body.lines().all(|line| !line.ends_with([' ', '\t']))
        && body.chars().all(|c| c == '\n' || is_printable(c))
}

/// Whether the last line of `value` is one of a block scalar.
pub(crate) fn ends_in_literal(value: &Value) -> bool {
    match value {
        Value::Quoted(text) => is_literal(text),
        Value::Mapping(entries) => entries
            .last()
            .is_some_and(|(_, last)| ends_in_literal(last)),
        Value::Sequence(items) => items.last().is_some_and(ends_in_literal),
        _ => false,
    }
}

/// Writes a literal block scalar with its lines at `column`.
fn literal(out: &mut String, text: &str, column: usize, layout: Layout) {
    out.push_str(if text.ends_with('\n') { " |" } else { " |-" });
    out.push_str(layout.newline);
    for line in text.lines() {
        if !line.is_empty() {
            spaces(out, column);
        }
        out.push_str(line);
        out.push_str(layout.newline);
    }
}

pub(crate) const SPACES: &str = "                                                                ";

/// Adds `count` spaces.
pub(crate) fn spaces(out: &mut String, count: usize) {
    let mut left = count;
    while left > SPACES.len() {
        out.push_str(SPACES);
        left -= SPACES.len();
    }
    out.push_str(&SPACES[..left]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn block_style_nests_maps_and_lists() {
        let value = Value::mapping([
            (
                "a",
                Value::mapping([("b", Value::Sequence(vec![Value::Int(1)]))]),
            ),
            ("on", Value::text("10")),
            (
                "l",
                Value::Sequence(vec![Value::mapping([
                    ("x", Value::text("y z")),
                    ("e", Value::Null),
                ])]),
            ),
            ("script", Value::Quoted("one\ntwo\n".into())),
        ]);
        assert_eq!(
            document(
                &value,
                Layout {
                    newline: "\n",
                    step: 2,
                    dash: 0,
                    terminated: true,
                }
            ),
            "a:\n  b:\n  - 1\n\"on\": \"10\"\nl:\n- x: y z\n  e: null\nscript: |\n  one\n  two\n"
        );
    }
}
