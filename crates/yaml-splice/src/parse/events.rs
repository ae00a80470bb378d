//! Parser events to documents. The only file that knows the parser.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use granit_parser::{Event, Parser, ScalarStyle, ScanError, Span, StructureStyle, Tag, options};

use super::indicators::Expected;
use crate::text::lines::before_on_line;
use crate::text::position::LineIndex;
use crate::tree::block_scalar;
use crate::tree::document::{Document, MAX_NODES, NodeId, Nodes, Record, narrow};
use crate::tree::style::NodeStyle;
use crate::{Position, YamlError};

/// Parses every document of `source`.
pub(crate) fn documents(source: &str) -> Result<Vec<Document<'_>>, YamlError> {
    if u32::try_from(source.len()).is_err() {
        return Err(YamlError::TooLarge {
            bytes: source.len(),
        });
    }
    let options = options! {
        emit_comments: false,
        emit_anchor_events: true,
        // As go-yaml and PyYAML read the end of a text.
        block_scalar_eof_without_line_feed: true,
    };
    let mut builder = Builder::new(source);
    for event in Parser::new_from_str_with_options(source, options) {
        let (event, span) = event.map_err(|error| syntax(source, &error))?;
        builder.event(event, &span);
    }
    let is_readable = |document: &Document<'_>| document.nodes.records.len() <= MAX_NODES;
    if builder.documents.iter().all(is_readable) {
        Ok(builder.documents)
    } else {
        Err(YamlError::TooManyNodes { limit: MAX_NODES })
    }
}

fn syntax(source: &str, error: &ScanError) -> YamlError {
    let offset = error.marker().byte_offset().unwrap_or(source.len());
    YamlError::Syntax {
        message: error.info().clone(),
        at: Position::of(source, offset),
    }
}

fn range(span: &Span) -> Range<usize> {
    let start = span.start.byte_offset().unwrap_or(0);
    start..span.end.byte_offset().unwrap_or(start).max(start)
}

struct Builder<'s> {
    source: &'s str,
    documents: Vec<Document<'s>>,
    /// The open collections of the current document, with the number of their children so far.
    open: Vec<(NodeId, usize)>,
    anchors: HashMap<usize, NodeId>,
    lines: Arc<OnceLock<LineIndex>>,
    /// Where the content read so far ends.
    content_end: u32,
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
            Event::SequenceStart(StructureStyle::Block, _, tag) => {
                self.collection(NodeStyle::BlockSequence, span, tag);
            }
            Event::SequenceStart(StructureStyle::Flow, _, tag) => {
                self.collection(NodeStyle::FlowSequence, span, tag);
            }
            Event::MappingStart(StructureStyle::Block, _, tag) => {
                self.collection(NodeStyle::BlockMapping, span, tag);
            }
            Event::MappingStart(StructureStyle::Flow, _, tag) => {
                self.collection(NodeStyle::FlowMapping, span, tag);
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
            nodes: Nodes::default(),
            marker,
            end: self.source.len(),
            is_in_json_stream: false,
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
            document.nodes.records.shrink_to_fit();
        }
    }

    fn push(
        &mut self,
        style: NodeStyle,
        range: Range<usize>,
        span: &Span,
        tag: Option<Cow<'s, Tag>>,
    ) -> Option<NodeId> {
        let parent = self.open.last_mut().map(|(parent, children)| {
            *children += 1;
            *parent
        });
        let document = self.documents.last_mut()?;
        let id = document.nodes.next_id();
        let record = Record::new(id, style, range, parent.unwrap_or(id));
        document.nodes.records.push(record);
        if let Some(tag) = tag {
            let properties = document.nodes.properties.entry(id).or_default();
            properties.tag = span.tag_span().map(|span| self::range(&span));
            properties.tag_name = Some(format!("{}{}", tag.handle(), tag.suffix()));
        }
        Some(id)
    }

    fn collection(&mut self, style: NodeStyle, span: &Span, tag: Option<Cow<'s, Tag>>) {
        let mut range = range(span);
        if style == NodeStyle::BlockSequence && self.expected().is_value() {
            range.start = self.expected().first_dash(range.start);
        }
        if let Some(id) = self.push(style, range, span, tag) {
            self.open.push((id, 0));
        }
    }

    /// Block collections end where their last child's content ends: the parser reports the start
    /// of the next token instead, after comments and blank lines.
    fn close(&mut self, end_event: usize) {
        let (Some((id, _)), Some(document)) = (self.open.pop(), self.documents.last_mut()) else {
            return;
        };
        let after = narrow(document.nodes.records.len());
        let record = &mut document.nodes.records[id as usize];
        record.after = after;
        if matches!(
            record.style(),
            NodeStyle::FlowMapping | NodeStyle::FlowSequence
        ) {
            self.content_end = narrow(end_event);
        }
        record.end = self.content_end.max(record.start);
    }

    /// What is known about the next node.
    fn expected(&self) -> Expected<'_> {
        let open = self.open.last().zip(self.documents.last());
        Expected {
            source: self.source,
            content_end: self.content_end as usize,
            collection: open.map(|(&(id, children), document)| (document.record(id), children)),
        }
    }

    fn alias(&mut self, anchor: usize, span: &Span) {
        let target = self.anchors.get(&anchor).copied();
        let range = range(span);
        self.content_end = narrow(range.end);
        let id = self.push(NodeStyle::Alias, range, span, None);
        if let (Some(id), Some(target), Some(document)) = (id, target, self.documents.last_mut()) {
            document.nodes.targets.insert(id, target);
            document.nodes.shared.insert(target);
        }
    }

    fn anchor(&mut self, anchor: usize, span: &Span) {
        if let Some(document) = self.documents.last_mut() {
            let id = narrow(document.nodes.records.len().saturating_sub(1));
            self.anchors.insert(anchor, id);
            document.nodes.properties.entry(id).or_default().anchor = Some(range(span));
        }
    }

    /// The number of spaces before `at` where nothing else precedes it on its line: the parser
    /// reports none for a block scalar whose content begins with a no-break space.
    fn indent(&self, at: usize) -> usize {
        let before = before_on_line(self.source, at);
        let is_indent = before.bytes().all(|byte| byte == b' ');
        if is_indent { before.len() } else { 0 }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, span: &Span, tag: Option<Cow<'s, Tag>>) {
        let style = match style {
            ScalarStyle::Plain => NodeStyle::Plain,
            ScalarStyle::SingleQuoted => NodeStyle::SingleQuoted,
            ScalarStyle::DoubleQuoted => NodeStyle::DoubleQuoted,
            ScalarStyle::Literal => NodeStyle::Literal,
            ScalarStyle::Folded => NodeStyle::Folded,
        };
        let range = match style {
            NodeStyle::Literal | NodeStyle::Folded => block_scalar::extent(
                self.source,
                self.content_end as usize,
                range(span),
                span.indent.unwrap_or(0).max(self.indent(range(span).start)),
                text,
            ),
            _ => self.expected().place(range(span)),
        };
        self.content_end = narrow(range.end).max(self.content_end);
        let written = &self.source[range.clone()];
        let Some(id) = self.push(style, range, span, tag) else {
            return;
        };
        if let Some(document) = self.documents.last_mut()
            && style.verbatim(written) != Some(text)
        {
            document.nodes.records[id as usize].set_decoded();
            document
                .nodes
                .decoded
                .insert(id, OnceLock::from(Box::from(text)));
        }
    }
}
