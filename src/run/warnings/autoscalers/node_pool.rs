//! A `NodePool` of Karpenter, as far as it matters here.
//!
//! Source: <https://karpenter.sh/docs/concepts/nodepools/>.

use crate::config::Capacity;
use crate::krm::Resource;
use crate::placement::CapacityType;
use crate::requests::{Amounts, amounts_at};
use crate::room::{
    Constraints, Operator, Requirement, Taint, labels_at, requirements_at, taints_at,
};
use yaml_splice::{Node, YamlError};

use super::super::scene::{items_at, text_at};
use super::duration;

/// The label of the capacity type.
pub(super) const KEY: &str = "karpenter.sh/capacity-type";
/// The label of a node with the name of its pool.
pub(super) const POOL: &str = "karpenter.sh/nodepool";
/// Where a pool says which nodes it makes.
pub(super) const REQUIREMENTS: &str = "spec.template.spec.requirements";

/// A `NodePool`.
#[derive(Debug)]
pub(in super::super) struct NodePool<'a, 'd> {
    /// The object.
    pub resource: &'a Resource<'d>,
    /// The capacity types that it offers.
    offers: Vec<&'static str>,
    /// What is known of the labels of its nodes.
    known: Vec<Requirement>,
    /// The taints of its nodes.
    pub taints: Vec<Taint>,
    /// `spec.limits`
    pub limits: Amounts,
}

impl<'a, 'd> NodePool<'a, 'd> {
    /// Reads `resource`; `None` where it is no `NodePool` or cannot be read.
    pub fn read(resource: &'a Resource<'d>) -> Option<Self> {
        let is_pool = resource.is("karpenter.sh", "NodePool");
        is_pool.then_some(())?;
        Some(Self {
            resource,
            offers: offers(resource.node).ok()?,
            known: known(resource).ok()?,
            taints: taints_at(resource.node, &["spec", "template", "spec", "taints"]).ok()?,
            limits: amounts_at(resource.node, &["spec", "limits"]).ok()?,
        })
    }

    /// Whether it names or implies this value of the capacity type.
    pub fn offers(&self, value: &str) -> bool {
        self.offers.contains(&value)
    }

    /// Whether it makes nodes of this type; reserved ones are on-demand.
    pub fn makes(&self, kind: CapacityType) -> bool {
        match kind {
            CapacityType::OnDemand => self.offers("on-demand") || self.offers("reserved"),
            CapacityType::Spot => self.offers("spot"),
        }
    }

    /// Whether it may make on-demand nodes by the labels of `capacity`.
    pub fn makes_on_demand(&self, capacity: &Capacity) -> bool {
        if capacity.keys().any(|key| key == KEY) {
            return self.makes(CapacityType::OnDemand);
        }
        let required = capacity.required_on_demand().into_iter();
        required
            .map(Requirement::from)
            .all(|own| self.may_have(&own))
    }

    /// Whether it may make a node that pods with `constraints` tolerate and choose.
    pub fn admits(&self, constraints: &Constraints) -> bool {
        let mut taints = self.taints.iter();
        self.may_be_chosen(constraints) && taints.all(|taint| constraints.tolerates(taint))
    }

    /// Whether it may make a node that pods with `constraints` choose.
    pub fn may_be_chosen(&self, constraints: &Constraints) -> bool {
        constraints.may_be_met(|own| self.may_meet(own))
    }

    /// Whether it may make a node that meets `own`.
    pub fn may_meet(&self, own: &Requirement) -> bool {
        self.is_defined(own) && self.may_have(own)
    }

    /// Whether its nodes may meet `own`, as far as it says.
    fn may_have(&self, own: &Requirement) -> bool {
        let mut same = self.known.iter().filter(|known| known.key == own.key);
        same.all(|known| own.may_hold(known))
    }

    /// Whether Karpenter may make a node for `own`: a label of the user's own has to be named in the pool.
    ///
    /// Source: <https://karpenter.sh/docs/concepts/scheduling/#user-defined-labels>.
    fn is_defined(&self, own: &Requirement) -> bool {
        let is_own = !own.key.contains('/');
        let is_absence = matches!(own.operator, Operator::NotIn | Operator::DoesNotExist);
        !is_own || is_absence || self.known.iter().any(|known| known.key == own.key)
    }

    /// Pools of a greater weight are tried first; 0 where it says nothing.
    pub fn weight(&self) -> i64 {
        let text = text_at(self.resource.node, &["spec", "weight"]);
        text.parse().unwrap_or(0)
    }

    /// How long a node may take to drain, in seconds.
    pub fn grace_seconds(&self) -> Option<u64> {
        let path = ["spec", "template", "spec", "terminationGracePeriod"];
        duration::seconds(text_at(self.resource.node, &path))
    }

    /// The instance type or family, where it allows a single one.
    pub fn only_type(&self) -> Option<(&'d str, &'d str)> {
        requirements(self.resource.node).into_iter().find_map(|it| {
            let key = text_at(it, &["key"]);
            let is_type = key == "node.kubernetes.io/instance-type" || key.ends_with("-family");
            let values = items_at(it, &["values"]);
            match values.as_slice() {
                [one] if is_type && text_at(it, &["operator"]) == "In" => Some((key, one.text())),
                _ => None,
            }
        })
    }
}

/// What the requirements, the labels and the name of a pool say about the labels of its nodes.
fn known(pool: &Resource<'_>) -> Result<Vec<Requirement>, YamlError> {
    let mut known = requirements_at(pool.node, &["spec", "template", "spec", "requirements"])?;
    known.extend(labels_at(
        pool.node,
        &["spec", "template", "metadata", "labels"],
    )?);
    known.push(by_name(pool.name));
    Ok(known)
}

/// That a node is one of the pool `name`.
pub(super) fn by_name(name: &str) -> Requirement {
    Requirement {
        key: POOL.into(),
        operator: Operator::In,
        values: vec![name.into()],
    }
}

fn requirements(node: Node<'_>) -> Vec<Node<'_>> {
    items_at(node, &["spec", "template", "spec", "requirements"])
}

/// Karpenter makes on-demand nodes where a `NodePool` does not name the types.
fn offers(node: Node<'_>) -> Result<Vec<&'static str>, YamlError> {
    let mut offered = vec!["on-demand", "spot", "reserved"];
    let mut is_named = false;
    for requirement in requirements(node) {
        if requirement.text_at(&["key"])? != KEY {
            continue;
        }
        is_named = true;
        let values = items_at(requirement, &["values"]);
        let values: Vec<_> = values.into_iter().map(Node::text).collect();
        match requirement.text_at(&["operator"])? {
            "In" => offered.retain(|kind| values.contains(kind)),
            "NotIn" => offered.retain(|kind| !values.contains(kind)),
            _ => {}
        }
    }
    if !is_named {
        offered.retain(|kind| *kind == "on-demand");
    }
    Ok(offered)
}
