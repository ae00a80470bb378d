//! Finding a value by its key, through aliases and merge keys.

use super::node::{CORE_TAGS, Kind, Node};
use crate::YamlError;
use crate::tree::style::NodeStyle;

/// How many nodes a lookup or a conversion may reach through aliases before it is called a bomb.
pub(crate) const EXPANSION_LIMIT: usize = 100_000;

/// How deep merge keys may lead into each other: an alias to its own parent has no end.
const MERGE_DEPTH: usize = 64;

/// The key that merges other mappings into its own.
const MERGE: &str = "<<";

impl<'d> Node<'d> {
    /// Whether the node is a key with the text `key`.
    fn is_key(self, key: &str) -> bool {
        let record = self.record();
        // A key of nothing is no text.
        let is_verbatim = record.is_verbatim() && record.length() > 0;
        if is_verbatim && self.document.nodes.properties.is_empty() {
            return self.written() == key && key != MERGE;
        }
        self.text() == key && self.is_text_key() && !self.is_merge_key()
    }

    /// Whether the node is the key of a merge (`<<`).
    pub(crate) fn is_merge_key(self) -> bool {
        let is_merge = || match self.tag() {
            None => self.style() == NodeStyle::Plain,
            Some(tag) => tag.strip_prefix(CORE_TAGS) == Some("merge"),
        };
        let record = self.record();
        let is_other = record.is_verbatim() && record.length() != MERGE.len();
        !is_other && self.text() == MERGE && is_merge()
    }

    /// Whether the node is a key that is known by its text: a tag may make a number or bytes of it,
    /// and readers disagree about tags that are not YAML's own.
    pub(crate) fn is_text_key(self) -> bool {
        let is_text = |tag: &str| tag.strip_prefix(CORE_TAGS) == Some("str");
        self.kind() == Kind::Scalar && self.resolved().tag().is_none_or(is_text)
    }

    /// Whether the node is a key that some reader knows by its text: one with a tag that is not
    /// YAML's own is the same as the key without it to kubectl, and another one to kustomize.
    pub(crate) fn may_be_text_key(self) -> bool {
        let is_other = |tag: &str| tag.strip_prefix(CORE_TAGS).is_some_and(|tag| tag != "str");
        self.kind() == Kind::Scalar && !self.resolved().tag().is_some_and(is_other)
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
    pub fn get_non_null(self, key: &str) -> Result<Option<Self>, YamlError> {
        Ok(self.get(key)?.filter(|value| !value.is_null()))
    }

    /// The value below `path`, with `null` counted as absent.
    ///
    /// # Errors
    /// As [`Node::get`].
    pub fn at(self, path: &[&str]) -> Result<Option<Self>, YamlError> {
        let mut node = self;
        for key in path {
            match node.get_non_null(key)? {
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
        let records = &self.document.nodes.records[..];
        let after = if is_mapping { node.record().after } else { 0 };
        let mut next = node.id + 1;
        while next < after {
            let name = &records[next as usize];
            let (at, under) = (next, name.after);
            next = records[under as usize].after;
            // Most keys are told by their length alone.
            if name.is_verbatim() && ![key.len(), MERGE.len()].contains(&name.length()) {
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
    pub(crate) fn merge_sources(self) -> Result<Vec<Self>, YamlError> {
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

    pub(crate) fn expansion(self) -> YamlError {
        YamlError::AliasExpansion {
            at: self.position(),
            limit: EXPANSION_LIMIT,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Node, Stream};

    #[test]
    fn a_key_of_nothing_is_no_text() {
        for around in ["a: 1", "a: &a 1"] {
            let text = format!("{around}\n: nothing\n");
            let stream = Stream::parse(&text).unwrap();
            assert_eq!(stream.documents[0].root().get(""), Ok(None), "{text}");
            let text = format!("{text}\"\": empty\n");
            let stream = Stream::parse(&text).unwrap();
            let found = stream.documents[0].root().get("").unwrap();
            assert_eq!(found.map(Node::text), Some("empty"), "{text}");
        }
    }
}
