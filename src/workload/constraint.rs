//! A user's own intent: what in a pod template already constrains the capacity key.

use std::fmt;

use yaml_splice::{Node, YamlError};

use super::Owned;

/// What a pod template constrains the capacity key with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constraint {
    /// `nodeName`: the pod never passes the scheduler.
    NodeName,
    /// `nodeSelector`
    NodeSelector,
    /// A required node affinity.
    RequiredAffinity,
    /// A preferred node affinity.
    PreferredAffinity,
    /// A topology spread constraint.
    TopologySpread,
}

impl Constraint {
    /// The field below the workload.
    pub fn field(self) -> &'static str {
        match self {
            Self::NodeName => "spec.template.spec.nodeName",
            Self::NodeSelector => "spec.template.spec.nodeSelector",
            Self::RequiredAffinity => {
                "spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution"
            }
            Self::PreferredAffinity => {
                "spec.template.spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution"
            }
            Self::TopologySpread => "spec.template.spec.topologySpreadConstraints",
        }
    }
}

impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NodeName => "nodeName",
            Self::NodeSelector => "a nodeSelector",
            Self::RequiredAffinity => "a required node affinity",
            Self::PreferredAffinity => "a preferred node affinity",
            Self::TopologySpread => "a topology spread constraint",
        })
    }
}

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
