//! Where a block scalar begins and ends: the parser's span starts behind the header and runs to
//! the next token.

use std::ops::Range;

/// The range from the header (`|` or `>`) to the end of the content.
///
/// Trailing blank lines belong to the value only with the keep indicator (`|+`); otherwise the
/// range ends with the last line that has content. `before` is where the previous token ended,
/// `indent` the number of spaces in front of the content.
pub(super) fn extent(
    source: &str,
    before: usize,
    span: Range<usize>,
    indent: usize,
) -> Range<usize> {
    let header = header(source, before.min(span.start), span.start);
    let header_end = header
        + source[header..]
            .find(['\n', '\r'])
            .unwrap_or(source.len() - header);
    let keep = indicators(&source[header..header_end]).contains('+');
    // At the end of the text the span of nothing is the header itself.
    let span = span.start.max(header_end)..span.end.max(header_end);
    let body = &source[span.clone()];
    let blank = body.trim_matches(['\n', '\r', ' ', '\t']).is_empty();
    if blank && (!keep || body.is_empty()) {
        // Nothing but blank lines, and the span may begin behind the next line's indentation.
        return header..end_of_header(source, header, header_end);
    }
    let end = if keep {
        span.start + body.trim_end_matches([' ', '\t']).len()
    } else {
        span.start + without_blank_lines(body, indent).len()
    };
    header..end.max(header_end.min(end_of_header(source, header, header_end)))
}

/// Whether the header at the start of `written` asks to keep trailing line breaks.
pub(super) fn keeps_line_breaks(written: &str) -> bool {
    indicators(written.lines().next().unwrap_or(written)).contains('+')
}

/// Whether the header at the start of `written` asks to strip the last line break.
pub(super) fn strips_line_breaks(written: &str) -> bool {
    indicators(written.lines().next().unwrap_or(written)).contains('-')
}

/// The header without its comment.
fn indicators(header: &str) -> &str {
    header.split([' ', '\t']).next().unwrap_or(header)
}

fn end_of_header(source: &str, header: usize, header_end: usize) -> usize {
    header + indicators(&source[header..header_end]).len()
}

/// The offset of the `|` or `>` between `from` and `to`, skipping comments, anchors and tags.
fn header(source: &str, from: usize, to: usize) -> usize {
    let bytes = source.as_bytes();
    let mut at = from;
    while at < to {
        match bytes[at] {
            b'|' | b'>' => return at,
            b'#' => at = skip(bytes, at, to, |byte| byte == b'\n' || byte == b'\r'),
            b'&' | b'!' => at = skip(bytes, at, to, |byte| byte.is_ascii_whitespace()),
            _ => at += 1,
        }
    }
    to
}

fn skip(bytes: &[u8], from: usize, to: usize, stop: impl Fn(u8) -> bool) -> usize {
    (from..to).find(|&at| stop(bytes[at])).unwrap_or(to)
}

/// `body` without the blank lines at its end that are no deeper than `indent`; a deeper one is
/// content (spaces).
fn without_blank_lines(body: &str, indent: usize) -> &str {
    let mut rest = body.trim_end_matches(['\n', '\r']);
    loop {
        let line_start = rest.rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let line = &rest[line_start..];
        if line_start == 0 || line.len() > indent || line.contains(|c| c != ' ') {
            return rest;
        }
        rest = rest[..line_start].trim_end_matches(['\n', '\r']);
    }
}
