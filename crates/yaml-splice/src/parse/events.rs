//! Parser events to documents. The only file that knows the parser.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::OnceLock;

use granit_parser::Event;
use granit_parser::Parser;
use granit_parser::ScalarStyle;
use granit_parser::ScanError;
use granit_parser::Span;
use granit_parser::StructureStyle;
use granit_parser::Tag;
use granit_parser::options;

use crate::text::lines::{before_line_break, before_on_line, is_line_start};
use crate::text::position::Lines;
use crate::tree::block_scalar;
use crate::tree::document::{Document, Form, NodeId, Record};
use crate::{Position, YamlError};

/// Parses every document of `source`.
pub(crate) fn documents(source: &str) -> Result<Vec<Document<'_>>, YamlError> {
    if u32::try_from(source.len()).is_err() {
        return Err(YamlError::TooLarge {
            bytes: source.len(),
        });
    }
    let options = options! { emit_comments: false, emit_anchor_events: true };
    let mut builder = Builder::new(source);
    for event in Parser::new_from_str_with_options(source, options) {
        let (event, span) = event.map_err(|error| syntax(source, &error))?;
        builder.event(event, &span);
    }
    Ok(builder.documents)
}

fn syntax(source: &str, error: &ScanError) -> YamlError {
    let offset = error.marker().byte_offset().unwrap_or(source.len());
    YamlError::Syntax {
        message: error.info().clone(),
        at: Position::of(source, offset),
    }
}

/// Offsets are below 4 GiB, see [`documents`].
#[expect(clippy::cast_possible_truncation)]
fn narrow(offset: usize) -> u32 {
    offset as u32
}

fn range(span: &Span) -> Range<usize> {
    let start = span.start.byte_offset().unwrap_or(0);
    start..span.end.byte_offset().unwrap_or(start).max(start)
}

pub(super) struct Builder<'s> {
    pub(super) source: &'s str,
    pub(super) documents: Vec<Document<'s>>,
    /// The open collections of the current document, with the number of their children so far.
    pub(super) open: Vec<(NodeId, usize)>,
    anchors: HashMap<usize, NodeId>,
    lines: Arc<OnceLock<Lines>>,
    /// Where the content read so far ends.
    pub(super) content_end: u32,
}

impl<'s> Builder<'s> {
    fn new(source: &'s str) -> Self {
        Self {
            source,
            documents: Vec::new(),
            open: Vec::new(),
            anchors: HashMap::new(),
            lines: Arc::default(),
            content_end: 0,
        }
    }

