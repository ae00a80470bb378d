//! What would have to move if every spot node went now, and whether it fits.

use std::collections::BTreeMap;

use crate::requests::{Amounts, pod_resources};
use crate::room::{Demand, LivePod, Node, constraints, fit};
use yaml_splice::YamlError;

/// What would have to move.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Loss {
    /// The pods on spot nodes that something would start again elsewhere.
    pub pods: u64,
    /// What they request together.
    pub requests: Amounts,
    /// How many of them find room on the on-demand nodes that are there, by an estimate.
    pub fits: u64,
    /// What is free on on-demand nodes now, pods among it.
    pub free: Amounts,
    /// Those that find none, by their workload.
    pub stranded: Vec<Stranded>,
}

/// Pods of one workload that find no room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stranded {
    /// `Kind/namespace/name`
    pub workload: String,
    /// How many find none.
    pub pods: u64,
    /// Of how many that would have to move.
    pub of: u64,
    /// Whether no on-demand node would take one even if it were empty of other pods' demands:
    /// selectors or taints keep it away.
    pub is_kept_away: bool,
}

/// Pods that request and require the same, of one workload.
type Group<'g> = (&'g str, Vec<(String, u64)>);

/// Works out the loss: `moving` are the pods on spot nodes with the workload of each, `staying`
/// those on the on-demand `nodes`, by the index of their node.
///
/// # Errors
/// Where YAML makes a field ambiguous.
pub fn loss(
    nodes: &[Node],
    staying: &[(usize, &LivePod<'_>)],
    moving: &[(String, &LivePod<'_>)],
) -> Result<Loss, YamlError> {
    let mut free: Vec<_> = nodes.iter().map(|node| node.allocatable.clone()).collect();
    for (at, pod) in staying {
        free[*at] = free[*at].less(&request(pod)?);
    }
    let mut found = Loss::default();
    for (node, free) in nodes.iter().zip(&free) {
        if node.is_schedulable {
            found.free.add(free);
        }
    }
    let mut groups: BTreeMap<Group<'_>, Demand> = BTreeMap::new();
    for (workload, pod) in moving {
        let requests = request(pod)?;
        found.pods += 1;
        found.requests.add(&requests);
        let amounts = requests
            .iter()
            .map(|(name, amount)| (name.to_owned(), amount));
        let group = (workload.as_str(), amounts.collect());
        if let Some(demand) = groups.get_mut(&group) {
            demand.count += 1;
            continue;
        }
        let mut constraints = constraints(pod.spec)?;
        constraints.node_name = None;
        groups.insert(
            group,
            Demand {
                requests,
                count: 1,
                constraints,
            },
        );
    }
    let (names, demands): (Vec<_>, Vec<_>) = groups.into_iter().unzip();
    let fitted = fit(nodes, &mut free, &demands);
    found.fits = fitted.iter().map(|fitted| fitted.placed).sum();
    for (((workload, _), demand), fitted) in names.into_iter().zip(&demands).zip(&fitted) {
        if fitted.placed < demand.count {
            found.stranded.push(Stranded {
                workload: workload.to_owned(),
                pods: demand.count - fitted.placed,
                of: demand.count,
                is_kept_away: fitted.admitting == 0,
            });
        }
    }
    Ok(found)
}

/// The requests of a pod, with the place of the pod itself.
fn request(pod: &LivePod<'_>) -> Result<Amounts, YamlError> {
    let mut amounts = pod_resources(pod.spec)?.request().amounts;
    amounts.add(&Amounts::from_iter([("pods", 1)]));
    Ok(amounts)
}
