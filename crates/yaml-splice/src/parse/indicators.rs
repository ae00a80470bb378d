//! Dashes, question marks and colons: the parser gives no event for them, and puts a node of nothing
//! at the next token.

use std::ops::Range;

use super::events::Builder;
use crate::edit::measure::behind_next_colon;
use crate::read::node::Node;
use crate::text::lines::behind_space;
use crate::tree::document::Form;

impl Builder<'_> {
    /// The first dash of a list that is the value of a key: where it stands in the column of the
    /// key, the parser reports the token behind the dash. `start` is what the parser reports.
    pub(crate) fn first_dash(&self, start: usize) -> usize {
        let bytes = self.source.as_bytes();
        let mut at = self.content_end as usize;
        while at < start {
            match bytes[at] {
                b'-' => return at,
                b'#' => at = skip(bytes, at, |byte| matches!(byte, b'\n' | b'\r')),
                b'&' | b'!' => at = skip(bytes, at, |byte| byte.is_ascii_whitespace()),
                _ => at += 1,
            }
        }
        start
    }

    /// Where a node of nothing stands: behind its dash, its question mark or the colon of its key,
    /// or where the key ends if it has none. The parser puts it in front of the colon, or at the
    /// next token, many lines below.
    pub(crate) fn behind_mark(&self, range: Range<usize>) -> Range<usize> {
        if range.is_empty()
            && let Some(mark) = self.mark_behind()
            && let Some(gap) = self.source.get(mark + 1..range.start)
            && is_space_and_comments(gap)
        {
            return mark + 1..mark + 1;
        }
        if !range.is_empty() || !self.is_value() {
            return range;
        }
        let end = self.content_end as usize;
        let gap = self.source.get(end..range.start).unwrap_or_default();
        match self.colon_behind(end) {
            Some(colon) => colon.max(range.start)..colon.max(range.end),
            None if is_space_and_comments(gap) => end..end,
            None => range,
        }
    }

    /// The dash of the next item of the list that is being read, or the question mark of the next
    /// key of the mapping, where nothing but space is in front of it.
    fn mark_behind(&self) -> Option<usize> {
        let (&(collection, children), document) = self.open.last().zip(self.documents.last())?;
        let record = document.record(collection);
        let mark = match record.form {
            Form::BlockSequence => '-',
            Form::BlockMapping if children % 2 == 0 => '?',
            _ => return None,
        };
        let first = if children == 0 {
            record.start
        } else {
            self.content_end
        };
        let at = behind_space(self.source, first as usize);
        self.source[at..].starts_with(mark).then_some(at)
    }

    fn colon_behind(&self, key_end: usize) -> Option<usize> {
        let (&(mapping, _), document) = self.open.last().zip(self.documents.last())?;
        behind_next_colon(Node::new(document, mapping), key_end)
    }

    /// Whether the next node is the value of a key.
    pub(crate) fn is_value(&self) -> bool {
        let open = self.open.last().zip(self.documents.last());
        open.is_some_and(|(&(parent, children), document)| {
            let form = document.record(parent).form;
            children % 2 == 1 && matches!(form, Form::BlockMapping | Form::FlowMapping)
        })
    }
}

fn skip(bytes: &[u8], from: usize, stop: impl Fn(u8) -> bool) -> usize {
    let rest = bytes[from..].iter();
    from + rest.take_while(|byte| !stop(**byte)).count()
}

fn is_space_and_comments(text: &str) -> bool {
    let mut lines = text.split(['\n', '\r']).map(str::trim_start);
    lines.all(|line| line.is_empty() || line.starts_with('#'))
}
