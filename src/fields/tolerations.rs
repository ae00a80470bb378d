//! Tolerations of spot taints and of lost nodes.

use std::sync::Arc;

use k8s_openapi::api::core::v1::Toleration;

use crate::config::Policy;
use yaml_splice::{Edits, Node, Prepared, Value, YamlError, decode};

use super::toleration::{covers, notation};
use super::{Mark, Owned, Pod};

/// The list below a pod spec.
pub(super) const LIST: &str = "tolerations";

/// A toleration that is added where nothing covers it.
#[derive(Debug, PartialEq)]
pub struct Wanted {
    typed: Toleration,
    value: Value,
    /// Its name in the mark.
    pub notation: String,
}

impl Wanted {
    pub(super) fn new(toleration: Toleration) -> Self {
        Self {
            value: Value::from_typed(&toleration).with_quoting_decided(),
            notation: notation(&toleration),
            typed: toleration,
        }
    }
}

/// What pods of one kind of placement tolerate.
#[derive(Debug)]
pub struct Tolerations {
    all: Vec<Wanted>,
    /// The whole list of pods that have none of their own.
    whole: Arc<Prepared>,
}

impl Tolerations {
    /// `all` of them, each once.
    pub(super) fn new(all: impl Iterator<Item = Toleration>) -> Self {
        let mut once: Vec<Wanted> = Vec::new();
        for wanted in all.map(Wanted::new) {
            if once.iter().all(|known| known.notation != wanted.notation) {
                once.push(wanted);
            }
        }
        let list = once.iter().map(|wanted| wanted.value.clone()).collect();
        Self {
            whole: Arc::new(Prepared::new(LIST, Value::Sequence(list))),
            all: once,
        }
    }
}

/// The taints that the node lifecycle controller puts on a node that is gone.
const NODE_LOSS_TAINTS: [&str; 2] = [
    "node.kubernetes.io/not-ready",
    "node.kubernetes.io/unreachable",
];

/// What pods that may run on spot tolerate: what is configured, and lost nodes for a while.
pub(super) fn on_spot(policy: &Policy) -> impl Iterator<Item = Toleration> {
    let node_loss = policy
        .node_loss_toleration_seconds
        .into_iter()
        .flat_map(|seconds| {
            NODE_LOSS_TAINTS.map(|taint| Toleration {
                key: Some(taint.to_owned()),
                operator: Some("Exists".to_owned()),
                effect: Some("NoExecute".to_owned()),
                toleration_seconds: Some(seconds),
                ..Toleration::default()
            })
        });
    policy.spot_tolerations.iter().cloned().chain(node_loss)
}

/// What pods that must run on on-demand nodes tolerate.
pub(super) fn on_demand(policy: &Policy) -> impl Iterator<Item = Toleration> {
    policy.on_demand_tolerations.iter().cloned()
}

/// Gives the pod spec of a new object those of `wanted`.
pub(super) fn add_in(spec: &mut Value, wanted: &[&Wanted]) {
    for wanted in wanted {
        spec.entry(LIST).push(wanted.value.clone());
    }
}

/// Those of `configured` that a pod does not tolerate by itself.
pub(super) fn missing<'p>(
    spec: Node<'_>,
    owned: &Owned<'_>,
    configured: &'p Tolerations,
) -> Result<Vec<&'p Wanted>, YamlError> {
    let own = own(spec, owned)?;
    let is_covered = |wanted: &&Wanted| own.iter().any(|own| covers(own, &wanted.typed));
    let all = configured.all.iter();
    Ok(all.filter(|wanted| !is_covered(wanted)).collect())
}

fn own(spec: Node<'_>, owned: &Owned<'_>) -> Result<Vec<Toleration>, YamlError> {
    let is_ours = |node: &Node<'_>| owned.tolerations.iter().any(|(_, ours)| ours == node);
    Ok(listed(spec)?
        .filter(|node| !is_ours(node))
        .filter_map(|node| decode(node).ok())
        .collect())
}

fn listed(spec: Node<'_>) -> Result<impl Iterator<Item = Node<'_>>, YamlError> {
    spec.items_at(&[LIST])
}

/// One for each entry of the mark: ours are added at the end, so the last that looks like it.
pub(super) fn find<'d>(
    mark: &Mark,
    spec: Node<'d>,
) -> Result<Vec<(Toleration, Node<'d>)>, YamlError> {
    let decoded = |node| Some((decode::<Toleration>(node).ok()?, node));
    let listed: Vec<_> = listed(spec)?.filter_map(decoded).collect();
    let last = |entry: &String| {
        let mut listed = listed.iter().rev();
        listed.find(|(toleration, _)| notation(toleration) == *entry)
    };
    Ok(mark.tolerations.iter().filter_map(last).cloned().collect())
}

pub(super) fn write<'d>(
    edits: &mut Edits<'d>,
    pod: Pod<'d>,
    owned: &Owned<'d>,
    desired: &[&Wanted],
    configured: Option<&Tolerations>,
) -> Result<(), YamlError> {
    let owned = &owned.tolerations;
    for (toleration, node) in owned {
        if !desired.iter().any(|wanted| wanted.typed == *toleration) {
            edits.remove(*node)?;
        }
    }
    if desired.is_empty() {
        return Ok(());
    }
    if let Some(configured) = configured
        && configured.all.len() == desired.len()
        && pod.spec.get(LIST)?.is_none()
    {
        return edits.put_prepared(pod.spec, &configured.whole, Vec::new());
    }
    for wanted in desired {
        if !owned.iter().any(|(ours, _)| *ours == wanted.typed) {
            edits.append(pod.spec, &[LIST], wanted.value.clone())?;
        }
    }
    Ok(())
}
