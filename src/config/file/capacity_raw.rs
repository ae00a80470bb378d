//! The node labels as they are written.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};

use super::label;
#[cfg(test)]
use super::schema::patterns;
use crate::config::Provider;
use yaml_splice::Located;

/// The node labels that tell on-demand nodes from spot nodes.
#[derive(Debug, Default, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct RawCapacity {
    /// Whose nodes they are: sets the labels below, `spotTolerations` and `noticeSeconds`, each
    /// unless it is given itself. Default: null, none.
    pub provider: Option<Located<Provider>>,
    /// The label's key. Default: `node.kubernetes.io/capacity`.
    #[cfg_attr(test, schemars(regex(pattern = patterns::LABEL_KEY)))]
    pub key: Option<Located<String>>,
    /// The label's value on on-demand nodes, or a list of values. Default: `on-demand`.
    pub on_demand: Option<Located<RawWords>>,
    /// The label's value on spot nodes, or a list of values; none of them is one of on-demand nodes.
    /// Default: `spot`.
    pub spot: Option<Located<RawWords>>,
    /// Whether on-demand nodes have the label. `false`: on-demand is every node that is not spot,
    /// also without the key. Default: `true`.
    pub on_demand_labelled: Option<Located<bool>>,
    /// Further labels that mark spot nodes, for clusters with more than one system of labels.
    /// On-demand is then every node that is not spot. Default: none.
    pub also_spot: Option<Vec<Located<RawNodeLabel>>>,
}

/// A further label that marks spot nodes.
#[derive(Debug, Clone, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct RawNodeLabel {
    /// The label's key.
    #[cfg_attr(test, schemars(regex(pattern = patterns::LABEL_KEY)))]
    pub key: Located<String>,
    /// Its value on spot nodes, or a list of values.
    pub values: Located<RawWords>,
}

/// One word or a list of words.
#[derive(Debug, Clone)]
pub(super) enum RawWords {
    /// One word.
    One(String),
    /// A list.
    List(Vec<Located<String>>),
}

/// What is accepted where [`RawWords`] stand.
const WORDS: &str = "a string or a list of strings";

impl<'de> Deserialize<'de> for RawWords {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordsVisitor)
    }
}

struct WordsVisitor;

impl<'de> Visitor<'de> for WordsVisitor {
    type Value = RawWords;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(WORDS)
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<RawWords, E> {
        Ok(RawWords::One(word.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<RawWords, A::Error> {
        let mut words = Vec::new();
        while let Some(word) = list.next_element()? {
            words.push(word);
        }
        Ok(RawWords::List(words))
    }
}

impl RawWords {
    /// The words, each with its place; `at` is that of the whole.
    pub fn located(at: &Located<Self>) -> Vec<Located<String>> {
        match &at.value {
            Self::One(word) => vec![at.with(word.clone())],
            Self::List(words) => words.clone(),
        }
    }
}

/// What is accepted as a value of the label.
pub(super) fn is_capacity_value(value: &str) -> bool {
    !value.is_empty() && label::is_value(value)
}

#[cfg(test)]
impl schemars::JsonSchema for RawWords {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Words".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let word = serde_json::json!({ "type": "string", "pattern": patterns::LABEL_VALUE });
        schemars::json_schema!({
            "anyOf": [word, { "type": "array", "minItems": 1, "items": word }]
        })
    }
}
