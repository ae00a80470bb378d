//! Whether the plan fits on the nodes that are there.

use std::collections::{BTreeSet, HashMap, HashSet};

use yaml_splice::YamlError;

use crate::config::Policy;
use crate::krm::Resource;
use crate::placement::CapacityType;
use crate::requests::{Amounts, pod_resources};
use crate::room::{
    Capacities, Demand, Fitted, LivePod, Node, Owner, ReplicaSets, constraints, fit, node,
};

use super::{Figures, Row};

/// The nodes, and whether the plan fits on those that are on-demand. An estimate, see
/// [`fit`](crate::room::fit).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NodeRoom {
    /// On-demand nodes that take pods.
    pub on_demand: u64,
    /// On-demand nodes that are cordoned or not ready.
    pub closed: u64,
    /// The zones of the on-demand nodes that take pods.
    pub zones: u64,
    /// Spot nodes.
    pub spot: u64,
    /// The names of the nodes whose labels do not tell.
    pub unknown: Vec<String>,
    /// What on-demand nodes have for the workloads: allocatable, less what daemon sets and other
    /// pods take.
    pub free: Amounts,
    /// With every autoscaler at its minimum.
    pub at_minimum: Fits,
    /// With every autoscaler at its maximum; `None` where nothing is autoscaled.
    pub at_maximum: Option<Fits>,
    /// By the index of the row: on how many nodes and in how many zones its floor rests.
    pub floors: Vec<(usize, Fitted)>,
}

/// Whether the plan fits, in ordinary times and when every spot node is gone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fits {
    /// In ordinary times.
    pub ordinary: Fit,
    /// When every spot node is gone.
    pub worst: Fit,
}

/// How many pods find room.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fit {
    /// Pods that need room.
    pub pods: u64,
    /// Those that find it.
    pub placed: u64,
    /// The workloads of which some find none.
    pub missing: Vec<Missing>,
}

/// Pods of one workload that find no room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The index of the row.
    pub row: usize,
    /// How many find none.
    pub pods: u64,
    /// Of how many.
    pub of: u64,
    /// Whether selectors, affinity or taints keep them away from every on-demand node.
    pub is_kept_away: bool,
}