    fn event(&mut self, event: Event<'s>, span: &Span) {
        match event {
            Event::DocumentStart(explicit, _) => self.start(explicit.then(|| range(span))),
            Event::DocumentEnd => self.finish(range(span).start),
            Event::StreamEnd => self.close_last(),
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::Anchor(anchor, _) => self.anchor(anchor, span),
            Event::Scalar(text, style, _, tag) => self.scalar(&text, style, span, tag),
            Event::SequenceStart(style, _, tag) => {
                let form = match style {
                    StructureStyle::Block => Form::BlockSequence,
                    StructureStyle::Flow => Form::FlowSequence,
                };
                self.collection(form, span, tag);
            }
            Event::MappingStart(style, _, tag) => {
                let form = match style {
                    StructureStyle::Block => Form::BlockMapping,
                    StructureStyle::Flow => Form::FlowMapping,
                };
                self.collection(form, span, tag);
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(range(span).end),
            _ => {}
        }
    }

    fn start(&mut self, marker: Option<Range<usize>>) {
        if let Some(marker) = &marker {
            self.content_end = narrow(marker.end);
        }
        if let (Some(previous), Some(marker)) = (self.documents.last_mut(), &marker) {
            previous.end = previous.end.min(marker.start);
        }
        self.open.clear();
        self.anchors.clear();
        self.documents.push(Document {
            source: self.source,
            records: Vec::new(),
            properties: HashMap::new(),
            decoded: HashMap::new(),
            targets: HashMap::new(),
            shared: std::collections::HashSet::new(),
            marker,
            end: self.source.len(),
            lines: Arc::clone(&self.lines),
        });
    }

    fn finish(&mut self, at: usize) {
        if self.source[at..].starts_with("...")
            && let Some(document) = self.documents.last_mut()
        {
            document.end = at;
        }
    }

    fn close_last(&mut self) {
        if let Some(document) = self.documents.last_mut() {
            document.records.shrink_to_fit();
        }
    }

    fn push(
        &mut self,
        form: Form,
        range: Range<usize>,
        span: &Span,
        tag: Option<Cow<'s, Tag>>,
    ) -> Option<NodeId> {
        let parent = self.open.last_mut().map(|(parent, children)| {
            *children += 1;
            *parent
        });
        let document = self.documents.last_mut()?;
        let id = narrow(document.records.len());
        document.records.push(Record {
            start: narrow(range.start),
            end: narrow(range.end),
            after: id + 1,
            parent: parent.unwrap_or(id),
            form,
            is_decoded: false,
        });
        if let Some(tag) = tag {
            let properties = document.properties.entry(id).or_default();
            properties.tag = span.tag_span().map(|span| self::range(&span));
            properties.tag_name = Some(format!("{}{}", tag.handle(), tag.suffix()));
        }
        Some(id)
    }

    fn collection(&mut self, form: Form, span: &Span, tag: Option<Cow<'s, Tag>>) {
        let mut range = range(span);
        if form == Form::BlockSequence && self.is_value() {
            range.start = self.first_dash(range.start);
        }
        if let Some(id) = self.push(form, range, span, tag) {
            self.open.push((id, 0));
        }
    }

    /// Block collections end where their last child's content ends: the parser reports the start
    /// of the next token instead, behind comments and blank lines.
    fn close(&mut self, end_event: usize) {
        let (Some((id, _)), Some(document)) = (self.open.pop(), self.documents.last_mut()) else {
            return;
        };
        let after = narrow(document.records.len());
        let record = &mut document.records[id as usize];
        record.after = after;
        if matches!(record.form, Form::FlowMapping | Form::FlowSequence) {
            self.content_end = narrow(end_event);
        }
        record.end = self.content_end.max(record.start);
    }

    fn alias(&mut self, anchor: usize, span: &Span) {
        let target = self.anchors.get(&anchor).copied();
        let range = range(span);
        self.content_end = narrow(range.end);
        let id = self.push(Form::Alias, range, span, None);
        if let (Some(id), Some(target), Some(document)) = (id, target, self.documents.last_mut()) {
            document.targets.insert(id, target);
            document.shared.insert(target);
        }
    }

    fn anchor(&mut self, anchor: usize, span: &Span) {
        if let Some(document) = self.documents.last_mut() {
            let id = narrow(document.records.len().saturating_sub(1));
            self.anchors.insert(anchor, id);
            document.properties.entry(id).or_default().anchor = Some(range(span));
        }
    }

    /// The spaces in front of `at` where nothing else stands on its line: the parser reports none
    /// for a block scalar whose content begins with a no-break space.
    fn indent(&self, at: usize) -> usize {
        let before = before_on_line(self.source, at);
        let is_indent = before.bytes().all(|byte| byte == b' ');
        if is_indent { before.len() } else { 0 }
    }

    /// The text of a scalar as the readers of the field see it: where the whole text ends in a block
    /// scalar without a line break, there is none in its value; the parser adds one, and one for a
    /// last line of spaces that is all there is.
    fn without_line_break_at_end<'t>(
        &self,
        text: &'t str,
        form: Form,
        range: &Range<usize>,
    ) -> &'t str {
        let unterminated = !is_line_start(self.source, self.source.len());
        if !unterminated || !matches!(form, Form::Literal | Form::Folded) {
            return text;
        }
        let written = &self.source[range.clone()];
        let written = &written[..before_line_break(written, written.len())];
        let is_header = text == "\n" && !written.contains(['\n', '\r']);
        if range.end == self.source.len() || is_header {
            return text.strip_suffix('\n').unwrap_or(text);
        }
        text
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, span: &Span, tag: Option<Cow<'s, Tag>>) {
        let form = match style {
            ScalarStyle::Plain => Form::Plain,
            ScalarStyle::SingleQuoted => Form::SingleQuoted,
            ScalarStyle::DoubleQuoted => Form::DoubleQuoted,
            ScalarStyle::Literal => Form::Literal,
            ScalarStyle::Folded => Form::Folded,
        };
        let range = match form {
            Form::Literal | Form::Folded => block_scalar::extent(
                self.source,
                self.content_end as usize,
                range(span),
                span.indent.unwrap_or(0).max(self.indent(range(span).start)),
                text,
            ),
            _ => self.behind_mark(range(span)),
        };
        self.content_end = narrow(range.end).max(self.content_end);
        let written = &self.source[range.clone()];
        let text = self.without_line_break_at_end(text, form, &range);
        let Some(id) = self.push(form, range, span, tag) else {
            return;
        };
        if let Some(document) = self.documents.last_mut()
            && verbatim(form, written) != Some(text)
        {
            document.records[id as usize].is_decoded = true;
            document.decoded.insert(id, OnceLock::from(Box::from(text)));
        }
    }
}

/// The part of the source that is a scalar's value as it stands, if no escape or fold is in it.
pub(crate) fn verbatim(form: Form, written: &str) -> Option<&str> {
    match form {
        Form::Plain if written.is_empty() => Some("~"),
        Form::Plain => Some(written),
        Form::SingleQuoted | Form::DoubleQuoted => written.get(1..written.len().checked_sub(1)?),
        _ => None,
    }
}
