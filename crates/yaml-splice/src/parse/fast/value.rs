//! What follows a key or a dash on its line: one scalar, or a collection in brackets.

use std::sync::OnceLock;

use super::quoted::Quoted;
use super::scanner::Scanner;
use super::{bytes, flow, literal, usual_line};
use crate::tree::style::NodeStyle;

impl Scanner<'_> {
    /// The value at `at`. Returns where the next line starts.
    pub fn value(&mut self, at: usize) -> Option<usize> {
        match self.source.as_bytes()[at] {
            b'"' | b'\'' => {
                let quoted = Quoted::at(self.source, at)?;
                self.content_end = quoted.end;
                self.push_quoted(self.parent(), at, quoted);
                self.rest_of_line(at, self.content_end)
            }
            b'|' => self.literal(at),
            b'*' => self.alias(at),
            b'[' | b'{' => self.flow(at),
            byte if bytes::starts_plain(byte) => self.plain(at),
            b'-' if !self.is_dash(at) => self.plain(at),
            byte if !byte.is_ascii() => self.plain(at),
            _ => None,
        }
    }

    /// The collection in brackets at `at`. Returns where the line after its last one starts.
    pub fn flow(&mut self, at: usize) -> Option<usize> {
        let end = flow::collection(self, at)?;
        self.rest_of_line(at, end)
    }

    /// Only a comment may follow a value that began at `start` and ends at `end`.
    pub fn rest_of_line(&self, start: usize, end: usize) -> Option<usize> {
        let bytes = self.source.as_bytes();
        let at = bytes::after_spaces(bytes, end);
        let next = match bytes.get(at) {
            None | Some(b'\n' | b'\r') => bytes::next_line(bytes, at),
            Some(b'#') if at > end => bytes::next_line(bytes, at),
            Some(_) => return None,
        };
        self.check_chars(start, next)
    }

    /// A plain scalar on one line. That the next line does not continue it shows when that is
    /// read: it is indented no more than this one's key or dash.
    fn plain(&mut self, at: usize) -> Option<usize> {
        let bytes = self.source.as_bytes();
        if let Some(end) = usual_line::value_end(bytes, at) {
            self.push(NodeStyle::Plain, at, end);
            self.content_end = end;
            return Some(end + 1);
        }
        // After the last character that is no space.
        let mut end = at;
        let mut next = at;
        loop {
            let after = bytes::after_plain(bytes, next);
            if after > next {
                next = after;
                end = next;
            }
            match bytes.get(next) {
                None | Some(b'\n' | b'\r') => break,
                Some(b' ') => next += 1,
                Some(b'#') if end < next => break,
                Some(b':') if bytes::is_space(bytes, next + 1) => return None,
                Some(_) => {
                    next += 1;
                    end = next;
                }
            }
        }
        self.push(NodeStyle::Plain, at, end);
        self.content_end = end;
        let next = bytes::next_line(bytes, next);
        self.check_chars(at, next)
    }

    fn literal(&mut self, at: usize) -> Option<usize> {
        let bytes = self.source.as_bytes();
        let line = self.rest_of_line(at, literal::header_end(bytes, at))?;
        let column = self.open.last()?.column;
        let extent = literal::extent(bytes, line, column)?;
        let id = self.push(NodeStyle::Literal, at, extent.end);
        self.content_end = extent.end;
        // Most are never asked for.
        self.push_decoded(id, OnceLock::new());
        self.check_chars(line, extent.next_line)
    }
}
