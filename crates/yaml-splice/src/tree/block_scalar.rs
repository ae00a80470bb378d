//! Block scalars: what their header says, where they begin and end, and the text of a literal one.

use std::iter::successors;
use std::ops::Range;

use crate::text::lines::{is_line_start, next_line};

/// The range from the header (`|` or `>`) to the end of the content.
///
/// Trailing blank lines belong to the value only with the keep indicator (`|+`); otherwise the
/// range ends with the last line that has content. `before` is where the previous token ended,
/// `indent` the number of spaces before the content, `text` the value: only it tells blank
/// lines from lines of tabs, or of more spaces than the indentation.
pub(crate) fn extent(
    source: &str,
    before: usize,
    span: Range<usize>,
    indent: usize,
    text: &str,
) -> Range<usize> {
    let header = header(source, before.min(span.start), span.start);
    let header_end = header
        + source[header..]
            .find(['\n', '\r'])
            .unwrap_or(source.len() - header);
    let keep = indicators(&source[header..header_end]).contains('+');
    // At the end of the text an empty span is at the header itself.
    let span = span.start.max(header_end)..span.end.max(header_end);
    let body = &source[span.clone()];
    let is_blank = text.bytes().all(|byte| byte == b'\n');
    if is_blank {
        // The span may begin after the next line's indentation.
        let lines = if keep { text.len() + 1 } else { 0 };
        return header..after_lines(source, end_of_header(source, header, header_end), lines);
    }
    let content = if keep {
        without_indentation(body, indent)
    } else {
        without_blank_lines(body, indent)
    };
    header..span.start + content.len()
}

/// Whether the header at the start of `written` asks to keep trailing line breaks.
pub(crate) fn keeps_line_breaks(written: &str) -> bool {
    indicators(written.lines().next().unwrap_or(written)).contains('+')
}

/// Whether the header at the start of `written` asks to strip the last line break.
pub(crate) fn strips_line_breaks(written: &str) -> bool {
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

/// Where the line that holds `from` and the ones below it end, `count` of them if each has a line
/// break.
fn after_lines(source: &str, from: usize, count: usize) -> usize {
    let below =
        |&line: &usize| Some(next_line(source, line)).filter(|&next| is_line_start(source, next));
    let lines = successors(Some(from), below);
    lines.take(count + 1).last().unwrap_or(from)
}

/// `body` without the indentation at its end, that of the next line or of one that has no content.
fn without_indentation(body: &str, indent: usize) -> &str {
    let line = body.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let last = &body[line..];
    let spaces = last.len() - last.trim_start_matches(' ').len();
    let is_content = line == 0 || (last.len() > indent && spaces >= indent);
    if is_content { body } else { &body[..line] }
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

/// The text of a literal block scalar as it is written: the header, then lines of which the
/// first with content shows the indentation.
pub(crate) fn literal_text(written: &str) -> Box<str> {
    let mut lines = written.lines().skip(1);
    let is_blank = |line: &str| line.trim_start_matches(' ').is_empty();
    let first = lines.clone().find(|line| !is_blank(line)).unwrap_or("");
    let indent = first.len() - first.trim_start_matches(' ').len();
    let mut text = String::with_capacity(written.len());
    if let Some(line) = lines.next() {
        text.push_str(dedented(line, indent));
    }
    for line in lines {
        text.push('\n');
        text.push_str(dedented(line, indent));
    }
    if !strips_line_breaks(written) {
        text.push('\n');
    }
    text.into()
}

fn dedented(line: &str, indent: usize) -> &str {
    line.get(indent..).unwrap_or_default()
}
