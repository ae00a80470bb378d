//! Reading a document: nodes, lookups through aliases and merge keys.

use std::ops::Range;

use super::document::{Document, Form, NodeId, Record};
use super::parse::verbatim;
use super::scalar::{Scalar, resolve};
use super::scan::literal_text;
use super::{Position, YamlError};

/// How many nodes a lookup or a conversion may reach through aliases before it is called a bomb.
pub(super) const EXPANSION_LIMIT: usize = 100_000;

/// How deep merge keys may lead into each other: an alias to its own parent has no end.
const MERGE_DEPTH: usize = 64;

/// What the tags of YAML's own types begin with; any other tag leaves a scalar its text.
const CORE_TAGS: &str = "tag:yaml.org,2002:";

/// The key that merges other mappings into its own.
const MERGE: &str = "<<";

/// What a node is, with aliases resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A single value.
    Scalar,
    /// A list.
    Sequence,
    /// Keys and values.
    Mapping,
}

/// A node of a [`Document`].
#[derive(Debug, Clone, Copy)]
pub struct Node<'d> {
    pub(super) document: &'d Document<'d>,
    pub(super) id: NodeId,
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.document, other.document) && self.id == other.id
    }
}

impl<'d> Node<'d> {
    pub(super) fn new<'s: 'd>(document: &'d Document<'s>, id: NodeId) -> Self {
        Self { document, id }
    }

    /// The document that the node is part of.
    pub fn document(self) -> &'d Document<'d> {
        self.document
    }

    pub(super) fn with_id(self, id: NodeId) -> Self {
        Self { id, ..self }
    }

