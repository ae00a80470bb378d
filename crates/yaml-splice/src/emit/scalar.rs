//! Scalars as text in one line, and when they need quotes.

use std::fmt::Write;

use compact_str::ToCompactString;

use crate::Value;
use crate::text::BOM;
use crate::tree::scalar::is_clearly_plain;

/// Where a scalar is written, which decides about its quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quoting {
    /// Outside of brackets.
    Block,
    /// Inside brackets, where a comma ends a plain scalar.
    Flow,
    /// In JSON: every key and text in double quotes.
    Json,
}

/// A scalar in one line. Collections are no scalars; nothing is written for them.
pub(crate) fn scalar(value: &Value, quoting: Quoting) -> String {
    let mut out = String::new();
    push_scalar(&mut out, value, quoting);
    out
}

/// Adds a scalar in one line: without quotes where every reader takes it for what it is.
pub(crate) fn push_scalar(out: &mut String, value: &Value, quoting: Quoting) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Int(value) => out.push_str(&value.to_compact_string()),
        Value::Raw(written) if quoting == Quoting::Json && is_quoted_verbatim(written) => {
            out.push_str(written);
        }
        Value::Raw(written) => {
            // Where everything is in quotes, what is text to every reader is as well.
            let text = (quoting == Quoting::Json).then(|| value.as_text());
            match text.flatten() {
                Some(text) => push_quoted(out, text),
                None if quoting == Quoting::Block || is_safe_in_flow(written) => {
                    out.push_str(written);
                }
                None => out.push_str(&quoted_raw(written)),
            }
        }
        Value::Text(text) => push_text(out, text, quoting),
        Value::Quoted(text) => push_quoted(out, text),
        Value::Sequence(_) | Value::Mapping(_) => {}
    }
}

/// Adds text of ours, in quotes where some reader would take it for something else.
pub(crate) fn push_text(out: &mut String, text: &str, quoting: Quoting) {
    if goes_plain(text, quoting) {
        out.push_str(text);
    } else {
        push_quoted(out, text);
    }
}

/// Whether a key needs a `?`: without one, readers look for its colon in 1,024 characters.
pub(crate) fn is_long_key(key: &str) -> bool {
    key.len() > 1000
}

/// Whether text of ours goes without quotes.
fn goes_plain(text: &str, quoting: Quoting) -> bool {
    match quoting {
        Quoting::Block => is_clearly_plain(text),
        Quoting::Flow => is_clearly_plain(text) && !text.contains(','),
        Quoting::Json => false,
    }
}

/// A plain scalar from block style may hold what ends it inside brackets.
fn is_safe_in_flow(text: &str) -> bool {
    let is_quoted = after_tag(text).starts_with(['"', '\'']);
    is_quoted || !text.contains([',', '[', ']', '{', '}'])
}

/// A scalar as somebody wrote it that cannot be inside brackets: its tag stays.
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

/// `text` in double quotes, with the escapes that YAML and JSON share.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    push_quoted(&mut out, text);
    out
}

/// Adds [`quoted`] text to `out`.
pub(crate) fn push_quoted(out: &mut String, text: &str) {
    out.push('"');
    if is_verbatim(text.as_bytes()) {
        out.push_str(text);
    } else {
        text.chars().for_each(|c| push_escaped(out, c));
    }
    out.push('"');
}

/// Whether `written` is text between double quotes that stands there as it is.
fn is_quoted_verbatim(written: &str) -> bool {
    matches!(written.as_bytes(), [b'"', text @ .., b'"'] if is_verbatim(text))
}

/// Whether `text` stands as it is between double quotes. Sixteen bytes are checked at a time, or eight of
/// what is shorter, at the end with some of those before them.
fn is_verbatim(text: &[u8]) -> bool {
    let is_verbatim = |byte: u8| matches!(byte, b' '..=b'~') & !matches!(byte, b'"' | b'\\');
    let all = |bytes: &[u8]| {
        bytes
            .iter()
            .fold(true, |all, byte| all & is_verbatim(*byte))
    };
    let Some(last) = text.last_chunk::<16>() else {
        let ends = text.first_chunk::<8>().zip(text.last_chunk::<8>());
        return ends.map_or_else(|| all(text), |(first, last)| all(first) & all(last));
    };
    let (chunks, _) = text.as_chunks::<16>();
    chunks.iter().all(|chunk| all(chunk)) && all(last)
}

fn push_escaped(out: &mut String, c: char) {
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

/// Printable for readers of YAML 1.1 and 1.2, and no line break to any of them.
pub(crate) fn is_printable(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | BOM | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(quoted("a\u{85}\u{1f600}\""), "\"a\\u0085\u{1f600}\\\"\"");
    }
}
