//! What the policy rewrites in a required term.

use crate::config::{Capacity, NodeRequirement, Operator};

/// A label value that no node has: an expression needs a value, and `NotIn` it keeps no node away.
const NO_NODE: &str = "no-node.spot-distribution.dev";

/// One expression of ours in a term, and the values that lift it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lift {
    /// The expression as the function writes it.
    pub written: NodeRequirement,
    /// Which expression of the term it is, counted from the end: 1 is the last.
    pub from_end: usize,
    /// The values with which it admits on-demand and spot nodes.
    pub values: Vec<String>,
}

/// What has to be rewritten in each term, so that its pod may run on the spot nodes of `capacity`
/// as well as on its on-demand nodes.
///
/// `In [on-demand]` becomes `In [on-demand, spot]`; `NotIn [spot]` becomes `NotIn` a value that no
/// node has.
pub fn lifts(capacity: &Capacity) -> Vec<Lift> {
    let required = capacity.required_on_demand();
    let count = required.len();
    let lift = |(index, written): (usize, NodeRequirement)| Lift {
        values: lifted(&written, capacity),
        from_end: count - index,
        written,
    };
    required.into_iter().enumerate().map(lift).collect()
}

fn lifted(written: &NodeRequirement, capacity: &Capacity) -> Vec<String> {
    if written.operator == Operator::NotIn {
        return vec![NO_NODE.to_owned()];
    }
    let mut values = written.values.clone();
    let spot = capacity.preferred_spot();
    let same_key = spot.into_iter().filter(|spot| spot.key == written.key);
    for value in same_key.flat_map(|spot| spot.values) {
        if !values.contains(&value) {
            values.push(value);
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spot_values_join_the_on_demand_values() {
        let lifts = lifts(&Capacity::default());
        assert_eq!(lifts.len(), 1);
        assert_eq!(lifts[0].from_end, 1);
        assert_eq!(lifts[0].values, ["on-demand", "spot"]);
    }

    #[test]
    fn what_keeps_spot_away_keeps_nothing_away() {
        let written = NodeRequirement {
            key: "cloud.google.com/gke-spot".to_owned(),
            operator: Operator::NotIn,
            values: vec!["true".to_owned()],
        };
        assert_eq!(lifted(&written, &Capacity::default()), [NO_NODE]);
    }
}