impl NodeRoom {
    /// The room for `rows` on the nodes among `resources`, beside the daemon sets and the pods of
    /// others that are there; `None` where there is no node.
    ///
    /// # Errors
    /// Where YAML makes a field ambiguous.
    pub fn of(
        rows: &[Row],
        resources: &[Resource<'_>],
        policy: &Policy,
    ) -> Result<Option<Self>, YamlError> {
        let mut found = Self::default();
        let capacities = Capacities::of(&policy.capacity);
        let (mut nodes, mut count) = (Vec::new(), 0_u64);
        for resource in resources.iter().filter(|resource| is(resource, "Node", "")) {
            let node = node(resource)?;
            count += 1;
            match capacities.class(|key| node.label(key)) {
                Some(CapacityType::OnDemand) if node.is_schedulable => nodes.push(node),
                Some(CapacityType::OnDemand) => found.closed += 1,
                Some(CapacityType::Spot) => found.spot += 1,
                None => found.unknown.push(node.name.to_string()),
            }
        }
        if count == 0 {
            return Ok(None);
        }
        let zones: BTreeSet<_> = nodes.iter().filter_map(Node::zone).collect();
        found.on_demand = nodes.len() as u64;
        found.zones = zones.len() as u64;
        let free = free(&nodes, rows, resources)?;
        for free in &free {
            found.free.add(free);
        }
        let (at_minimum, floors) = fits(&nodes, &free, rows, |row| row.at_minimum);
        found.at_minimum = at_minimum;
        found.floors = floors;
        if rows.iter().any(Row::is_autoscaled) {
            found.at_maximum = Some(fits(&nodes, &free, rows, Row::at_maximum).0);
        }
        Ok(Some(found))
    }
}

fn is(resource: &Resource<'_>, kind: &str, group: &str) -> bool {
    resource.kind == kind && resource.group() == group
}

/// What each node has for the workloads of the plan.
fn free(
    nodes: &[Node],
    rows: &[Row],
    resources: &[Resource<'_>],
) -> Result<Vec<Amounts>, YamlError> {
    let mut free: Vec<_> = nodes.iter().map(|node| node.allocatable.clone()).collect();
    for resource in resources
        .iter()
        .filter(|resource| is(resource, "DaemonSet", "apps"))
    {
        let Some(pod) = resource.node.at(&["spec", "template", "spec"])? else {
            continue;
        };
        let (request, constraints) = (request(pod)?, constraints(pod)?);
        for (node, free) in nodes.iter().zip(&mut free) {
            if constraints.admit(node) {
                *free = free.less(&request);
            }
        }
    }
    let names: HashMap<_, _> = nodes
        .iter()
        .enumerate()
        .map(|(at, node)| (&*node.name, at))
        .collect();
    let planned: HashSet<_> = rows.iter().map(identity).collect();
    let sets = ReplicaSets::read(resources)?;
    for resource in resources {
        let Some(pod) = LivePod::read(resource)? else {
            continue;
        };
        let owner = sets.workload_of(&pod);
        let is_planned = owner.is_some_and(|owner| planned.contains(&of_row(&pod, owner)));
        let is_daemon = owner.is_some_and(|owner| owner.kind == "DaemonSet");
        let at = pod.node.and_then(|name| names.get(name));
        if let (Some(&at), false, false) = (at, is_planned, is_daemon) {
            free[at] = free[at].less(&request(pod.spec)?);
        }
    }
    Ok(free)
}

fn identity(row: &Row) -> (&str, &str, &str) {
    let subject = &row.subject;
    let namespace = subject.namespace.as_deref().unwrap_or("default");
    (namespace, &subject.kind, &subject.name)
}

/// The workload of a pod; a sibling's pods belong to the original.
fn of_row<'d>(pod: &LivePod<'d>, owner: Owner<'d>) -> (&'d str, &'d str, &'d str) {
    let suffix = crate::krm::annotations::SIBLING_SUFFIX;
    let name = match owner.kind {
        "Deployment" => owner.name.strip_suffix(suffix).unwrap_or(owner.name),
        _ => owner.name,
    };
    (pod.namespace, owner.kind, name)
}

/// The request of a pod with the place of the pod itself.
fn request(pod: yaml_splice::Node<'_>) -> Result<Amounts, YamlError> {
    let mut amounts = pod_resources(pod)?.request().amounts;
    amounts.add(&Amounts::from_iter([("pods", 1)]));
    Ok(amounts)
}

fn fits(
    nodes: &[Node],
    free: &[Amounts],
    rows: &[Row],
    figures: impl Fn(&Row) -> Figures,
) -> (Fits, Vec<(usize, Fitted)>) {
    let (ordinary, floors) = one(nodes, free, rows, |row| figures(row).on_demand.into());
    let (worst, _) = one(nodes, free, rows, |row| row.room(figures(row)).worst.pods);
    (Fits { ordinary, worst }, floors)
}

fn one(
    nodes: &[Node],
    free: &[Amounts],
    rows: &[Row],
    count: impl Fn(&Row) -> u64,
) -> (Fit, Vec<(usize, Fitted)>) {
    let wanted = rows
        .iter()
        .enumerate()
        .map(|(at, row)| (at, row, count(row)));
    let wanted: Vec<_> = wanted.filter(|(_, _, count)| *count > 0).collect();
    let demands = wanted.iter().map(|(_, row, count)| Demand {
        requests: row.requests.amounts.clone(),
        count: *count,
        constraints: row.constraints.clone(),
    });
    let fitted = fit(nodes, &mut free.to_vec(), &demands.collect::<Vec<_>>());
    let mut found = Fit::default();
    for ((row, _, of), fitted) in wanted.iter().zip(&fitted) {
        found.pods += of;
        found.placed += fitted.placed;
        if fitted.placed < *of {
            found.missing.push(Missing {
                row: *row,
                pods: of - fitted.placed,
                of: *of,
                is_kept_away: fitted.admitting == 0,
            });
        }
    }
    let floors = wanted.iter().map(|(at, ..)| *at).zip(fitted);
    (found, floors.collect())
}
