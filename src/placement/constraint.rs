//! What a pod template may already constrain the capacity key with.

use std::fmt;

/// What a pod template constrains the capacity key with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constraint {
    /// `nodeName`: the pod never passes the scheduler.
    NodeName,
    /// `nodeSelector` with the name of one node.
    SelectorOfOneNode,
    /// A required node affinity to one node by its name.
    AffinityToOneNode,
    /// `nodeSelector`
    NodeSelector,
    /// A required node affinity.
    RequiredAffinity,
    /// A preferred node affinity.
    PreferredAffinity,
    /// A topology spread constraint.
    TopologySpread,
}

/// A pod template's requirement on a node label that tells capacity types apart and is not one of
/// the policy's: the policy and the manifests speak of different clusters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForeignKey {
    /// What requires it.
    pub constraint: Constraint,
    /// The label's key.
    pub key: &'static str,
}

impl Constraint {
    /// The field below the workload.
    pub fn field(self) -> &'static str {
        match self {
            Self::NodeName => "spec.template.spec.nodeName",
            Self::NodeSelector | Self::SelectorOfOneNode => "spec.template.spec.nodeSelector",
            Self::RequiredAffinity | Self::AffinityToOneNode => {
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
            Self::SelectorOfOneNode => "a nodeSelector for one node",
            Self::AffinityToOneNode => "a required node affinity to one node",
            Self::NodeSelector => "a nodeSelector",
            Self::RequiredAffinity => "a required node affinity",
            Self::PreferredAffinity => "a preferred node affinity",
            Self::TopologySpread => "a topology spread constraint",
        })
    }
}
