//! Which nodes are on-demand, which are spot, and which of them a pod can reach.

use crate::config::{self, Capacity, NodeRequirement, WELL_KNOWN_LABELS, WellKnownLabel};
use crate::placement::CapacityType;

use super::{Constraints, Operator, Requirement};

/// The capacity types whose nodes a pod may run on, as far as its own constraints tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// Whether it may run on on-demand nodes.
    pub on_demand: bool,
    /// Whether it may run on spot nodes.
    pub spot: bool,
}

/// How the labels of nodes are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capacities {
    /// What an on-demand node meets: every one.
    on_demand: Vec<Requirement>,
    /// What a spot node meets: any one.
    spot: Vec<Requirement>,
    /// What on-demand nodes meet of the labels that other providers write.
    foreign_on_demand: Vec<Requirement>,
    /// What spot nodes meet of every label that a provider writes: no node that is spot by one label is
    /// on-demand by another.
    nowhere_on_demand: Vec<Requirement>,
}

impl From<NodeRequirement> for Requirement {
    fn from(wanted: NodeRequirement) -> Self {
        Self {
            key: wanted.key.into(),
            operator: match wanted.operator {
                config::Operator::In => Operator::In,
                config::Operator::NotIn => Operator::NotIn,
            },
            values: wanted.values.into_iter().map(Into::into).collect(),
        }
    }
}

impl Capacities {
    /// As the policy says.
    pub fn of(capacity: &Capacity) -> Self {
        let requirements = |wanted: Vec<NodeRequirement>| {
            let wanted = wanted.into_iter().map(Requirement::from);
            wanted.collect::<Vec<_>>()
        };
        let is_foreign = |label: &&WellKnownLabel| capacity.keys().all(|key| key != label.key);
        let foreign = WELL_KNOWN_LABELS.iter().filter(is_foreign);
        Self {
            on_demand: requirements(capacity.required_on_demand()),
            spot: requirements(capacity.preferred_spot()),
            foreign_on_demand: foreign
                .map(|label| without(label.key, label.spot))
                .collect(),
            nowhere_on_demand: WELL_KNOWN_LABELS
                .iter()
                .map(|label| without(label.key, label.on_demand))
                .collect(),
        }
    }

    /// The capacity type of a node with these labels; `None` where they do not tell.
    pub fn class<'l>(&self, label: impl Fn(&str) -> Option<&'l str>) -> Option<CapacityType> {
        let met = |wanted: &Requirement| wanted.holds(label(&wanted.key));
        if self.spot.iter().any(met) {
            Some(CapacityType::Spot)
        } else {
            let on_demand = self.on_demand.iter().all(met);
            on_demand.then_some(CapacityType::OnDemand)
        }
    }

    /// What a pod with these constraints can reach. A requirement on a label that says nothing about
    /// the capacity type may hold. One that asks for spot nodes by a label of another provider keeps
    /// the pod from on-demand nodes all the same.
    pub fn reach(&self, constraints: &Constraints) -> Reach {
        let admits = |own: &[Requirement], foreign: &[Requirement]| {
            constraints
                .may_be_met(|wanted| wanted.may_hold_beside(own) && wanted.may_hold_beside(foreign))
        };
        let mut spot = self.spot.iter().map(std::slice::from_ref);
        Reach {
            on_demand: admits(&self.on_demand, &self.foreign_on_demand),
            spot: spot.any(|label| admits(label, &self.nowhere_on_demand)),
        }
    }
}

/// A requirement for none of the values, or no such label.
fn without(key: &str, values: &[&str]) -> Requirement {
    Requirement {
        key: key.into(),
        operator: Operator::NotIn,
        values: values.iter().map(|value| (*value).into()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Provider;
    use crate::room::Term;

    fn reach(key: &str, operator: Operator, values: &[&str]) -> (bool, bool) {
        reach_by(&Capacity::default(), key, operator, values)
    }

    fn reach_by(
        capacity: &Capacity,
        key: &str,
        operator: Operator,
        values: &[&str],
    ) -> (bool, bool) {
        let values = values.iter().map(|value| (*value).into()).collect();
        let required = Requirement {
            key: key.into(),
            operator,
            values,
        };
        let term = Term {
            labels: vec![required],
            ..Term::default()
        };
        let constraints = Constraints {
            terms: Some(vec![term]),
            ..Constraints::default()
        };
        let found = Capacities::of(capacity).reach(&constraints);
        (found.on_demand, found.spot)
    }

    #[test]
    fn what_a_required_affinity_leaves() {
        use Operator::{DoesNotExist, Exists, In, NotIn};
        let key = "node.kubernetes.io/capacity";
        assert_eq!(reach(key, In, &["spot"]), (false, true));
        assert_eq!(reach(key, In, &["on-demand"]), (true, false));
        assert_eq!(reach(key, In, &["on-demand", "spot"]), (true, true));
        assert_eq!(reach(key, NotIn, &["on-demand"]), (false, true));
        assert_eq!(reach(key, Exists, &[]), (true, true));
        assert_eq!(reach(key, DoesNotExist, &[]), (false, false));
        assert_eq!(reach("disk", In, &["ssd"]), (true, true));
        assert_eq!(
            reach("cloud.google.com/gke-spot", In, &["true"]),
            (false, true)
        );
        let karpenter = "karpenter.sh/capacity-type";
        assert_eq!(reach(karpenter, In, &["on-demand"]), (true, false));
        assert_eq!(reach(karpenter, In, &["on-demand", "spot"]), (true, true));
    }

    /// A cluster with two systems of labels has no node that is on-demand by one and spot by the other.
    #[test]
    fn a_choice_by_one_of_two_systems_of_labels() {
        use Operator::{In, NotIn};
        let eks = Provider::Eks.capacity();
        let karpenter = "karpenter.sh/capacity-type";
        let chosen = |operator, value| reach_by(&eks, karpenter, operator, &[value]);
        assert_eq!(chosen(In, "on-demand"), (true, false));
        assert_eq!(chosen(In, "spot"), (false, true));
        assert_eq!(chosen(NotIn, "spot"), (true, true));
        let managed = |value| reach_by(&eks, "eks.amazonaws.com/capacityType", In, &[value]);
        assert_eq!(managed("ON_DEMAND"), (true, false));
        assert_eq!(managed("SPOT"), (false, true));
    }

    #[test]
    fn nodes_by_their_label() {
        let capacities = Capacities::of(&Capacity::default());
        let class = |value: Option<&'static str>| capacities.class(|_| value);
        assert_eq!(class(Some("spot")), Some(CapacityType::Spot));
        assert_eq!(class(Some("on-demand")), Some(CapacityType::OnDemand));
        assert_eq!((class(Some("reserved")), class(None)), (None, None));
    }
}
