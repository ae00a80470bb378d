//! Lines of a text: where they begin and end, and how.

use memchr::{memchr2, memrchr2};

/// The line ending in use around `offset`.
pub(crate) fn newline(source: &str, offset: usize) -> &'static str {
    let bytes = source.as_bytes();
    let before = memrchr2(b'\n', b'\r', &bytes[..offset]);
    let at = before.or_else(|| memchr2(b'\n', b'\r', &bytes[offset..]).map(|at| at + offset));
    match at.map(|at| {
        (
            &source[at..=at],
            source[..at].ends_with('\r'),
            &source[at + 1..],
        )
    }) {
        Some(("\n", true, _)) => "\r\n",
        Some(("\r", _, rest)) if rest.starts_with('\n') => "\r\n",
        Some(("\r", ..)) => "\r",
        _ => "\n",
    }
}

/// The first byte of the line that contains `offset`, after a byte order mark.
pub(crate) fn line_start(source: &str, offset: usize) -> usize {
    let start = memrchr2(b'\n', b'\r', &source.as_bytes()[..offset]).map_or(0, |at| at + 1);
    if source[start..offset].starts_with('\u{feff}') {
        start + '\u{feff}'.len_utf8()
    } else {
        start
    }
}

/// The first byte of the next line, or the end of the text.
pub(crate) fn next_line(source: &str, offset: usize) -> usize {
    match memchr2(b'\n', b'\r', &source.as_bytes()[offset..]) {
        Some(at) if source[offset + at..].starts_with("\r\n") => offset + at + 2,
        Some(at) => offset + at + 1,
        None => source.len(),
    }
}

/// The first byte from `offset` on that is neither white space nor part of a comment.
pub(crate) fn skip_space_and_comments(source: &str, offset: usize) -> usize {
    let mut at = offset;
    loop {
        let rest = source[at..].trim_start_matches([' ', '\t', '\n', '\r']);
        at = source.len() - rest.len();
        if !rest.starts_with('#') {
            return at;
        }
        at = next_line(source, at);
    }
}

/// Whether a line begins at `offset`.
pub(crate) fn is_line_start(source: &str, offset: usize) -> bool {
    offset == 0 || source[..offset].ends_with(['\n', '\r'])
}

/// Whether a line begins at `offset`, or its byte order mark ends there.
pub(crate) fn is_first_on_line(source: &str, offset: usize) -> bool {
    let before = &source[..offset];
    let line = before.strip_suffix('\u{feff}').unwrap_or(before).len();
    is_line_start(source, line)
}

/// Whether the line that begins at `offset` is one to kubectl as well, which splits a text at line feeds
/// and not at carriage returns alone.
pub(crate) fn is_line_to_kubectl(source: &str, offset: usize) -> bool {
    let before = &source[..offset];
    let begins = matches!(before, "" | "\u{feff}") || before.ends_with('\n');
    let end = memchr2(b'\n', b'\r', &source.as_bytes()[offset..]);
    let rest = end.map_or("", |end| &source[offset + end..]);
    begins
        && !rest
            .strip_prefix('\r')
            .is_some_and(|rest| !rest.is_empty() && !rest.starts_with('\n'))
}

/// The text before `offset` on its line.
pub(crate) fn before_on_line(source: &str, offset: usize) -> &str {
    &source[line_start(source, offset)..offset]
}

/// The start of the line break before the line that begins at `line`.
pub(crate) fn before_line_break(source: &str, line: usize) -> usize {
    let text = &source[..line];
    let before = text.strip_suffix("\r\n");
    let before = before.or_else(|| text.strip_suffix(['\n', '\r']));
    before.unwrap_or(text).len()
}
