//! Which bytes mean what, and where they end.

use memchr::{memchr, memchr_iter};

use super::swar;

/// The longest key, in bytes; readers stop at 1,024 characters.
pub(super) const KEY_LENGTH: usize = 1000;

const KEY: u8 = 1;
const PLAIN: u8 = 2;
const STARTS_PLAIN: u8 = 4;
const FLOW_WORD: u8 = 8;
const DOUBLE_QUOTED: u8 = 16;
const STARTS_USUAL_KEY: u8 = 32;

static CLASSES: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut b: u8 = 0;
    loop {
        let byte = b as usize;
        let word = b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'/');
        if word || b == b'-' {
            table[byte] |= KEY;
        }
        if word && b != b'.' {
            table[byte] |= STARTS_USUAL_KEY;
        }
        if word || matches!(b, b'-' | b'+') {
            table[byte] |= FLOW_WORD;
        }
        if !matches!(b, b'\n' | b'"' | b'\\') {
            table[byte] |= DOUBLE_QUOTED;
        }
        // Everything but what may end a plain scalar. Bytes of other scripts have been checked.
        if !matches!(b, b'\n' | b'\r' | b' ' | b':' | b'#') {
            table[byte] |= PLAIN;
        }
        if word
            || matches!(
                b,
                b'$' | b'(' | b'+' | b'<' | b'=' | b'^' | b'~' | b'\\' | b';'
            )
        {
            table[byte] |= STARTS_PLAIN;
        }
        if b == u8::MAX {
            return table;
        }
        b += 1;
    }
}

fn is(byte: u8, class: u8) -> bool {
    CLASSES[usize::from(byte)] & class != 0
}

/// The first byte from `at` on that is not of `class`.
fn after_class(text: &[u8], at: usize, class: u8) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|byte| is(**byte, class)).count()
}

/// Whether a plain scalar may begin with the byte, whatever follows.
pub(super) fn starts_plain(byte: u8) -> bool {
    is(byte, STARTS_PLAIN)
}

/// Whether a key that begins with the byte is plain, in block style.
pub(super) fn starts_usual_key(byte: u8) -> bool {
    is(byte, STARTS_USUAL_KEY)
}

/// After the bytes that belong to a key whatever is around them.
pub(super) fn after_key(text: &[u8], at: usize) -> usize {
    after_class(text, at, KEY)
}

/// After the bytes that belong to a plain scalar whatever is around them.
pub(super) fn after_plain(text: &[u8], at: usize) -> usize {
    after_class(text, at, PLAIN)
}

/// After the bytes that belong to a plain scalar in brackets.
pub(super) fn after_flow_word(text: &[u8], at: usize) -> usize {
    after_class(text, at, FLOW_WORD)
}

/// After the bytes that need no decoding in double quotes.
pub(super) fn after_double_quoted(text: &[u8], at: usize) -> usize {
    swar::double_quoted_end(text, at).unwrap_or_else(|| after_class(text, at, DOUBLE_QUOTED))
}

/// After the indentation of the line that starts at `line`.
pub(super) fn after_indent(text: &[u8], line: usize) -> usize {
    swar::not_space(text, line).unwrap_or_else(|| after_spaces(text, line))
}

/// After the spaces at `at`, of which there are few.
pub(super) fn after_spaces(text: &[u8], mut at: usize) -> usize {
    while text.get(at) == Some(&b' ') {
        at += 1;
    }
    at
}

/// Whether a space, a line break or the end of the text is at `at`.
pub(super) fn is_space(text: &[u8], at: usize) -> bool {
    matches!(text.get(at), None | Some(b' ' | b'\n' | b'\r'))
}

/// Where the line after that of `at` starts.
pub(super) fn next_line(text: &[u8], at: usize) -> usize {
    memchr(b'\n', &text[at..]).map_or(text.len(), |length| at + length + 1)
}

/// Whether every carriage return is part of a line break of Windows. Readers do not agree about
/// others; these are known by their first byte wherever the scanner looks for the end of a line.
pub(super) fn has_only_lf_or_crlf(text: &[u8]) -> bool {
    memchr_iter(b'\r', text).all(|at| text.get(at + 1) == Some(&b'\n'))
}

/// Whether `text` holds nothing but line breaks and printable ASCII.
pub(super) fn is_printable_ascii(text: &[u8]) -> bool {
    // Without an early exit inside of a block the compiler checks many bytes at a time.
    let odd = |byte: &u8| (*byte < b' ' && !matches!(*byte, b'\n' | b'\r')) || *byte > b'~';
    text.chunks(4096)
        .all(|block| !block.iter().fold(false, |found, byte| found | odd(byte)))
}

/// Whether every reader takes every character of `text` for what it is: no tabs or other controls,
/// no line separators that some take for line breaks, no byte order marks.
pub(super) fn is_plain_text(text: &str) -> bool {
    text.chars().all(|c| match c {
        '\u{2028}' | '\u{2029}' | '\u{feff}' => false,
        '\n' | '\r' | ' '..='~' | '\u{a0}'..='\u{fffd}' => true,
        _ => false,
    })
}
