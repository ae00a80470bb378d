//! A snapshot of a cluster as rows and totals.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use yaml_splice::YamlError;

use crate::config::{Capacity, Policy, says_spot};
use crate::findings::{Code, Finding, ObjectRef};
use crate::inventory::{Inventory, Workload, WorkloadId};
use crate::krm::annotations::APPLIED;
use crate::krm::{Companion, Input, Resource};
use crate::placement::CapacityType;
use crate::report::text::verb;
use crate::room::{Capacities, LivePod, Node, Owner, ReplicaSets, node};
use crate::run::of_capacity;

use super::loss::{Loss, loss};
use super::row::{Promise, Replicas, Row};

/// What a cluster is like now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// Every Deployment and StatefulSet, by namespace, name and kind.
    pub rows: Vec<Row>,
    /// The nodes by capacity type.
    pub nodes: Nodes,
    /// Pods of other owners, which are not placed, by the owner's kind.
    pub others: BTreeMap<String, u64>,
    /// What would have to move if every spot node went now.
    pub loss: Loss,
    /// Where the capacity of the policy is not that of the cluster, or not that of a mark.
    pub warnings: Vec<Finding>,
}

/// The nodes of a cluster.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Nodes {
    /// On-demand nodes.
    pub on_demand: u64,
    /// The zones of the on-demand nodes.
    pub on_demand_zones: u64,
    /// Spot nodes.
    pub spot: u64,
    /// The names of those whose labels do not tell.
    pub unknown: Vec<String>,
}

impl Audit {
    /// The audit of the snapshot in `inventory`.
    ///
    /// # Errors
    /// A finding where the snapshot lacks nodes or pods, or an object cannot be read.
    pub fn of(inventory: &Inventory<'_>, policy: &Policy) -> Result<Self, Vec<Finding>> {
        let cluster = Cluster::read(&inventory.input, policy)?;
        let audit = cluster.audit(inventory, &policy.capacity);
        let audit = audit.map_err(|error| vec![error.into()])?;
        let mut warnings = of_capacity(&inventory.input.resources, policy);
        warnings.extend(other_marks(inventory, &policy.capacity));
        Ok(Self { warnings, ..audit })
    }

    /// How many promised floors hold, and how many there are.
    pub fn floors(&self) -> (usize, usize) {
        let floors = self.rows.iter().filter_map(Row::holds);
        floors.fold((0, 0), |(hold, all), holds| {
            (hold + usize::from(holds), all + 1)
        })
    }

    /// The rows whose promised floor does not hold.
    pub fn broken(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.holds() == Some(false))
    }
}

/// The nodes and pods of a snapshot.
struct Cluster<'d> {
    nodes: Vec<(Node, Option<CapacityType>)>,
    by_name: HashMap<String, usize>,
    pods: Vec<LivePod<'d>>,
    sets: ReplicaSets<'d>,
}

/// A workload by namespace, kind and name.
type Key<'d> = (&'d str, Owner<'d>);

impl<'d> Cluster<'d> {
    fn read(input: &Input<'d>, policy: &Policy) -> Result<Self, Vec<Finding>> {
        let failed = |error: YamlError| vec![Finding::from(error)];
        let capacities = Capacities::of(&policy.capacity);
        let mut nodes = Vec::new();
        for resource in input.resources.iter().filter(|resource| is_node(resource)) {
            let node = node(resource).map_err(failed)?;
            let class = class(&capacities, &node);
            nodes.push((node, class));
        }
        let pods = input.map(|_, resource| LivePod::read(resource));
        let pods = pods
            .into_iter()
            .filter_map(Result::transpose)
            .collect::<Result<Vec<_>, _>>();
        let pods = pods.map_err(failed)?;
        let has_pods = input
            .resources
            .iter()
            .any(|resource| resource.kind == "Pod");
        if nodes.is_empty() || !has_pods {
            return Err(vec![lacking(nodes.is_empty())]);
        }
        let names = nodes
            .iter()
            .enumerate()
            .map(|(at, (node, _))| (node.name.to_string(), at));
        Ok(Self {
            by_name: names.collect(),
            nodes,
            pods,
            sets: ReplicaSets::read(&input.resources).map_err(failed)?,
        })
    }

