//! Merge keys (`<<`): the mappings whose entries a mapping has besides its own.

use super::node::{CORE_TAGS, Kind, Node};
use crate::YamlError;
use crate::tree::style::NodeStyle;

/// How many nodes a lookup or a conversion may reach through aliases before it is called a bomb.
pub(crate) const EXPANSION_LIMIT: usize = 100_000;

/// How deep merge keys may lead into each other: an alias to its own parent has no end.
const DEPTH_LIMIT: usize = 64;

/// The key that merges other mappings into its own.
pub(crate) const MERGE: &str = "<<";

/// A mapping, then the mappings that its merge keys bring in, depth first, as readers look them up:
/// the first layer that has a key decides about its value.
///
/// The merge keys of a layer are followed only after the layer itself has been returned, so a
/// lookup that finds its key there meets no error of theirs. The iteration ends with the first error.
pub(crate) struct Layers<'d, F> {
    /// The mapping itself, as long as it is still to be returned.
    first: Option<Layer<'d>>,
    /// What is still to be returned after it, the next one last.
    pending: Vec<Layer<'d>>,
    /// The layer that was returned last; its merge keys have not been followed.
    last: Option<Layer<'d>>,
    /// How many layers may still be returned.
    budget: usize,
    /// Which merge keys are ignored, by their value.
    ignored: F,
}

#[derive(Clone, Copy)]
struct Layer<'d> {
    mapping: Node<'d>,
    /// The value of the merge key that brings it in; for the first layer the mapping itself.
    merge: Node<'d>,
    depth: usize,
}

/// A merge key that cannot be followed.
pub(crate) struct MergeError<'d> {
    /// Its value.
    pub value: Node<'d>,
    pub error: YamlError,
}

impl From<MergeError<'_>> for YamlError {
    fn from(error: MergeError<'_>) -> Self {
        error.error
    }
}

impl<'d, F: Fn(Node<'d>) -> bool> Layers<'d, F> {
    fn follow(&mut self, layer: Layer<'d>) -> Result<(), MergeError<'d>> {
        let merges = layer
            .mapping
            .entries()
            .filter(|(key, _)| key.is_merge_key());
        let merges: Vec<_> = merges
            .filter(|(_, value)| !(self.ignored)(*value))
            .collect();
        // In reverse, because the last one pending is the next one returned.
        for (_, merge) in merges.into_iter().rev() {
            let sources = sources(merge)?;
            let sources = sources.into_iter().rev().map(|mapping| Layer {
                mapping,
                merge,
                depth: layer.depth + 1,
            });
            self.pending.extend(sources);
        }
        Ok(())
    }

    fn advance(&mut self) -> Result<Option<Node<'d>>, MergeError<'d>> {
        if let Some(last) = self.last.take() {
            self.follow(last)?;
        }
        let Some(layer) = self.first.take().or_else(|| self.pending.pop()) else {
            return Ok(None);
        };
        if layer.depth == DEPTH_LIMIT || self.budget == 0 {
            return Err(MergeError {
                value: layer.merge,
                error: layer.merge.expansion(),
            });
        }
        self.budget -= 1;
        self.last = Some(layer);
        Ok(Some(layer.mapping))
    }
}

impl<'d, F: Fn(Node<'d>) -> bool> Iterator for Layers<'d, F> {
    type Item = Result<Node<'d>, MergeError<'d>>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.advance();
        if next.is_err() {
            self.pending.clear();
        }
        next.transpose()
    }
}

/// The mappings that the value of a merge key names.
fn sources(value: Node<'_>) -> Result<Vec<Node<'_>>, MergeError<'_>> {
    let sources: Vec<_> = match value.kind() {
        Kind::Mapping => vec![value],
        Kind::Sequence => value.items().collect(),
        Kind::Scalar => Vec::new(),
    };
    let are_mappings = sources.iter().all(|source| source.kind() == Kind::Mapping);
    if are_mappings && value.kind() != Kind::Scalar {
        return Ok(sources);
    }
    let at = value.position();
    Err(MergeError {
        value,
        error: YamlError::BadMerge { at },
    })
}

impl<'d> Node<'d> {
    /// The mapping and those that its merge keys bring in.
    pub(crate) fn layers(self) -> Layers<'d, impl Fn(Node<'d>) -> bool> {
        self.layers_without(|_| false)
    }

    /// The same without the merge keys whose values are `ignored`.
    pub(crate) fn layers_without<F: Fn(Node<'d>) -> bool>(self, ignored: F) -> Layers<'d, F> {
        let first = Layer {
            mapping: self,
            merge: self,
            depth: 0,
        };
        Layers {
            first: Some(first),
            pending: Vec::new(),
            last: None,
            budget: EXPANSION_LIMIT,
            ignored,
        }
    }

    /// Whether the node is the key of a merge (`<<`).
    pub(crate) fn is_merge_key(self) -> bool {
        let is_merge = || match self.tag() {
            None => self.style() == NodeStyle::Plain,
            Some(tag) => tag.strip_prefix(CORE_TAGS) == Some("merge"),
        };
        let text = self.record().text_in_place();
        let is_other = text.is_some_and(|(_, length)| length != MERGE.len());
        !is_other && self.text() == MERGE && is_merge()
    }

    /// The error of aliases at this node that expand without end.
    pub(crate) fn expansion(self) -> YamlError {
        YamlError::AliasExpansion {
            at: self.position(),
            limit: EXPANSION_LIMIT,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Stream, Value, YamlError, decode};

    /// Each level brings in the next one twice: 2^60 layers.
    fn bomb() -> String {
        let level = |level| {
            let next = level + 1;
            format!("l{level}: &l{level} {{<<: [*l{next}, *l{next}]}}")
        };
        let levels: Vec<_> = (1..60).rev().map(level).collect();
        format!("l60: &l60 {{a: 1}}\n{}\n<<: *l1\n", levels.join("\n"))
    }

    #[test]
    fn merge_keys_that_expand_without_end_are_refused_by_every_way_of_reading() {
        let text = bomb();
        let stream = Stream::parse(&text).unwrap();
        let root = stream.documents[0].root();
        let is_bomb = |error| matches!(error, YamlError::AliasExpansion { .. });
        assert!(root.get("z").is_err_and(is_bomb));
        assert!(root.merged_entries().is_err_and(is_bomb));
        assert!(Value::from_node(root).is_err_and(is_bomb));
        let decoded = decode::<std::collections::BTreeMap<String, serde_json::Value>>(root);
        let message = decoded.unwrap_err().to_string();
        assert!(message.contains("expand to more than"), "{message}");
    }

    #[test]
    fn the_first_layer_that_has_a_key_decides() {
        let text = "a: &a {x: 1, <<: &b {x: 2, y: 2}}\nc: {<<: [*a, {y: 3, z: 3}], w: 0}\n";
        let stream = Stream::parse(text).unwrap();
        let mapping = stream.documents[0].root().get("c").unwrap().unwrap();
        let found = mapping.merged_entries().unwrap();
        let found: Vec<_> = found
            .into_iter()
            .map(|(key, value)| (key, value.text()))
            .collect();
        assert_eq!(found, [("w", "0"), ("x", "1"), ("y", "2"), ("z", "3")]);
        for (key, value) in found {
            assert_eq!(mapping.get(key).unwrap().unwrap().text(), value);
        }
    }
}
