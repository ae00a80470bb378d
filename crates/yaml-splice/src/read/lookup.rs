//! Finding a value by its key, through aliases and merge keys.

use std::collections::HashSet;

use super::merge::MERGE;
use super::node::{CORE_TAGS, Kind, Node};
use crate::YamlError;
use crate::tree::document::NodeId;

/// Up to so many keys are compared one by one, which takes less than to hash them.
const FEW: usize = 16;

impl<'d> Node<'d> {
    /// Whether the node is a key with the text `key`.
    fn is_key(self, key: &str) -> bool {
        let record = self.record();
        // An empty (null) key is not a string key.
        let is_nothing = record.is_verbatim() && record.length() == 0;
        !is_nothing && self.text() == key && self.is_text_key() && !self.is_merge_key()
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
    /// [`YamlError::DuplicateKey`] where the key is there twice, [`YamlError::BadMerge`] and
    /// [`YamlError::AliasExpansion`] for a merge key that cannot be followed.
    pub fn get(self, key: &str) -> Result<Option<Self>, YamlError> {
        let (found, has_merges) = self.own(key)?;
        if found.is_some() || !has_merges {
            return Ok(found);
        }
        for layer in self.layers().skip(1) {
            let (found, _) = layer?.own(key)?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// Like [`Node::get`], with `null` counted as absent.
    pub fn get_non_null(self, key: &str) -> Result<Option<Self>, YamlError> {
        Ok(self.get(key)?.filter(|value| !value.is_null()))
    }

    /// The value below `path`, with `null` counted as absent.
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

    /// The text of the scalar below `path`; empty where there is none.
    pub fn text_at(self, path: &[&str]) -> Result<&'d str, YamlError> {
        Ok(self.at(path)?.map_or("", Self::text))
    }

    /// The items of the list below `path`; none where there is no list.
    pub fn items_at(
        self,
        path: &[&str],
    ) -> Result<impl Iterator<Item = Self> + use<'d>, YamlError> {
        Ok(self.at(path)?.into_iter().flat_map(Self::items))
    }

    /// The value under a key of the mapping's own, and whether it has merge keys.
    fn own(self, key: &str) -> Result<(Option<Self>, bool), YamlError> {
        let node = self.resolved();
        let collection = node.record();
        if !collection.style().is_mapping() {
            return Ok((None, false));
        }
        let nodes = &node.document.nodes;
        let records = &nodes.records[..collection.after as usize];
        let source = node.document.source.as_bytes();
        let is_untagged = nodes.properties.is_empty();
        let mut found: Option<(NodeId, NodeId)> = None;
        let mut has_merges = false;
        let mut next = node.id + 1;
        while let Some(name) = records.get(next as usize) {
            let (at, under) = (next, name.after);
            next = records[under as usize].after;
            let is_key = if name.is_verbatim() && name.length() > MERGE.len() {
                // Most keys differ by their length.
                name.length() == key.len()
                    && source.get(name.bytes()) == Some(key.as_bytes())
                    && (is_untagged || node.with_id(at).is_text_key())
            } else {
                let name = node.with_id(at);
                has_merges = has_merges || name.is_merge_key();
                name.is_key(key)
            };
            if is_key {
                if let Some((first, _)) = found {
                    return Err(duplicate(node.with_id(first), node.with_id(at)));
                }
                found = Some((at, under));
            }
        }
        Ok((found.map(|(_, value)| node.with_id(value)), has_merges))
    }

    /// A mapping's keys and values with its merge keys followed: own keys first.
    ///
    /// # Errors
    /// As [`Node::get`], but for duplicate keys, of which the first counts.
    pub fn merged_entries(self) -> Result<Vec<(&'d str, Self)>, YamlError> {
        let mut known = HashSet::new();
        let mut found: Vec<(&str, Self)> = Vec::new();
        for layer in self.layers() {
            let entries = layer?.entries().filter(|(key, _)| !key.is_merge_key());
            for (key, value) in entries.map(|(key, value)| (key.text(), value)) {
                let is_new = if found.len() < FEW {
                    found.iter().all(|(known, _)| *known != key)
                } else {
                    if known.is_empty() {
                        known.extend(found.iter().map(|(key, _)| *key));
                    }
                    known.insert(key)
                };
                if is_new {
                    found.push((key, value));
                }
            }
        }
        Ok(found)
    }
}

/// The error of a key that is in its mapping twice.
pub(crate) fn duplicate(first: Node<'_>, second: Node<'_>) -> YamlError {
    YamlError::DuplicateKey {
        key: second.text().to_owned(),
        first: first.position(),
        second: second.position(),
    }
}

#[cfg(test)]
mod tests {
    use crate::{Node, Stream};

    #[test]
    fn an_empty_key_is_not_a_string_key() {
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