    fn audit(&self, inventory: &Inventory<'d>, capacity: &Capacity) -> Result<Audit, YamlError> {
        let keys = keys(inventory);
        let marked = marked_otherwise(inventory, capacity);
        let marked: HashMap<_, _> = marked
            .map(|(id, _, labels)| (id, Capacities::of(labels)))
            .collect();
        let mut places: HashMap<WorkloadId, Places<'_>> = HashMap::new();
        let mut others: BTreeMap<String, u64> = BTreeMap::new();
        let (mut staying, mut moving) = (Vec::new(), Vec::new());
        let on_demand = self.of_class(CapacityType::OnDemand);
        for pod in &self.pods {
            let owner = self.sets.workload_of(pod);
            let id = owner.and_then(|owner| keys.get(&(pod.namespace, owner)).copied());
            let at = pod.node.and_then(|name| self.by_name.get(name).copied());
            match id {
                Some(id) => {
                    let node = at.map(|at| {
                        let (node, class) = &self.nodes[at];
                        (node, spot_by(marked.get(&id), node).or(*class))
                    });
                    places.entry(id).or_default().add(pod, node);
                }
                None => *others.entry(owner_kind(owner)).or_default() += 1,
            }
            match at.map(|at| (at, self.nodes[at].1)) {
                Some((_, Some(CapacityType::Spot))) if !pod.belongs_to_its_node() => {
                    moving.push((name(pod, owner, id, inventory), pod));
                }
                Some((at, Some(CapacityType::OnDemand))) => staying.push((on_demand[&at], pod)),
                _ => {}
            }
        }
        let nodes = self
            .nodes
            .iter()
            .enumerate()
            .filter(|(at, _)| on_demand.contains_key(at));
        let nodes: Vec<_> = nodes.map(|(_, (node, _))| node.clone()).collect();
        Ok(Audit {
            rows: rows(inventory, &places),
            nodes: self.summary(),
            others,
            loss: loss(&nodes, &staying, &moving)?,
            warnings: Vec::new(),
        })
    }

    /// The nodes of a capacity type: where each stands among those of its type.
    fn of_class(&self, wanted: CapacityType) -> HashMap<usize, usize> {
        let nodes = self.nodes.iter().enumerate();
        let nodes = nodes.filter(|(_, (_, class))| *class == Some(wanted));
        nodes
            .enumerate()
            .map(|(index, (at, _))| (at, index))
            .collect()
    }

    fn summary(&self) -> Nodes {
        let mut found = Nodes::default();
        let mut zones = BTreeSet::new();
        for (node, class) in &self.nodes {
            match class {
                Some(CapacityType::OnDemand) => {
                    found.on_demand += 1;
                    zones.extend(node.zone());
                }
                Some(CapacityType::Spot) => found.spot += 1,
                None => found.unknown.push(node.name.to_string()),
            }
        }
        found.on_demand_zones = zones.len() as u64;
        found
    }
}

/// What the policy takes a node for. One that a label of its own calls spot holds no floor.
fn class(capacities: &Capacities, node: &Node) -> Option<CapacityType> {
    match capacities.class(|key| node.label(key)) {
        Some(CapacityType::OnDemand) => {
            let spot = says_spot(|key| node.label(key)).map(|_| CapacityType::Spot);
            spot.or(Some(CapacityType::OnDemand))
        }
        class => class,
    }
}

/// The workloads that were placed for nodes of other labels than those of the policy, with those labels.
fn marked_otherwise<'i, 'd>(
    inventory: &'i Inventory<'d>,
    capacity: &Capacity,
) -> impl Iterator<Item = (WorkloadId, &'i Workload<'d>, &'i Capacity)> {
    let workloads = inventory.workloads.enumerate();
    workloads.filter_map(|(id, workload)| {
        let marked = &*workload.mark()?.capacity;
        (*marked != *capacity).then_some((id, workload, marked))
    })
}

/// Spot, where the labels that the workload was placed for say so of the node.
fn spot_by(marked: Option<&Capacities>, node: &Node) -> Option<CapacityType> {
    let class = marked?.class(|key| node.label(key));
    class.filter(|class| *class == CapacityType::Spot)
}

