//! Finding a value by its key, through aliases and merge keys.

use std::collections::HashMap;

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
    /// As [`Node::get`].
    pub fn merged_entries(self) -> Result<Vec<(&'d str, Self)>, YamlError> {
        // By name, where there are many: the place in the list.
        let mut known = HashMap::new();
        let mut found: Vec<(&str, Self)> = Vec::new();
        for layer in self.layers() {
            let layer = layer?;
            let own = found.len();
            let entries = layer.entries().filter(|(key, _)| !key.is_merge_key());
            for (key, value) in entries {
                let name = key.text();
                let first = if found.len() < FEW {
                    found.iter().position(|(known, _)| *known == name)
                } else {
                    if known.is_empty() {
                        let names = found.iter().enumerate();
                        known.extend(names.map(|(at, (name, _))| (*name, at)));
                    }
                    known.get(name).copied()
                };
                match first {
                    Some(first) if first >= own => {
                        let mut keys = layer.entries().map(|(key, _)| key);
                        let first = keys.find(|key| key.text() == name);
                        return Err(duplicate(first.unwrap_or(key), key));
                    }
                    Some(_) => {}
                    None => {
                        if !known.is_empty() {
                            known.insert(name, found.len());
                        }
                        found.push((name, value));
                    }
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
    use crate::{Node, Stream, YamlError};

    #[test]
    fn entries_that_stand_twice_are_refused_however_they_are_read() {
        for text in ["a: 1\na:\n", "x: &x {a: 1}\nb: {<<: *x, a: 2, a: 3}\n"] {
            let stream = Stream::parse(text).unwrap();
            let root = stream.documents[0].root();
            let mapping = root.get("b").unwrap().unwrap_or(root);
            let found = mapping.merged_entries();
            assert!(
                matches!(found, Err(YamlError::DuplicateKey { .. })),
                "{text}"
            );
        }
    }

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