    pub(super) fn record(self) -> &'d Record {
        self.document.record(self.id)
    }

    pub(super) fn form(self) -> Form {
        self.record().form
    }

    /// The byte range of the content, without anchor and tag; a block scalar's with its header.
    pub fn range(self) -> Range<usize> {
        let record = self.record();
        record.start as usize..record.end as usize
    }

    /// The byte range with anchor and tag.
    pub fn outer_range(self) -> Range<usize> {
        let Range { start, end } = self.range();
        let properties = self.document.properties.get(&self.id);
        let first = properties.and_then(|properties| {
            let starts = [&properties.anchor, &properties.tag];
            starts.into_iter().flatten().map(|range| range.start).min()
        });
        let last = properties.and_then(|properties| {
            let ends = [&properties.anchor, &properties.tag];
            ends.into_iter().flatten().map(|range| range.end).max()
        });
        first.map_or(start, |first| first.min(start))..last.map_or(end, |last| last.max(end))
    }

    /// The bytes that the node was read from, without anchor and tag.
    pub fn written(self) -> &'d str {
        &self.document.source[self.range()]
    }

    /// Line and column of the content.
    pub fn position(self) -> Position {
        self.document.position(self.range().start)
    }

    /// The node that an alias stands for; any other node is itself.
    #[must_use]
    pub fn resolved(self) -> Self {
        let target = self.document.targets.get(&self.id);
        target.map_or(self, |&target| self.with_id(target))
    }

    /// What the node is, with aliases resolved.
    pub fn kind(self) -> Kind {
        match self.resolved().form() {
            Form::BlockMapping | Form::FlowMapping => Kind::Mapping,
            Form::BlockSequence | Form::FlowSequence => Kind::Sequence,
            _ => Kind::Scalar,
        }
    }

    /// Whether the node is written without brackets, over lines.
    pub(super) fn is_block_collection(self) -> bool {
        matches!(self.form(), Form::BlockMapping | Form::BlockSequence)
    }

    pub(super) fn is_flow_collection(self) -> bool {
        matches!(self.form(), Form::FlowMapping | Form::FlowSequence)
    }

    /// Whether the node stands inside brackets.
    pub(super) fn is_in_flow(self) -> bool {
        self.parent().is_some_and(Self::is_flow_collection)
    }

    /// A scalar's text with escapes and folds resolved; empty for collections.
    pub fn text(self) -> &'d str {
        let node = self.resolved();
        if node.record().is_decoded {
            let text = self.document.decoded.get(&node.id);
            return text.map_or("", |text| text.get_or_init(|| literal_text(node.written())));
        }
        verbatim(node.form(), node.written()).unwrap_or_default()
    }

    /// What a scalar means: a quoted or block scalar is text, a plain one is resolved by the API
    /// server's rules, a tag decides before both. `None` for collections.
    pub fn scalar(self) -> Option<Scalar<'d>> {
        let node = self.resolved();
        if node.kind() != Kind::Scalar {
            return None;
        }
        let text = node.text();
        let tag = node.tag();
        Some(match (node.form(), tag) {
            (Form::Plain, None) => resolve(text),
            (_, Some(tag)) if tag.starts_with(CORE_TAGS) && !tag.ends_with(":str") => resolve(text),
            _ => Scalar::Text(text),
        })
    }

    /// Whether the node is an alias (`*name`).
    pub fn is_alias(self) -> bool {
        self.form() == Form::Alias
    }

    /// The full name of the node's tag.
    pub(super) fn tag(self) -> Option<&'d str> {
        let properties = self.document.properties.get(&self.id)?;
        properties.tag_name.as_deref()
    }

    /// Whether the node is `null`, `~` or nothing.
    pub fn is_null(self) -> bool {
        self.scalar() == Some(Scalar::Null)
    }

    /// The collection that holds the node.
    pub fn parent(self) -> Option<Self> {
        let parent = self.record().parent;
        (parent != self.id).then(|| self.with_id(parent))
    }

    /// The nodes directly below, in the order of the text: for a mapping key, value, key, value.
    pub(super) fn children(self) -> impl Iterator<Item = Self> + use<'d> {
        let node = self.resolved();
        let after = node.record().after;
        let first = node.id + 1;
        let mut next = (first < after).then_some(first);
        std::iter::from_fn(move || {
            let id = next?;
            let child = node.with_id(id);
            next = Some(child.record().after).filter(|&id| id < after);
            Some(child)
        })
    }

    /// A list's items; nothing for other nodes.
    pub fn items(self) -> impl Iterator<Item = Self> + use<'d> {
        let sequence = self.kind() == Kind::Sequence;
        self.children().take_while(move |_| sequence)
    }

    /// A mapping's keys and values as written, merge keys included; nothing for other nodes.
    pub fn entries(self) -> impl Iterator<Item = (Self, Self)> + use<'d> {
        let mapping = self.kind() == Kind::Mapping;
        let mut children = self.children().take_while(move |_| mapping);
        std::iter::from_fn(move || Some((children.next()?, children.next()?)))
    }

    /// Whether the node is a key with the text `key`.
    fn is_key(self, key: &str) -> bool {
        self.text() == key && self.is_text_key() && !self.is_merge_key()
    }

    /// Whether the node is the key of a merge (`<<`).
    pub(super) fn is_merge_key(self) -> bool {
        let is_merge = || match self.tag() {
            None => self.form() == Form::Plain,
            Some(tag) => tag.strip_prefix(CORE_TAGS) == Some("merge"),
        };
        let is_other = self.record().is_plain_of_other_length([MERGE.len(); 2]);
        !is_other && self.text() == MERGE && is_merge()
    }

    /// Whether the node is a key that is known by its text: a tag may make a number or bytes of it,
    /// and readers disagree about tags that are not YAML's own.
    pub(super) fn is_text_key(self) -> bool {
        let is_text = |tag: &str| tag.strip_prefix(CORE_TAGS) == Some("str");
        self.kind() == Kind::Scalar && self.resolved().tag().is_none_or(is_text)
    }

    /// The value under `key`, looked up as the API server's reader does: the mapping's own key
    /// first, then its merge keys.
    ///
    /// # Errors
    /// [`YamlError::DuplicateKey`] where the key stands twice, [`YamlError::BadMerge`] and
    /// [`YamlError::AliasExpansion`] for a merge key that cannot be followed.
    pub fn get(self, key: &str) -> Result<Option<Self>, YamlError> {
        self.lookup(key, MERGE_DEPTH, &mut 0)
    }

    /// Like [`Node::get`], with `null` counted as absent.
    ///
    /// # Errors
    /// As [`Node::get`].
    pub fn present(self, key: &str) -> Result<Option<Self>, YamlError> {
        Ok(self.get(key)?.filter(|value| !value.is_null()))
    }

    /// The value below `path`, with `null` counted as absent.
    ///
    /// # Errors
    /// As [`Node::get`].
    pub fn at(self, path: &[&str]) -> Result<Option<Self>, YamlError> {
        let mut node = self;
        for key in path {
            match node.present(key)? {
                Some(value) => node = value,
                None => return Ok(None),
            }
        }
        Ok(Some(node))
    }

    fn lookup(
        self,
        key: &str,
        depth: usize,
        visited: &mut usize,
    ) -> Result<Option<Self>, YamlError> {
        *visited += 1;
        if depth == 0 || *visited > EXPANSION_LIMIT {
            return Err(self.expansion());
        }
        let mut found: Option<(Self, Self)> = None;
        let mut merges = Vec::new();
        let node = self.resolved();
        let is_mapping = node.kind() == Kind::Mapping;
        let records = &self.document.records[..];
        let mut next = node.id + 1;
        while is_mapping && next < records[node.id as usize].after {
            let name = records[next as usize];
            let (at, under) = (next, name.after);
            next = records[under as usize].after;
            // Most keys are told by their length alone.
            if name.is_plain_of_other_length([key.len(), MERGE.len()]) {
                continue;
            }
            let (name, value) = (node.with_id(at), node.with_id(under));
            if name.is_key(key) {
                if let Some((first, _)) = found {
                    return Err(YamlError::DuplicateKey {
                        key: key.to_owned(),
                        first: first.position(),
                        second: name.position(),
                    });
                }
                found = Some((name, value));
            } else if name.is_merge_key() {
                merges.push(value);
            }
        }
        if let Some((_, value)) = found {
            return Ok(Some(value));
        }
        for merge in merges {
            for source in merge.merge_sources()? {
                if let Some(value) = source.lookup(key, depth - 1, visited)? {
                    return Ok(Some(value));
                }
            }
        }
        Ok(None)
    }

    /// A mapping's keys and values with its merge keys followed: own keys first.
    ///
    /// # Errors
    /// As [`Node::get`], but for duplicate keys, of which the first counts.
    pub fn merged_entries(self) -> Result<Vec<(&'d str, Self)>, YamlError> {
        let mut found: Vec<(&'d str, Self)> = Vec::new();
        self.merge_into(&mut found, MERGE_DEPTH)?;
        Ok(found)
    }

    fn merge_into(self, found: &mut Vec<(&'d str, Self)>, depth: usize) -> Result<(), YamlError> {
        if depth == 0 || found.len() > EXPANSION_LIMIT {
            return Err(self.expansion());
        }
        let mut merges = Vec::new();
        for (key, value) in self.entries() {
            if key.is_merge_key() {
                merges.push(value);
            } else if !found.iter().any(|(known, _)| *known == key.text()) {
                found.push((key.text(), value));
            }
        }
        for merge in merges {
            for source in merge.merge_sources()? {
                source.merge_into(found, depth - 1)?;
            }
        }
        Ok(())
    }

    /// The mappings that a merge key's value names.
    pub(super) fn merge_sources(self) -> Result<Vec<Self>, YamlError> {
        let sources: Vec<_> = match self.kind() {
            Kind::Mapping => vec![self],
            Kind::Sequence => self.items().collect(),
            Kind::Scalar => Vec::new(),
        };
        let mappings = sources.iter().all(|source| source.kind() == Kind::Mapping);
        if mappings && self.kind() != Kind::Scalar {
            Ok(sources)
        } else {
            Err(YamlError::BadMerge {
                at: self.position(),
            })
        }
    }

    pub(super) fn expansion(self) -> YamlError {
        YamlError::AliasExpansion {
            at: self.position(),
            limit: EXPANSION_LIMIT,
        }
    }

    /// The place of the node as a field path from the root: `spec.rules[2].match`.
    pub fn path(self) -> String {
        let Some(parent) = self.parent() else {
            return String::new();
        };
        let outer = parent.path();
        if parent.kind() == Kind::Sequence {
            let index = parent.items().take_while(|item| item.id != self.id).count();
            return format!("{outer}[{index}]");
        }
        let key = parent
            .entries()
            .find(|(key, value)| key.id == self.id || value.id == self.id)
            .map_or("", |(key, _)| key.text());
        let separator = if outer.is_empty() { "" } else { "." };
        if key.contains('.') {
            format!("{outer}[\"{key}\"]")
        } else {
            format!("{outer}{separator}{key}")
        }
    }
}
