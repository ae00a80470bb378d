//! Finding a value by its key, through aliases and merge keys.

use std::collections::HashMap;

use super::merge::MERGE;
use super::node::{CORE_TAGS, Kind, Node};
use crate::YamlError;
use crate::tree::document::NodeId;
use crate::tree::style::NodeStyle;

/// Up to so many keys are compared one by one, which takes less than to hash them.
const FEW: usize = 16;

/// In place of a value that is not there: the root is no value.
const ABSENT: NodeId = 0;

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
        match self.scan([key]) {
            Some([value]) => Ok(self.found(value)),
            None => self.look_up(key),
        }
    }

    /// Like [`Node::get`], with `null` counted as absent.
    pub fn get_non_null(self, key: &str) -> Result<Option<Self>, YamlError> {
        let [value] = self.pick([key])?;
        Ok(value)
    }

    /// The values under several keys, each as [`Node::get_non_null`] finds it, in one walk over the
    /// mapping.
    ///
    /// ```
    /// let stream = yaml_splice::Stream::parse("name: web\nimage: ~\n")?;
    /// let [image, name] = stream.documents[0].root().pick(["image", "name"])?;
    /// assert_eq!((image, name.map(|name| name.text())), (None, Some("web")));
    /// # Ok::<(), yaml_splice::YamlError>(())
    /// ```
    ///
    /// # Errors
    /// That of the first of `keys` that has one.
    pub fn pick<const N: usize>(self, keys: [&str; N]) -> Result<[Option<Self>; N], YamlError> {
        let found = if let Some(found) = self.scan(keys) {
            found.map(|value| self.found(value))
        } else {
            let mut found = [None; N];
            for (value, key) in found.iter_mut().zip(keys) {
                *value = self.look_up(key)?;
            }
            found
        };
        Ok(found.map(|value| value.filter(|value| !value.is_null())))
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

    /// The values under `keys`, found by their bytes alone; `None` where that does not decide: beside
    /// merge keys, escapes, tags and aliases, and where one of them is there twice.
    fn scan<const N: usize>(self, keys: [&str; N]) -> Option<[NodeId; N]> {
        let mut found = [ABSENT; N];
        let nodes = &self.document.nodes;
        let mapping = &nodes.records[self.id as usize];
        if !mapping.style().is_mapping() {
            return (mapping.style() != NodeStyle::Alias).then_some(found);
        }
        let source = self.document.source.as_bytes();
        let mut next = self.id + 1;
        while next < mapping.after {
            let name = &nodes.records[next as usize];
            next = nodes.records[name.after as usize].after;
            let (quotes, length) = (name.quotes()?, name.length());
            // Not longer than `<<`, it may be a merge key, or no text at all.
            if length <= MERGE.len() + quotes {
                return None;
            }
            let text = || source.get(name.start as usize + quotes / 2..);
            for (key, value) in keys.iter().zip(&mut found) {
                // Most keys differ by their length.
                if length == key.len() + quotes
                    && text().is_some_and(|text| text.starts_with(key.as_bytes()))
                {
                    if *value != ABSENT {
                        return None;
                    }
                    *value = name.after;
                }
            }
        }
        if nodes.properties.is_empty() {
            return Some(found);
        }
        self.without_properties(found)
    }

    /// The same, if none of the keys has a tag or an anchor.
    #[cold]
    fn without_properties<const N: usize>(self, found: [NodeId; N]) -> Option<[NodeId; N]> {
        let properties = &self.document.nodes.properties;
        // A key that is a scalar stands right before its value.
        let has_any = |value: &NodeId| *value != ABSENT && properties.contains_key(&(value - 1));
        (!found.iter().any(has_any)).then_some(found)
    }

    fn found(self, value: NodeId) -> Option<Self> {
        (value != ABSENT).then(|| self.with_id(value))
    }

    /// The value under `key`, whatever is beside it.
    #[cold]
    fn look_up(self, key: &str) -> Result<Option<Self>, YamlError> {
        for layer in self.layers() {
            let found = layer?.own(key)?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// The value under a key of the mapping's own.
    fn own(self, key: &str) -> Result<Option<Self>, YamlError> {
        let mut entries = self.entries().filter(|(name, _)| name.is_key(key));
        let found = entries.next();
        match (found, entries.next()) {
            (Some((first, _)), Some((second, _))) => Err(duplicate(first, second)),
            _ => Ok(found.map(|(_, value)| value)),
        }
    }

    /// A mapping's keys and values with its merge keys followed: own keys first.
    ///
    /// # Errors
    /// As [`Node::get`].
    pub fn merged_entries(self) -> Result<Vec<(&'d str, Self)>, YamlError> {
        self.few_entries().map_or_else(|| self.many_entries(), Ok)
    }

    /// The same where a mapping has few keys, all of them its own and each once: nearly everywhere.
    fn few_entries(self) -> Option<Vec<(&'d str, Self)>> {
        let mut found: Vec<(&str, Self)> = Vec::new();
        for (key, value) in self.entries() {
            let name = key.text();
            let is_known = found.iter().any(|(known, _)| *known == name);
            if is_known || key.is_merge_key() || found.len() == FEW {
                return None;
            }
            found.push((name, value));
        }
        Some(found)
    }

    /// The same wherever.
    fn many_entries(self) -> Result<Vec<(&'d str, Self)>, YamlError> {
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
    use proptest::prelude::*;
    use proptest::sample::select;

    use crate::{Node, Stream, YamlError};

    /// Keys that are alike, keys that are short, and keys that are more than text.
    const KEYS: [&str; 6] = ["name", "nose", "names", "ip", "<<", ""];

    /// One of them as it may be written.
    fn key() -> impl Strategy<Value = String> {
        let forms = ["_", "_", "_", "'_'", "\"_\"", "!!str _", "!own _", "&a _"];
        let written = (select(&KEYS[..]), select(forms.to_vec()));
        let written = written.prop_map(|(key, form)| form.replace('_', key));
        prop_oneof![9 => written, 1 => Just("\"\\x6eame\"".to_owned())]
    }

    fn entry() -> impl Strategy<Value = String> {
        let value = select(&["1", "~", "", "*m", "[*m, {nose: 3}]", "{name: 2}"][..]);
        (key(), value).prop_map(|(key, value)| format!("{key}: {value}\n"))
    }

    fn all_nodes<'d>(stream: &'d Stream<'_>) -> impl Iterator<Item = Node<'d>> {
        let document = &stream.documents[0];
        (0..document.nodes.next_id()).map(|id| Node::new(document, id))
    }

    proptest! {
        #[test]
        fn one_walk_finds_what_each_lookup_finds(
            entries in prop::collection::vec(entry(), 0..6),
            keys in prop::array::uniform3(select(&KEYS[..])),
        ) {
            let text = format!("m: &m {{name: 0, ip: 0}}\nmapping:\n  {}", entries.join("  "));
            let stream = Stream::parse(&text);
            prop_assume!(stream.is_ok());
            for node in all_nodes(&stream.unwrap()) {
                for key in KEYS {
                    if let Some([found]) = node.scan([key]) {
                        let found = node.found(found);
                        prop_assert_eq!(Ok(found), node.look_up(key), "{}: {}", text, key);
                    }
                }
                if let Some(few) = node.few_entries() {
                    prop_assert_eq!(Ok(few), node.many_entries(), "{}", text);
                }
                let each = keys.map(|key| node.get_non_null(key));
                let all: Result<Vec<_>, _> = each.into_iter().collect();
                let picked = node.pick(keys).map(Vec::from);
                prop_assert_eq!(picked, all, "{}: {:?}", text, keys);
            }
        }
    }

    #[test]
    fn one_walk_is_enough_for_what_manifests_consist_of() {
        for (text, is_enough) in [
            ("name: 1\nnose: 2\n", true),
            ("{\"name\": 1, 'nose': 2}\n", true),
            ("&a nose: 1\nname: *a\n", true),
            ("nose: 1\nnose: 2\n", true),
            ("[name]\n", true),
            ("name: 1\nname: 2\n", false),
            ("name: 1\n\"name\": 2\n", false),
            ("name: 1\nip: 2\n", false),
            ("<<: {name: 1}\n", false),
            ("!!str name: 1\n", false),
            ("\"n\\x61me\": 1\n", false),
            ("? [a]\n: 1\n", false),
        ] {
            let stream = Stream::parse(text).unwrap();
            let found = stream.documents[0].root().scan(["name"]);
            assert_eq!(found.is_some(), is_enough, "{text}");
        }
    }

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
