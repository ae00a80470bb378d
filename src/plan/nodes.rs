//! Whether the plan fits on the nodes that are there.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use yaml_splice::YamlError;

use crate::config::Policy;
use crate::krm::{Companion, Resource};
use crate::placement::CapacityType;
use crate::requests::{Amounts, pod_resources};
use crate::room::{
    Capacities, Fitted, LivePod, Node, Owner, ReplicaSets, constraints, node, tolerations,
};

use super::fits::Pods;
use super::{Fate, Fits, Row};

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
    /// pods take, as far as they are known.
    pub free: Amounts,
    /// What is known to be there beside the workloads.
    pub beside: Beside,
    /// With every autoscaler at its minimum.
    pub at_minimum: Fits,
    /// With every autoscaler at its maximum; `None` where nothing is autoscaled.
    pub at_maximum: Option<Fits>,
    /// By the index of the row: on how many nodes and in how many zones its floor rests.
    pub floors: Vec<(usize, Fitted)>,
}

/// Which objects tell what is on the nodes beside the workloads of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Beside {
    /// There are daemon sets.
    pub daemon_sets: bool,
    /// There are pods.
    pub pods: bool,
}

impl NodeRoom {
    /// The room for `rows` on the nodes among `resources`, beside the daemon sets and the pods of
    /// others that are there, and the daemon sets among `manifests`; `None` where there is no node.
    ///
    /// # Errors
    /// Where YAML makes a field ambiguous.
    pub fn of(
        rows: &[Row],
        resources: &[Resource<'_>],
        manifests: &[Resource<'_>],
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
        // Which pods find room depends on the order of the nodes, and that not on the input's.
        nodes.sort_by(|a, b| a.name.cmp(&b.name));
        found.unknown.sort();
        let zones: BTreeSet<_> = nodes.iter().filter_map(Node::zone).collect();
        found.on_demand = nodes.len() as u64;
        found.zones = zones.len() as u64;
        let daemon_sets = daemon_sets(manifests.iter().chain(resources));
        found.beside = Beside {
            daemon_sets: !daemon_sets.is_empty(),
            pods: resources.iter().any(|resource| is(resource, "Pod", "")),
        };
        let free = free(&nodes, rows, resources, &daemon_sets)?;
        for free in &free {
            found.free.add(free);
        }
        let pods = Pods {
            nodes: &nodes,
            free: &free,
            rows,
            tolerations: tolerations(&policy.on_demand_tolerations),
        };
        let (at_minimum, floors) = pods.fits(|row| row.at_minimum);
        found.at_minimum = at_minimum;
        found.floors = floors;
        if rows.iter().any(Row::is_autoscaled) {
            found.at_maximum = Some(pods.fits(Row::at_maximum).0);
        }
        Ok(Some(found))
    }
}

fn is(resource: &Resource<'_>, kind: &str, group: &str) -> bool {
    resource.is(group, kind)
}

/// The daemon sets by namespace and name: the first of each, so that what is planned counts instead of what
/// runs now.
type DaemonSets<'r, 'd> = BTreeMap<(&'d str, &'d str), &'r Resource<'d>>;

fn daemon_sets<'r, 'd: 'r>(
    resources: impl Iterator<Item = &'r Resource<'d>>,
) -> DaemonSets<'r, 'd> {
    let mut found = DaemonSets::new();
    for resource in resources.filter(|resource| is(resource, "DaemonSet", "apps")) {
        let key = (resource.effective_namespace(), resource.name);
        found.entry(key).or_insert(resource);
    }
    found
}

/// What each node has for the workloads of the plan. A daemon set counts on every node that admits it; of
/// one that is not known the pods do that run.
fn free(
    nodes: &[Node],
    rows: &[Row],
    resources: &[Resource<'_>],
    daemon_sets: &DaemonSets<'_, '_>,
) -> Result<Vec<Amounts>, YamlError> {
    let mut free: Vec<_> = nodes.iter().map(|node| node.allocatable.clone()).collect();
    for resource in daemon_sets.values() {
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
    // Where nobody knows what is planned, the pods that are there stay.
    let known = rows.iter().filter(|row| row.fate() != Fate::Unknown);
    let planned: HashSet<_> = known.map(identity).collect();
    let sets = ReplicaSets::read(resources)?;
    for resource in resources {
        let Some(pod) = LivePod::read(resource)? else {
            continue;
        };
        let owner = sets.workload_of(&pod);
        let is_planned = owner.is_some_and(|owner| planned.contains(&of_row(&pod, owner)));
        let is_counted = owner.is_some_and(|owner| {
            let key = (pod.namespace, owner.name);
            owner.kind == "DaemonSet" && daemon_sets.contains_key(&key)
        });
        let at = pod.node.and_then(|name| names.get(name));
        if let (Some(&at), false, false) = (at, is_planned, is_counted) {
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
    let name = match owner.kind {
        "Deployment" => Companion::Sibling.name_of_workload(owner.name),
        _ => None,
    };
    let name = name.unwrap_or(owner.name);
    (pod.namespace, owner.kind, name)
}

/// The request of a pod with the place of the pod itself.
fn request(pod: yaml_splice::Node<'_>) -> Result<Amounts, YamlError> {
    let mut amounts = pod_resources(pod)?.request().amounts;
    amounts.add(&Amounts::from_iter([("pods", 1)]));
    Ok(amounts)
}
