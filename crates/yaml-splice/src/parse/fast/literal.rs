//! Literal block scalars (`|`).

use memchr::memchr;

use crate::tree::block_scalar::strips_line_breaks;

/// Where a literal block scalar ends.
pub(super) struct Extent {
    /// The end of its last line with content.
    pub end: usize,
    /// The first line that is not part of it, blank lines at its end included.
    pub next_line: usize,
}

/// The extent of the literal whose first line starts at `line`, below a collection at `column`.
///
/// `None` where there is no content, where a blank line in front of it is longer than its
/// indentation, or where the text ends without a line break.
pub(super) fn extent(source: &[u8], line: usize, column: usize) -> Option<Extent> {
    let mut indent = None;
    let mut leading = 0;
    let mut end = None;
    let mut at = line;
    while at < source.len() {
        let line_break = at + memchr(b'\n', &source[at..])?;
        let content = &source[at..line_break];
        let content = content.strip_suffix(b"\r").unwrap_or(content);
        let length = content.len();
        let spaces = content.iter().take_while(|byte| **byte == b' ').count();
        let is_blank = spaces == length;
        match indent {
            None if is_blank => leading = leading.max(spaces),
            None if spaces <= column || leading > spaces => return None,
            None => indent = Some(spaces),
            Some(indent) if !is_blank && spaces < indent => break,
            Some(_) => {}
        }
        if indent.is_some_and(|indent| length > indent) {
            end = Some(at + length);
        }
        at = line_break + 1;
    }
    Some(Extent {
        end: end?,
        next_line: at,
    })
}

/// The text of a literal block scalar from its `written` form: the header, then lines of which the
/// first with content shows the indentation.
pub(crate) fn text(written: &str) -> Box<str> {
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

/// Where the header that begins at `at` ends: behind `|` or `|-`, the two that are understood.
pub(super) fn header_end(source: &[u8], at: usize) -> usize {
    let strips = source.get(at + 1) == Some(&b'-');
    at + 1 + usize::from(strips)
}
