//! The node labels that distinguish on-demand nodes from spot nodes.

/// The node label that tells on-demand nodes from spot nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capacity {
    /// The label's key.
    pub key: String,
    /// Its value on on-demand nodes.
    pub on_demand: String,
    /// Its value on spot nodes, never that of on-demand nodes.
    pub spot: String,
}

/// How a [`NodeRequirement`] compares a node's label with its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// The node has the label with one of the values.
    In,
    /// The node has another value, or no such label.
    NotIn,
}

impl Operator {
    /// The name in manifests.
    pub fn name(self) -> &'static str {
        match self {
            Self::In => "In",
            Self::NotIn => "NotIn",
        }
    }
}

/// A requirement for the labels of a node, as in a node selector term of core/v1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeRequirement {
    /// The label's key.
    pub key: String,
    /// How it is compared.
    pub operator: Operator,
    /// The values that it is compared with, at least one.
    pub values: Vec<String>,
}

impl Capacity {
    /// What an on-demand node meets: every one of these. Never empty.
    pub fn required_on_demand(&self) -> Vec<NodeRequirement> {
        vec![self.labelled(&self.on_demand)]
    }

    /// What a spot node meets: any one of these. Never empty.
    pub fn preferred_spot(&self) -> Vec<NodeRequirement> {
        vec![self.labelled(&self.spot)]
    }

    fn labelled(&self, value: &str) -> NodeRequirement {
        NodeRequirement {
            key: self.key.clone(),
            operator: Operator::In,
            values: vec![value.to_owned()],
        }
    }
}

impl Default for Capacity {
    fn default() -> Self {
        Self {
            key: "node.kubernetes.io/capacity".to_owned(),
            on_demand: "on-demand".to_owned(),
            spot: "spot".to_owned(),
        }
    }
}