/// A warning where workloads were placed for other labels than those of the policy.
fn other_marks(inventory: &Inventory<'_>, capacity: &Capacity) -> Option<Finding> {
    let mut others = marked_otherwise(inventory, capacity);
    let (_, first, marked) = others.next()?;
    let more = match others.count() as u64 {
        0 => String::new(),
        more => format!(", as {more} more {}", verb(more, "was", "were")),
    };
    let message = format!(
        "placed for on-demand nodes with {}{more}, where the policy of this audit knows them by {}: name \
         the policy that it was placed with (--config), or run apply again",
        marked.on_demand_in_words(),
        capacity.on_demand_in_words()
    );
    let field = format!("metadata.annotations[\"{APPLIED}\"]");
    let finding = Finding::warning(Code::NotPlaced, message).at(field);
    Some(finding.about(&first.resource))
}

fn is_node(resource: &Resource<'_>) -> bool {
    resource.is("", "Node")
}

fn lacking(nodes: bool) -> Finding {
    let what = if nodes { "Node" } else { "Pod" };
    let message = format!(
        "the input holds no {what}; expected the output of: kubectl get \
         nodes,pods,deployments,statefulsets,replicasets,hpa,pdb -A -o json"
    );
    Finding::error(Code::InvalidInput, message)
}

/// The workloads, and their siblings as themselves.
fn keys<'d>(inventory: &Inventory<'d>) -> HashMap<Key<'d>, WorkloadId> {
    let mut keys = HashMap::new();
    for (id, workload) in inventory.workloads.enumerate() {
        let resource = &workload.resource;
        let owner = Owner {
            kind: workload.kind.name(),
            name: resource.name,
        };
        keys.insert((resource.effective_namespace(), owner), id);
    }
    for (id, companion, made) in inventory.related.companions.iter() {
        if companion == Companion::Sibling {
            let resource = &inventory.input[made];
            let owner = Owner {
                kind: companion.kind(),
                name: resource.name,
            };
            keys.insert((resource.effective_namespace(), owner), id);
        }
    }
    keys
}

fn owner_kind(owner: Option<Owner<'_>>) -> String {
    owner.map_or("Pod", |owner| owner.kind).to_owned()
}

/// The workload of a pod as it is shown.
fn name(
    pod: &LivePod<'_>,
    owner: Option<Owner<'_>>,
    id: Option<WorkloadId>,
    inventory: &Inventory<'_>,
) -> String {
    match (id, owner) {
        (Some(id), _) => ObjectRef::of(&inventory.workloads[id].resource).to_string(),
        (None, Some(owner)) => format!("{}/{}/{}", owner.kind, pod.namespace, owner.name),
        (None, None) => format!("Pod/{}/{}", pod.namespace, pod.name),
    }
}

/// Where the pods of one workload are.
#[derive(Debug, Clone, Default)]
struct Places<'n> {
    replicas: Replicas,
    nodes: BTreeSet<&'n str>,
    zones: BTreeSet<&'n str>,
}

impl<'n> Places<'n> {
    fn add(&mut self, pod: &LivePod<'_>, node: Option<(&'n Node, Option<CapacityType>)>) {
        let replicas = &mut self.replicas;
        let count = match node {
            Some((node, Some(CapacityType::OnDemand))) if pod.is_ready => {
                self.nodes.insert(&node.name);
                self.zones.extend(node.zone());
                &mut replicas.on_demand
            }
            Some((_, Some(CapacityType::Spot))) if pod.is_ready => &mut replicas.spot,
            Some((_, None)) if pod.is_ready => &mut replicas.elsewhere,
            _ => &mut replicas.not_ready,
        };
        *count += 1;
    }

    fn replicas(&self) -> Replicas {
        let count = |set: &BTreeSet<_>| u32::try_from(set.len()).unwrap_or(u32::MAX);
        Replicas {
            on_demand_nodes: count(&self.nodes),
            on_demand_zones: count(&self.zones),
            ..self.replicas
        }
    }
}

fn rows(inventory: &Inventory<'_>, places: &HashMap<WorkloadId, Places<'_>>) -> Vec<Row> {
    let rows = inventory.workloads.enumerate().map(|(id, workload)| Row {
        subject: ObjectRef::of(&workload.resource),
        promise: workload.mark().map(|mark| Promise {
            strategy: mark.strategy,
            floor: mark.floor,
        }),
        replicas: places.get(&id).map(Places::replicas).unwrap_or_default(),
    });
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by(|a, b| order(&a.subject).cmp(&order(&b.subject)));
    rows
}

/// By namespace, name and kind.
fn order(subject: &ObjectRef) -> (Option<&str>, &str, &str) {
    (subject.namespace.as_deref(), &subject.name, &subject.kind)
}
