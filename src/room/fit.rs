//! Whether a set of pods fits on a set of nodes.

use std::collections::{BTreeMap, BTreeSet};

use crate::requests::Amounts;

use super::{Constraints, Node};

/// Pods of one kind that need room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demand {
    /// What each requests, without the place of the pod itself.
    pub requests: Amounts,
    /// How many.
    pub count: u64,
    /// What each requires of its node.
    pub constraints: Constraints,
}

/// Where the pods of a demand went.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fitted {
    /// How many found a place.
    pub placed: u64,
    /// On how many nodes.
    pub nodes: usize,
    /// In how many zones, of those nodes whose labels name one.
    pub zones: usize,
    /// How many nodes admit such a pod, be they full.
    pub admitting: usize,
}

/// Puts the pods of `demands` on `nodes`, of which the `free` room of each is used up, and says for
/// each demand where its pods went.
///
/// The largest pods go first: they have the fewest places. A pod goes to the zone, then to the
/// node, with the fewest of its own kind, then to where most of the cpu is left, which is what the
/// scheduler's default scores come to. One that fits nowhere is left out, and the next is tried.
pub fn fit(nodes: &[Node], free: &mut [Amounts], demands: &[Demand]) -> Vec<Fitted> {
    let mut order: Vec<_> = (0..demands.len()).collect();
    let size = |&at: &usize| (demands[at].requests.cpu(), demands[at].requests.memory());
    order.sort_by_key(|at| std::cmp::Reverse(size(at)));
    let mut fitted = vec![Fitted::default(); demands.len()];
    let mut taken: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
    for at in order {
        let group = demands[at].constraints.apart.as_ref();
        let taken = taken
            .entry(group.map_or(0, |apart| apart.group))
            .or_default();
        fitted[at] = place(nodes, free, &demands[at], taken);
    }
    fitted
}

/// `taken` are the places of pods that keep those of `demand` away.
fn place<'n>(
    nodes: &'n [Node],
    free: &mut [Amounts],
    demand: &Demand,
    taken: &mut BTreeSet<&'n str>,
) -> Fitted {
    let mut request = demand.requests.clone();
    request.add(&Amounts::from_iter([("pods", 1)]));
    let admits = |&at: &usize| nodes[at].is_schedulable && demand.constraints.admit(&nodes[at]);
    let admitting: Vec<_> = (0..nodes.len()).filter(admits).collect();
    let mut own: BTreeMap<usize, u64> = BTreeMap::new();
    let mut zones: BTreeMap<Option<&str>, u64> = BTreeMap::new();
    let mut placed = 0;
    let apart = demand.constraints.apart.as_ref();
    let place = |at: usize| apart.and_then(|apart| apart.place(&nodes[at]));
    while placed < demand.count {
        let fits = admitting.iter().copied();
        let fits = fits
            .filter(|&at| request.fits(&free[at]))
            .filter(|&at| place(at).is_none_or(|place| !taken.contains(place)));
        let rank = |&at: &usize| {
            let in_zone = zones.get(&nodes[at].zone()).copied().unwrap_or(0);
            let on_node = own.get(&at).copied().unwrap_or(0);
            (in_zone, on_node, std::cmp::Reverse(free[at].cpu()))
        };
        let Some(best) = fits.min_by_key(rank) else {
            break;
        };
        free[best] = free[best].less(&request);
        taken.extend(place(best));
        *own.entry(best).or_default() += 1;
        *zones.entry(nodes[best].zone()).or_default() += 1;
        placed += 1;
    }
    let zones: BTreeSet<_> = zones.into_keys().flatten().collect();
    Fitted {
        placed,
        nodes: own.len(),
        zones: zones.len(),
        admitting: admitting.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::room::Apart;

    fn node(name: &str, zone: &str, cpu: u64) -> Node {
        Node {
            labels: vec![("topology.kubernetes.io/zone".into(), zone.into())],
            allocatable: Amounts::from_iter([("cpu", cpu), ("pods", 3)]),
            is_schedulable: true,
            ..Node::named(name)
        }
    }

    fn demand(cpu: u64, count: u64) -> Demand {
        let requests = Amounts::from_iter([("cpu", cpu)]);
        Demand {
            requests,
            count,
            constraints: Constraints::default(),
        }
    }

    fn tried(nodes: &[Node], demands: &[Demand]) -> Vec<(u64, usize, usize)> {
        let mut free: Vec<_> = nodes.iter().map(|node| node.allocatable.clone()).collect();
        let fitted = fit(nodes, &mut free, demands);
        fitted
            .iter()
            .map(|found| (found.placed, found.nodes, found.zones))
            .collect()
    }

    #[test]
    fn pods_spread_over_zones_and_nodes() {
        let nodes = [
            node("a", "1", 4000),
            node("b", "1", 4000),
            node("c", "2", 2000),
        ];
        // 1: a (most room), 2: c (the other zone), 3: b (the zones are even, no pod of its own).
        assert_eq!(tried(&nodes, &[demand(1000, 3)]), [(3, 3, 2)]);
    }

    #[test]
    fn the_largest_go_first_and_what_fits_nowhere_is_told() {
        let nodes = [node("a", "1", 4000), node("b", "1", 1000)];
        // 3000 takes a; then 1000 goes to a and 1000 to b; the fourth core is gone.
        assert_eq!(
            tried(&nodes, &[demand(1000, 3), demand(3000, 1)]),
            [(2, 2, 1), (1, 1, 1)]
        );
        assert_eq!(tried(&nodes, &[demand(5000, 1)]), [(0, 0, 0)]);
    }

    #[test]
    fn pods_that_keep_apart_share_no_place() {
        let nodes = [
            node("a", "1", 4000),
            node("b", "1", 4000),
            node("c", "2", 4000),
        ];
        let keeping = |label: Option<&str>, group| Demand {
            constraints: Constraints {
                apart: Some(Apart {
                    label: label.map(Into::into),
                    across_templates: true,
                    group,
                }),
                ..Constraints::default()
            },
            ..demand(100, 2)
        };
        let zone = Some("topology.kubernetes.io/zone");
        assert_eq!(
            tried(&nodes, &[keeping(None, 1), keeping(None, 1)]),
            [(2, 2, 2), (1, 1, 1)]
        );
        assert_eq!(
            tried(&nodes, &[keeping(None, 1), keeping(None, 2)]),
            [(2, 2, 2), (2, 2, 2)]
        );
        assert_eq!(
            tried(&nodes, &[keeping(zone, 1), keeping(zone, 1)]),
            [(2, 2, 2), (0, 0, 0)]
        );
    }

    #[test]
    fn a_node_takes_as_many_pods_as_it_says() {
        assert_eq!(tried(&[node("a", "1", 4000)], &[demand(1, 5)]), [(3, 1, 1)]);
    }
}
