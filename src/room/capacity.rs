//! Which nodes are on-demand, which are spot, and which of them a pod can reach.

use crate::config::Capacity;
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

impl Capacities {
    /// As the policy says.
    pub fn of(capacity: &Capacity) -> Self {
        let labelled = |value: &String| Requirement {
            key: (&*capacity.key).into(),
            operator: Operator::In,
            values: vec![value.into()],
        };
        Self {
            on_demand: vec![labelled(&capacity.on_demand)],
            spot: vec![labelled(&capacity.spot)],
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
