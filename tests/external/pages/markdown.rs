//! What of a page the tests look at: its code blocks with what stands above them, its links, and its
//! headings.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// How a comment begins that says why the block below it is not run. Readers do not see it.
const UNTESTED: &str = "<!-- untested: ";

/// A code block.
#[derive(Debug, Default)]
pub struct Block {
    /// Empty for a block that is merely indented.
    pub language: String,
    pub text: String,
    /// The line of its first line of text, from 1.
    pub line: usize,
    /// The text right above it; empty where that is another block.
    pub lead: Lead,
}

/// The paragraph or heading above a block.
#[derive(Debug, Default, Clone)]
pub struct Lead {
    pub text: String,
    /// What stands right before the colon at its end.
    pub names: Option<Named>,
    /// Whether a comment `<!-- untested: REASON -->` stands between it and the block.
    pub untested: bool,
}

#[derive(Debug, Clone)]
pub enum Named {
    /// What a link points to.
    Link(String),
    /// Words in code style.
    Code(String),
}

impl Lead {
    fn text(&mut self, text: &str) {
        self.text.push_str(text);
        if text != ":" {
            self.names = None;
        }
    }

    fn code(&mut self, code: String) {
        self.text.push_str(&code);
        self.names = Some(Named::Code(code));
    }
}

fn events(markdown: &str) -> impl Iterator<Item = (Event<'_>, std::ops::Range<usize>)> {
    Parser::new_ext(markdown, Options::ENABLE_TABLES).into_offset_iter()
}

pub fn blocks(markdown: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lead = Lead::default();
    let mut open: Option<Block> = None;
    let mut link = None;
    for (event, range) in events(markdown) {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                open = Some(Block {
                    line: line(markdown, range.start) + usize::from(kind.is_fenced()),
                    language: language(kind),
                    lead: std::mem::take(&mut lead),
                    text: String::new(),
                });
            }
            Event::End(TagEnd::CodeBlock) => blocks.extend(open.take()),
            Event::Text(text) => match &mut open {
                Some(block) => block.text.push_str(&text),
                None => lead.text(&text),
            },
            Event::Code(code) => lead.code(code.into_string()),
            Event::SoftBreak | Event::HardBreak => lead.text(" "),
            Event::Html(comment) => lead.untested |= comment.starts_with(UNTESTED),
            Event::Start(Tag::Link { dest_url, .. }) => link = Some(dest_url.into_string()),
            Event::End(TagEnd::Link) => lead.names = link.take().map(Named::Link),
            Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::Item) => {
                lead = Lead::default();
            }
            _ => {}
        }
    }
    blocks
}

fn language(kind: CodeBlockKind<'_>) -> String {
    match kind {
        CodeBlockKind::Indented => String::new(),
        CodeBlockKind::Fenced(language) => language.into_string(),
    }
}

fn line(text: &str, offset: usize) -> usize {
    text[..offset].matches('\n').count() + 1
}

/// The targets of links and pictures, with their lines.
pub fn links(markdown: &str) -> Vec<(usize, String)> {
    let links = events(markdown).filter_map(|(event, range)| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
            Some((line(markdown, range.start), dest_url.into_string()))
        }
        _ => None,
    });
    links.collect()
}

/// The anchors of headings, as code hosts name them.
pub fn anchors(markdown: &str) -> Vec<String> {
    let mut anchors = Vec::new();
    let mut heading: Option<String> = None;
    for (event, _) in events(markdown) {
        match (event, &mut heading) {
            (Event::Start(Tag::Heading { .. }), _) => heading = Some(String::new()),
            (Event::End(TagEnd::Heading(_)), _) => {
                anchors.extend(heading.take().map(|it| anchor(&it)));
            }
            (Event::Text(text) | Event::Code(text), Some(heading)) => heading.push_str(&text),
            (Event::InlineHtml(html), None) => anchors.extend(id(&html)),
            _ => {}
        }
    }
    anchors
}

/// The name that `<a id="name">` gives to a place.
fn id(html: &str) -> Option<String> {
    let name = html.strip_prefix("<a id=\"")?.strip_suffix("\">")?;
    Some(name.to_owned())
}

fn anchor(heading: &str) -> String {
    let lower = heading.to_lowercase().replace(' ', "-");
    lower
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
        .collect()
}
