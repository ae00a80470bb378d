//! Removing whole documents.

use std::ops::Range;

use super::place::without_lines;
use crate::text::lines::{is_line_start, next_line};
use crate::{Document, Splice, Stream};

impl Stream<'_> {
    /// The splices that remove the documents at `indexes`, in their order, each with the `---` before it.
    pub fn remove(&self, indexes: &[usize]) -> Vec<Splice> {
        let leading = self.leading(indexes);
        let (first, others) = indexes.split_at_checked(leading).unwrap_or_default();
        let first = first.last().map(|&last| 0..self.end_of_first(last));
        let others = others.iter().map(|&index| (index, self.extent(index)));
        let mut runs: Vec<(usize, Range<usize>)> = Vec::new();
        for (index, range) in others {
            match runs.last_mut() {
                Some((_, run)) if run.end == range.start => run.end = range.end,
                _ => runs.push((index, range)),
            }
        }
        let runs = runs.into_iter().map(|(index, range)| {
            let before = index
                .checked_sub(1)
                .map(|before| self.documents[before].root());
            without_lines(
                self.with_its_blank_line(range),
                before.filter(|_| !self.documents[index].is_in_json_stream),
            )
        });
        first.map(Splice::delete).into_iter().chain(runs).collect()
    }

    /// How many of `indexes` are the first documents of a text that does not begin with a `---`.
    fn leading(&self, indexes: &[usize]) -> usize {
        let first = self.documents.first();
        let is_bare = |first: &Document<'_>| first.marker().is_none() && !first.is_in_json_stream;
        if !first.is_some_and(is_bare) {
            return 0;
        }
        let places = indexes.iter().enumerate();
        places.take_while(|(place, index)| place == *index).count()
    }

    /// Where the documents from the first to `last` end. What follows needs no `---` of its own then,
    /// unless there is more on that line, or kubectl would take all of it for JSON.
    fn end_of_first(&self, last: usize) -> usize {
        let end = self.documents[last].end();
        let next = next_line(self.source, end);
        let is_bare = matches!(self.source[end..next].trim_end(), "" | "---" | "...");
        let is_json = self.source[next..].trim_start().starts_with('{');
        if is_bare && !is_json { next } else { end }
    }

    /// `run` with the blank line before it that [`Document::insert_after`] has put behind a carriage return,
    /// so that kubectl finds the `---`. What it has put there ends with a carriage return alone.
    fn with_its_blank_line(&self, run: Range<usize>) -> Range<usize> {
        let before = self.source[..run.start].strip_suffix("\r\n");
        let before = before.filter(|before| before.ends_with(['\n', '\r']));
        let is_ours = self.source[..run.end].ends_with('\r');
        let start = before.filter(|_| is_ours).map_or(run.start, str::len);
        start..run.end
    }

    /// What goes with the document: whole lines from its `---` to its content, or a JSON object with
    /// what is before it.
    fn extent(&self, index: usize) -> Range<usize> {
        let document = &self.documents[index];
        let content = document.root().range_with_properties();
        if document.is_in_json_stream {
            let before = index.checked_sub(1).map(|before| &self.documents[before]);
            let start = before.map_or(content.start, |before| before.root().range().end);
            return start..content.end;
        }
        let start = document.marker().map_or(0, |marker| marker.start);
        let end = if is_line_start(self.source, content.end) {
            content.end
        } else {
            next_line(self.source, content.end)
        };
        start..end
    }
}

#[cfg(test)]
mod tests {
    use crate::{Stream, Value, apply};

    fn without(text: &str, indexes: &[usize]) -> String {
        let stream = Stream::parse(text).unwrap();
        apply(text, stream.remove(indexes)).unwrap().to_string()
    }

    #[test]
    fn any_documents_leave_the_others() {
        let text = "a: 1\n---\nb: 1\n---\nc: 1\n---\nd: 1\n";
        for (indexes, expected) in [
            (&[][..], text),
            (&[0], "b: 1\n---\nc: 1\n---\nd: 1\n"),
            (&[0, 1], "c: 1\n---\nd: 1\n"),
            (&[0, 1, 3], "c: 1\n"),
            (&[0, 2], "b: 1\n---\nd: 1\n"),
            (&[1, 2], "a: 1\n---\nd: 1\n"),
            (&[0, 1, 2, 3], ""),
        ] {
            assert_eq!(without(text, indexes), expected, "{indexes:?}");
            // A marker in front stays with the first that stays.
            let marked = format!("---\n{text}");
            let expected = match expected {
                "" => String::new(),
                others => format!("---\n{others}"),
            };
            assert_eq!(without(&marked, indexes), expected, "{indexes:?}");
        }
    }

    #[test]
    fn what_shares_its_line_with_a_marker_stays() {
        assert_eq!(without("a: 1\n--- {b: 1}\n", &[0]), "--- {b: 1}\n");
        assert_eq!(without("a: 1\n--- # b\nb: 1\n", &[0]), "--- # b\nb: 1\n");
        assert_eq!(without("a: 1\n...\n---\nb: 1\n", &[0]), "---\nb: 1\n");
    }

    /// kubectl takes a text that begins with a brace for JSON.
    #[test]
    fn json_keeps_its_marker_in_front() {
        assert_eq!(
            without("a: 1\n---\n{\"b\":1}\n---\nc: 1\n", &[0]),
            "---\n{\"b\":1}\n---\nc: 1\n"
        );
    }

    #[test]
    fn json_objects_one_after_the_other() {
        let text = "{\"a\":1}\n{\"b\":1}\n{\"c\":1}\n";
        assert_eq!(without(text, &[1, 2]), "{\"a\":1}\n");
        assert_eq!(without(text, &[0, 1]), "\n{\"c\":1}\n");
        assert_eq!(without(text, &[0]), "\n{\"b\":1}\n{\"c\":1}\n");
    }

    #[test]
    fn a_carriage_return_alone_ends_the_text_again() {
        for text in [
            "a: 1\r",
            "a: 1\r# b\r",
            "a:\r  b: 1\r\r",
            "a: 1\r# b\r# c",
            "a:\r\n  b: 1\r",
            "a: 1\n\r",
            "a:\r\r\n  b: 1\r\r\n",
        ] {
            let stream = Stream::parse(text).unwrap();
            let new = Value::mapping([("new", Value::Int(1))]);
            let splice = stream.documents[0].insert_after(&new).unwrap();
            let with = apply(text, vec![splice]).unwrap().to_string();
            assert!(with.contains("\n---"), "{with:?}");
            assert_eq!(without(&with, &[1]), text);
        }
        // These line feeds were there before.
        for text in ["a: 1\r\n# b\r\n", "a: 1\r\n"] {
            assert_eq!(without(&format!("{text}---\nb: 1\n"), &[1]), text);
        }
    }

    /// The line break before them is a part of the value above.
    #[test]
    fn a_block_scalar_above_what_ends_the_text_keeps_its_line_break() {
        let text = "a: |\n  x\n---\nb: 1\n---\nc: 1";
        assert_eq!(without(text, &[1, 2]), "a: |\n  x\n");
        assert_eq!(without(text, &[2]), "a: |\n  x\n---\nb: 1");
    }
}
