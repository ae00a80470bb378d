//! Tolerations of spot taints and of lost nodes.

use k8s_openapi::api::core::v1::Toleration;

use crate::config::Policy;
use crate::workload::{Workload, covers, notation};
use yaml_splice::{Edits, Node, Value, YamlError, decode};

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

/// Those of `configured` that `workload` does not tolerate by itself.
pub(super) fn missing<'p>(
    workload: &Workload<'_>,
    configured: &'p [Wanted],
) -> Result<Vec<&'p Wanted>, YamlError> {
    let own = own(workload)?;
    let mut missing: Vec<&Wanted> = Vec::new();
    for wanted in configured {
        let is_known = |known: &&Wanted| known.notation == wanted.notation;
        let is_covered = own.iter().any(|own| covers(own, &wanted.typed));
        if !is_covered && !missing.iter().any(is_known) {
            missing.push(wanted);
        }
    }
    Ok(missing)
}

fn own(workload: &Workload<'_>) -> Result<Vec<Toleration>, YamlError> {
    let ours = &workload.owned.tolerations;
    let listed = workload
        .pod
        .at(&["tolerations"])?
        .into_iter()
        .flat_map(Node::items);
    Ok(listed
        .filter(|node| !ours.iter().any(|(_, ours)| ours == node))
        .filter_map(|node| decode(node).ok())
        .collect())
}

pub(super) fn write<'d>(
    edits: &mut Edits<'d>,
    workload: &Workload<'d>,
    desired: &[&Wanted],
) -> Result<(), YamlError> {
    let owned = &workload.owned.tolerations;
    for (toleration, node) in owned {
        if !desired.iter().any(|wanted| wanted.typed == *toleration) {
            edits.remove(*node)?;
        }
    }
    for wanted in desired {
        if !owned.iter().any(|(ours, _)| *ours == wanted.typed) {
            edits.append(workload.pod, &["tolerations"], wanted.value.clone())?;
        }
    }
    Ok(())
}
