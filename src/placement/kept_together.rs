//! Pods that their owner keeps in one place, so that they cannot be divided.

/// A place that holds nodes of one capacity type only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnePlace {
    /// A node.
    Node,
    /// A pool of nodes.
    NodePool,
    /// All nodes of one capacity type.
    CapacityType,
}

impl OnePlace {
    /// Where that is, in a message.
    pub fn name(self) -> &'static str {
        match self {
            Self::Node => "on one node",
            Self::NodePool => "in one node pool",
            Self::CapacityType => "on nodes of one capacity type",
        }
    }
}

/// Where a required pod affinity keeps the pods of a workload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct KeptTogether {
    /// The place where the pods of one pod template are kept together.
    pub same_template: Option<OnePlace>,
    /// The place where pods of two pod templates are: those of a Deployment and of its sibling.
    pub two_templates: Option<OnePlace>,
}
