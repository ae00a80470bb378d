//! Quoted scalars that end on their line.

use super::bytes;
use crate::tree::style::NodeStyle;

/// A quoted scalar.
pub(super) struct Quoted {
    pub style: NodeStyle,
    /// The offset after the closing quote.
    pub end: usize,
    /// Its text, where that is not the source between the quotes.
    pub text: Option<String>,
}

impl Quoted {
    /// The scalar whose first quote is at `start`; `None` where that is no quote, where the scalar
    /// does not end on its line, or has an escape that is rarely seen.
    #[inline]
    pub fn at(source: &str, start: usize) -> Option<Self> {
        match source.as_bytes().get(start)? {
            b'"' => double(source, start),
            b'\'' => single(source, start),
            _ => None,
        }
    }
}

fn double(source: &str, start: usize) -> Option<Quoted> {
    let bytes = source.as_bytes();
    let mut text: Option<String> = None;
    let mut copied = start + 1;
    let mut at = copied;
    loop {
        at = bytes::after_double_quoted(bytes, at);
        match bytes.get(at)? {
            b'"' => break,
            b'\\' => {
                let (meaning, length) = escape(&bytes[at + 1..])?;
                let text = text.get_or_insert_default();
                text.push_str(&source[copied..at]);
                text.push(meaning);
                at += 1 + length;
                copied = at;
            }
            _ => return None,
        }
    }
    if let Some(text) = &mut text {
        text.push_str(&source[copied..at]);
    }
    Some(Quoted {
        style: NodeStyle::DoubleQuoted,
        end: at + 1,
        text,
    })
}

/// What follows a backslash: its meaning, and its length in bytes.
fn escape(written: &[u8]) -> Option<(char, usize)> {
    let meaning = match written.first()? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return Some((code_point(written.get(1..5)?)?, 5)),
        _ => return None,
    };
    Some((meaning, 1))
}

/// The character of four hexadecimal digits; none for half of a pair.
fn code_point(digits: &[u8]) -> Option<char> {
    let value = digits.iter().try_fold(0, |value, digit| {
        Some(value << 4 | char::from(*digit).to_digit(16)?)
    })?;
    char::from_u32(value)
}

fn single(source: &str, start: usize) -> Option<Quoted> {
    let bytes = source.as_bytes();
    let mut at = start + 1;
    let mut doubled = false;
    loop {
        match (bytes.get(at)?, bytes.get(at + 1)) {
            (b'\'', Some(b'\'')) => {
                doubled = true;
                at += 2;
            }
            (b'\'', _) => break,
            (b'\n', _) => return None,
            _ => at += 1,
        }
    }
    let text = doubled.then(|| source[start + 1..at].replace("''", "'"));
    Some(Quoted {
        style: NodeStyle::SingleQuoted,
        end: at + 1,
        text,
    })
}
