//! Dashes, question marks and colons: the parser gives no events for them, and places a node without
//! content at the next token, which may be many lines below.

use std::ops::Range;

use crate::text::lines::skip_space_and_comments;
use crate::tree::colon::after_next_colon;
use crate::tree::document::Record;
use crate::tree::style::NodeStyle;

/// What is known where the next node is expected.
pub(super) struct Expected<'a> {
    pub source: &'a str,
    /// Where the content read so far ends.
    pub content_end: usize,
    /// The collection that the node is part of, and the number of children before it.
    pub collection: Option<(&'a Record, usize)>,
}

impl Expected<'_> {
    /// Whether the node is the value of a key.
    pub fn is_value(&self) -> bool {
        let collection = self.collection;
        collection
            .is_some_and(|(record, children)| children % 2 == 1 && record.style().is_mapping())
    }

    /// The first dash of a block sequence that is the value of a key. Where the dash stands in the
    /// column of the key, the parser reports the token after it, as `reported`.
    pub fn first_dash(&self, reported: usize) -> usize {
        let bytes = self.source.as_bytes();
        let mut at = self.content_end;
        while at < reported {
            match bytes[at] {
                b'-' => return at,
                b'#' => at = skip_until(bytes, at, |byte| matches!(byte, b'\n' | b'\r')),
                b'&' | b'!' => at = skip_until(bytes, at, |byte| byte.is_ascii_whitespace()),
                _ => at += 1,
            }
        }
        reported
    }

    /// Where a node without content is: after its dash, its question mark or the colon of its key,
    /// or at the end of a key that has no colon. Any other node is where the parser `reported` it.
    pub fn place(&self, reported: Range<usize>) -> Range<usize> {
        if !reported.is_empty() {
            return reported;
        }
        let is_gap = |from| {
            let gap = self.source.get(from..reported.start);
            gap.is_some_and(is_space_and_comments)
        };
        if let Some(after) = self.after_indicator().filter(|&after| is_gap(after)) {
            return after..after;
        }
        if !self.is_value() {
            return reported;
        }
        match self.after_colon() {
            Some(colon) => colon.max(reported.start)..colon.max(reported.end),
            None if reported.start < self.content_end || is_gap(self.content_end) => {
                self.content_end..self.content_end
            }
            None => reported,
        }
    }

    /// The offset after the dash of the next item of a block sequence, or after the question mark
    /// of the next key of a block mapping, where nothing else comes first.
    fn after_indicator(&self) -> Option<usize> {
        let (record, children) = self.collection?;
        let indicator = match record.style() {
            NodeStyle::BlockSequence => '-',
            NodeStyle::BlockMapping if children % 2 == 0 => '?',
            _ => return None,
        };
        let from = if children == 0 {
            record.start as usize
        } else {
            self.content_end
        };
        let at = skip_space_and_comments(self.source, from);
        self.source[at..].starts_with(indicator).then_some(at + 1)
    }

    fn after_colon(&self) -> Option<usize> {
        let (mapping, _) = self.collection?;
        after_next_colon(self.source, mapping, self.content_end)
    }
}

fn skip_until(bytes: &[u8], from: usize, stop: impl Fn(u8) -> bool) -> usize {
    let rest = bytes[from..].iter();
    from + rest.take_while(|byte| !stop(**byte)).count()
}

fn is_space_and_comments(text: &str) -> bool {
    let mut lines = text.split(['\n', '\r']).map(str::trim_start);
    lines.all(|line| line.is_empty() || line.starts_with('#'))
}
