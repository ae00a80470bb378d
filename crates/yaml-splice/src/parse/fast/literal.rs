//! Literal block scalars (`|`).

use memchr::memchr;

/// Where a literal block scalar ends.
pub(super) struct Extent {
    /// The end of its last line with content.
    pub end: usize,
    /// The first line that is not part of it, blank lines at its end included.
    pub next_line: usize,
}

/// The extent of the literal whose first line starts at `line`, below a collection at `column`.
///
/// `None` where there is no content, where a blank line before it is longer than its
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

/// Where the header that begins at `at` ends: after `|` or `|-`, the two that are understood.
pub(super) fn header_end(source: &[u8], at: usize) -> usize {
    let strips = source.get(at + 1) == Some(&b'-');
    at + 1 + usize::from(strips)
}
