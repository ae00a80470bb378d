//! Which nodes are on-demand, which are spot, and which of them a pod can reach.

use crate::config::{self, Capacity, NodeRequirement};
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
        let on_demand = capacity.required_on_demand();
        let spot = capacity.preferred_spot();
        Self {
            on_demand: on_demand.into_iter().map(Requirement::from).collect(),
            spot: spot.into_iter().map(Requirement::from).collect(),
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

    /// What a pod with these constraints can reach. A requirement on any other label may hold.
    pub fn reach(&self, constraints: &Constraints) -> Reach {
        let mut spot = self.spot.iter().map(std::slice::from_ref);
        Reach {
            on_demand: constraints.may_admit(&self.on_demand),
            spot: spot.any(|labels| constraints.may_admit(labels)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::room::Term;

    fn reach(key: &str, operator: Operator, values: &[&str]) -> (bool, bool) {
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
        let found = Capacities::of(&Capacity::default()).reach(&constraints);
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
