//! The node labels that tell on-demand nodes from spot nodes.

use std::fmt;

/// The key of the default label.
pub const DEFAULT_KEY: &str = "node.kubernetes.io/capacity";

/// The default label of spot nodes, with its values.
pub(super) const DEFAULT_SPOT: (&str, &[&str]) = (DEFAULT_KEY, &["spot"]);

/// The node labels that tell on-demand nodes from spot nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capacity {
    /// The key of the label.
    pub key: String,
    /// What on-demand nodes are known by.
    pub on_demand: OnDemandNodes,
    /// The values of the key on spot nodes; never empty, and none of them that of on-demand nodes.
    pub spot: Vec<String>,
    /// Further labels that mark spot nodes: a cluster may have more than one system of labels. Where
    /// there are any, on-demand nodes are [`OnDemandNodes::EveryOther`].
    pub also_spot: Vec<NodeLabel>,
}

/// What on-demand nodes are known by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OnDemandNodes {
    /// The key has one of these values; never empty.
    Labelled(Vec<String>),
    /// Every node that is not spot, also without the key.
    EveryOther,
}

/// A node label with one of several values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeLabel {
    /// The key.
    pub key: String,
    /// The values; never empty.
    pub values: Vec<String>,
}

/// Why pods cannot be spread over the capacity key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnfitForSpread {
    /// On-demand nodes may lack the key.
    NodesWithoutKey,
    /// The key has more than two values.
    ManyDomains,
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

impl fmt::Display for NodeRequirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (operator, values) = (self.operator.name(), self.values.join(", "));
        write!(f, "{} {operator} [{values}]", self.key)
    }
}

impl Capacity {
    /// What an on-demand node meets: every one of these. Never empty.
    ///
    /// Where on-demand nodes have no label of their own, `NotIn` each spot label's values also
    /// matches nodes without the key.
    pub fn required_on_demand(&self) -> Vec<NodeRequirement> {
        match &self.on_demand {
            OnDemandNodes::Labelled(values) => {
                vec![requirement(&self.key, Operator::In, values)]
            }
            OnDemandNodes::EveryOther => self.of_spot(Operator::NotIn),
        }
    }

    /// What on-demand nodes are known by: `karpenter.sh/capacity-type In [on-demand, reserved]`.
    pub fn on_demand_in_words(&self) -> String {
        let each = self.required_on_demand().into_iter();
        let each = each.map(|wanted| wanted.to_string());
        each.collect::<Vec<_>>().join(" and ")
    }

    /// What a spot node meets: any one of these. Never empty.
    pub fn preferred_spot(&self) -> Vec<NodeRequirement> {
        self.of_spot(Operator::In)
    }

    /// The keys of every label by which nodes are distinguished.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.spot_labels().map(|(key, _)| key)
    }

    /// Why pods cannot be spread over the key; `None` where they can: every node has it, and it has
    /// two values. The scheduler counts each value as a domain, and the skew from the emptiest.
    ///
    /// ```text
    /// R = 5, F = 2, maxSkew 1   two domains: 2 on-demand and 3 spot
    ///                           a third one without room: 1 and 1, and three stay Pending
    /// ```
    pub fn unfit_for_spread(&self) -> Option<UnfitForSpread> {
        match &self.on_demand {
            OnDemandNodes::EveryOther => Some(UnfitForSpread::NodesWithoutKey),
            OnDemandNodes::Labelled(on_demand) => {
                let domains = on_demand.len() + self.spot.len();
                (domains > 2).then_some(UnfitForSpread::ManyDomains)
            }
        }
    }

    /// The labels that mark spot nodes.
    pub fn spot_labels(&self) -> impl Iterator<Item = (&str, &[String])> {
        let first = std::iter::once((self.key.as_str(), self.spot.as_slice()));
        let further = self.also_spot.iter();
        first.chain(further.map(|label| (label.key.as_str(), label.values.as_slice())))
    }

    fn of_spot(&self, operator: Operator) -> Vec<NodeRequirement> {
        self.spot_labels()
            .map(|(key, values)| requirement(key, operator, values))
            .collect()
    }
}

fn requirement(key: &str, operator: Operator, values: &[String]) -> NodeRequirement {
    NodeRequirement {
        key: key.to_owned(),
        operator,
        values: values.to_vec(),
    }
}

impl Default for Capacity {
    fn default() -> Self {
        Self {
            key: DEFAULT_KEY.to_owned(),
            on_demand: OnDemandNodes::Labelled(vec!["on-demand".to_owned()]),
            spot: vec!["spot".to_owned()],
            also_spot: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(requirements: Vec<NodeRequirement>) -> Vec<String> {
        requirements
            .into_iter()
            .map(|found| {
                let values = found.values.join(",");
                format!("{} {} {values}", found.key, found.operator.name())
            })
            .collect()
    }

    #[test]
    fn labelled_on_demand_nodes() {
        let capacity = Capacity::default();
        let key = "node.kubernetes.io/capacity";
        assert_eq!(
            shown(capacity.required_on_demand()),
            [format!("{key} In on-demand")]
        );
        assert_eq!(shown(capacity.preferred_spot()), [format!("{key} In spot")]);
    }

    #[test]
    fn every_node_that_is_not_spot() {
        let capacity = Capacity {
            on_demand: OnDemandNodes::EveryOther,
            also_spot: vec![NodeLabel {
                key: "b".to_owned(),
                values: vec!["x".to_owned(), "y".to_owned()],
            }],
            key: "a".to_owned(),
            ..Capacity::default()
        };
        assert_eq!(
            shown(capacity.required_on_demand()),
            ["a NotIn spot", "b NotIn x,y"]
        );
        assert_eq!(shown(capacity.preferred_spot()), ["a In spot", "b In x,y"]);
    }
}
