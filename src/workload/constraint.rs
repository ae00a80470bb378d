//! A user's own intent: what in a pod template already constrains the capacity key.

use crate::placement::Constraint;
use yaml_splice::{Node, YamlError};

use super::Owned;

/// The user's own constraint on `key` in the pod spec `pod`, leaving out what is ours.
///
/// # Errors
/// As [`Node::get`].
pub fn existing(
    pod: Node<'_>,
    owned: &Owned<'_>,
    key: &str,
) -> Result<Option<Constraint>, YamlError> {
    if pod.get_non_null("nodeName")?.is_some() {
        return Ok(Some(Constraint::NodeName));
    }
    if pod.at(&["nodeSelector", key])?.is_some() {
        return Ok(Some(Constraint::NodeSelector));
    }
    let Some(affinity) = pod.at(&["affinity", "nodeAffinity"])? else {
        return spread(pod, owned, key);
    };
    let required = [
        "requiredDuringSchedulingIgnoredDuringExecution",
        "nodeSelectorTerms",
    ];
    for term in affinity.at(&required)?.into_iter().flat_map(Node::items) {
        if names_key(term, owned, key)? {
            return Ok(Some(Constraint::RequiredAffinity));
        }
    }
    let preferred = affinity.get_non_null("preferredDuringSchedulingIgnoredDuringExecution")?;
    for term in preferred.into_iter().flat_map(Node::items) {
        let preference = term
            .get_non_null("preference")?
            .filter(|_| !owned.covers(term));
        if let Some(preference) = preference
            && names_key(preference, owned, key)?
        {
            return Ok(Some(Constraint::PreferredAffinity));
        }
    }
    spread(pod, owned, key)
}

fn names_key(term: Node<'_>, owned: &Owned<'_>, key: &str) -> Result<bool, YamlError> {
    for expression in term
        .get_non_null("matchExpressions")?
        .into_iter()
        .flat_map(Node::items)
    {
        let named = expression
            .get_non_null("key")?
            .is_some_and(|name| name.text() == key);
        if named && !owned.covers(expression) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn spread(pod: Node<'_>, owned: &Owned<'_>, key: &str) -> Result<Option<Constraint>, YamlError> {
    for constraint in pod
        .at(&["topologySpreadConstraints"])?
        .into_iter()
        .flat_map(Node::items)
    {
        let named = constraint
            .get_non_null("topologyKey")?
            .is_some_and(|name| name.text() == key);
        if named && !owned.covers(constraint) {
            return Ok(Some(Constraint::TopologySpread));
        }
    }
    Ok(None)
}
