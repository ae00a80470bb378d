//! Lists and mappings in brackets that end on their line.

use super::super::document::{Form, NodeId};
use super::block::KEY_LENGTH;
use super::quoted;
use super::scanner::Scanner;

/// How deep brackets may be nested.
const DEPTH: usize = 16;

/// The collection that begins at `at`. Returns where it ends.
pub(super) fn collection(scanner: &mut Scanner<'_>, at: usize) -> Option<usize> {
    let parent = scanner.innermost()?;
    let end = Flow { scanner }.collection(parent, at, DEPTH)?;
    scanner.content_end = end;
    Some(end)
}

struct Flow<'a, 's> {
    scanner: &'a mut Scanner<'s>,
}

impl Flow<'_, '_> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.scanner.source.as_bytes().get(at).copied()
    }

    fn skip_spaces(&self, mut at: usize) -> usize {
        while self.byte(at) == Some(b' ') {
            at += 1;
        }
        at
    }

    fn collection(&mut self, parent: NodeId, at: usize, depth: usize) -> Option<usize> {
        let depth = depth.checked_sub(1)?;
        let (form, closing) = match self.byte(at)? {
            b'[' => (Form::FlowSequence, b']'),
            _ => (Form::FlowMapping, b'}'),
        };
        let id = self.scanner.push_below(parent, form, at, at);
        let mut at = self.skip_spaces(at + 1);
        if self.byte(at) != Some(closing) {
            loop {
                if form == Form::FlowMapping {
                    at = self.key(id, at)?;
                }
                let end = self.value(id, at, depth)?;
                at = self.skip_spaces(end);
                match self.byte(at)? {
                    b',' => at = self.skip_spaces(at + 1),
                    byte if byte == closing => break,
                    _ => return None,
                }
            }
        }
        let after = u32::try_from(self.scanner.records.len()).ok()?;
        let end = u32::try_from(at + 1).ok()?;
        let record = &mut self.scanner.records[id as usize];
        record.after = after;
        record.end = end;
        Some(at + 1)
    }

    /// A key with its colon. Returns where the value begins.
    fn key(&mut self, parent: NodeId, at: usize) -> Option<usize> {
        let colon = self.scalar(parent, at)?;
        if colon - at > KEY_LENGTH {
            return None;
        }
        let is_colon = self.byte(colon) == Some(b':') && self.byte(colon + 1) == Some(b' ');
        is_colon.then(|| self.skip_spaces(colon + 1))
    }

    fn value(&mut self, parent: NodeId, at: usize, depth: usize) -> Option<usize> {
        match self.byte(at)? {
            b'[' | b'{' => self.collection(parent, at, depth),
            _ => self.scalar(parent, at),
        }
    }

    fn scalar(&mut self, parent: NodeId, at: usize) -> Option<usize> {
        let source = self.scanner.source;
        let (form, scalar) = match self.byte(at)? {
            b'"' => (Form::DoubleQuoted, quoted::double(source, at)?),
            b'\'' => (Form::SingleQuoted, quoted::single(source, at)?),
            _ => return self.plain(parent, at),
        };
        // Text that is not what is written is rare enough in brackets.
        scalar.text.is_none().then_some(())?;
        self.scanner.push_below(parent, form, at, scalar.end);
        Some(scalar.end)
    }

    /// One word.
    fn plain(&mut self, parent: NodeId, at: usize) -> Option<usize> {
        let rest = &self.scanner.source.as_bytes()[at..];
        let is_word =
            |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'/' | b'-');
        let length = rest.iter().take_while(is_word).count();
        if length == 0 || matches!(rest[0], b'-' | b'.') {
            return None;
        }
        self.scanner
            .push_below(parent, Form::Plain, at, at + length);
        Some(at + length)
    }
}
