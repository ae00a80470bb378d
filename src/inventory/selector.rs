//! The selector of a workload and the labels that it has to match.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use kube_core::labels::{Selector, SelectorExt};

use crate::findings::{Code, Finding};
use crate::krm::template::has_variable;
use crate::placement::Exclusion;
use yaml_splice::{Kind, Node, Scalar, Value, YamlError, decode};

/// The selector of a workload.
#[derive(Debug, Clone)]
pub(super) enum PodSelector<'d> {
    /// Nothing but `matchLabels`, by key: nearly every selector, read without decoding it.
    Labels(BTreeMap<&'d str, &'d str>),
    /// Any other.
    Typed(LabelSelector),
}

impl<'d> PodSelector<'d> {
    /// Reads the selector `node`.
    ///
    /// # Errors
    /// A finding where it is none.
    pub fn read(node: Node<'d>) -> Result<Self, Finding> {
        if let Some(labels) = match_labels(node) {
            return Ok(Self::Labels(labels));
        }
        decode(node).map(Self::Typed).map_err(|error| {
            let message = format!("spec.selector cannot be read: {}", error.problem);
            Finding::error(Code::InvalidManifest, message)
                .located(error.at)
                .at("spec.selector")
        })
    }

    /// As a value to insert.
    pub fn value(&self) -> Value {
        match self {
            Self::Labels(labels) => {
                let labels = labels
                    .iter()
                    .map(|(key, value)| (*key, Value::text(*value)));
                Value::mapping([("matchLabels", Value::mapping(labels))])
            }
            Self::Typed(selector) => Value::from_typed(selector),
        }
    }

    /// Its `matchLabels`, if it has any.
    pub fn labels(&self) -> Option<BTreeMap<&str, &str>> {
        match self {
            Self::Labels(labels) => Some(labels.clone()),
            Self::Typed(selector) => {
                let labels = selector.match_labels.as_ref()?.iter();
                Some(labels.map(|(key, value)| (&**key, &**value)).collect())
            }
        }
    }

    /// Whether it has nothing but labels, which a sibling's pods have as well.
    pub fn labels_alone(&self) -> bool {
        matches!(self, Self::Labels(_))
    }

    /// What keeps the API server from taking it for pods with the labels `pod`.
    ///
    /// # Errors
    /// A finding where an expression cannot be read.
    pub fn mismatch(&self, pod: &[(&str, &str)]) -> Result<Option<Exclusion>, Finding> {
        let (is_empty, matches) = match self {
            Self::Labels(labels) => {
                let has = |(key, value): (&&str, &&str)| pod.contains(&(*key, *value));
                (labels.is_empty(), labels.iter().all(has))
            }
            Self::Typed(selector) => {
                let selector = Selector::try_from(selector.clone()).map_err(|error| {
                    let message = format!("spec.selector cannot be read: {error}");
                    Finding::error(Code::InvalidManifest, message).at("spec.selector")
                })?;
                (selector.selects_all(), selector.matches(&to_label_map(pod)))
            }
        };
        Ok(if is_empty {
            Some(Exclusion::EmptySelector)
        } else {
            (!matches).then_some(Exclusion::SelectorMismatch)
        })
    }

    /// Whether it may match pods with the labels `pod`, depending on what the variables of both become.
    pub fn may_match(&self, pod: &[(&str, &str)]) -> bool {
        let pod = to_label_map(pod);
        match self {
            Self::Labels(labels) => {
                let labels: Vec<_> = labels.iter().map(|(key, value)| (*key, *value)).collect();
                let selector = LabelSelector {
                    match_labels: Some(to_label_map(&labels)),
                    ..LabelSelector::default()
                };
                may_select(&selector, &pod)
            }
            Self::Typed(selector) => may_select(selector, &pod),
        }
    }
}

/// Whether `selector` may select a pod with these labels, depending on what the variables of both become.
pub(super) fn may_select(selector: &LabelSelector, labels: &BTreeMap<String, String>) -> bool {
    let known = Selector::try_from(known(selector, labels));
    known.is_ok_and(|known| known.matches(labels))
}

/// The requirements of `selector` in which no variable has a part, nor in what they ask of the `labels` of a pod.
fn known(selector: &LabelSelector, labels: &BTreeMap<String, String>) -> LabelSelector {
    let is_open = |text: &String| has_variable(text);
    let has_open_key = labels.keys().any(is_open);
    let is_known = |key: &String| {
        let is_open_label = labels.get(key).is_some_and(is_open);
        !has_open_key && !is_open(key) && !is_open_label
    };
    let mut known = selector.clone();
    if let Some(labels) = &mut known.match_labels {
        labels.retain(|key, value| is_known(key) && !is_open(value));
    }
    if let Some(expressions) = &mut known.match_expressions {
        expressions.retain(|expression| {
            let mut values = expression.values.iter().flatten();
            is_known(&expression.key) && !is_open(&expression.operator) && !values.any(is_open)
        });
    }
    known
}

/// The labels of a selector that has nothing else, if every one of them is surely text. A value that is
/// nothing is the empty text to the API server.
fn match_labels<'d>(selector: Node<'d>) -> Option<BTreeMap<&'d str, &'d str>> {
    let text = |node: Node<'d>| match node.scalar() {
        Some(Scalar::Text(text)) => Some(text),
        _ => None,
    };
    let key_text = |key: Node<'d>| text(key).filter(|_| !key.is_alias());
    let mut entries = selector.entries();
    let (key, labels) = entries.next().filter(|_| !selector.is_alias())?;
    let is_alone = entries.next().is_none() && key_text(key) == Some("matchLabels");
    if !is_alone || labels.kind() != Kind::Mapping || labels.is_alias() {
        return None;
    }
    let mut found = BTreeMap::new();
    for (key, value) in labels.entries() {
        let key = key_text(key).filter(|key| *key != "<<")?;
        let value = if value.is_null() {
            Some("")
        } else {
            text(value)
        };
        let twice = found.insert(key, value?);
        twice.is_none().then_some(())?;
    }
    Some(found)
}

/// The labels in the metadata of an object or of a pod template.
pub(super) fn labels<'d>(metadata: Option<Node<'d>>) -> Result<Vec<(&'d str, &'d str)>, YamlError> {
    let labels = metadata.map(|metadata| metadata.get_non_null("labels"));
    let Some(labels) = labels.transpose()?.flatten() else {
        return Ok(Vec::new());
    };
    let text = |value: Node<'d>| if value.is_null() { "" } else { value.text() };
    let entries = labels.merged_entries()?.into_iter();
    Ok(entries.map(|(key, value)| (key, text(value))).collect())
}

/// Labels as a map of their own.
pub(super) fn to_label_map(labels: &[(&str, &str)]) -> BTreeMap<String, String> {
    let labels = labels.iter();
    labels
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use yaml_splice::Stream;

    #[test]
    fn labels_without_a_value_are_empty() {
        let text = "matchLabels: {app: web, release: }\n---\nlabels: {app: web, release: ~}\n";
        let stream = Stream::parse(text).unwrap();
        let [selector, metadata] = stream.documents.as_slice() else {
            panic!("{stream:?}");
        };
        let selector = PodSelector::read(selector.root()).unwrap();
        let pod = labels(Some(metadata.root())).unwrap();
        assert_eq!(pod, [("app", "web"), ("release", "")]);
        assert_eq!(selector.mismatch(&pod).unwrap(), None);
    }
}
