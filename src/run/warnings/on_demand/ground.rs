//! The on-demand nodes that are there, and what may add more of them.

use std::collections::BTreeSet;

use crate::inventory::{Exclusive, Workload};
use crate::krm::Resource;
use crate::placement::CapacityType;
use crate::requests::{Amounts, pod_resources};
use crate::room::{self, Apart, Capacities, Constraints, Node, Taint};
use yaml_splice::Scalar;

use super::super::autoscalers::{NodePool, runs_image};
use super::super::rollouts::HOSTNAME;
use super::super::scene::{Scene, items_at, text_at};
use super::obstacle::{Obstacle, TooFew};
use super::volumes::Volumes;
use super::wanting::{Role, Wanting};

/// Taints that come and go with the state of a node.
const PASSING: [&str; 4] = [
    "node.kubernetes.io/",
    "node.cloudprovider.kubernetes.io/",
    "karpenter.sh/",
    "ToBeDeletedByClusterAutoscaler",
];

/// The label that Karpenter gives to its nodes.
const MADE_BY_KARPENTER: &str = "karpenter.sh/nodepool";

/// The on-demand nodes that the input shows.
#[derive(Debug)]
pub(in super::super) struct Ground<'a, 'd> {
    /// The on-demand nodes.
    nodes: Vec<Node>,
    /// How many nodes there are of every type.
    all: usize,
    /// The object of the first on-demand node.
    pub first: Option<&'a Resource<'d>>,
    /// The pools that make on-demand nodes.
    pools: Vec<NodePool<'a, 'd>>,
    /// Whether something may add on-demand nodes of which nothing is known.
    grows: bool,
}

impl<'a, 'd> Ground<'a, 'd> {
    /// The nodes among `resources`, and what adds nodes there or in the input.
    pub fn of(resources: &'a [Resource<'d>], scene: Scene<'a, 'd>) -> Self {
        let policy = scene.policy;
        let capacities = Capacities::of(&policy.capacity);
        let all = || resources.iter().chain(scene.resources());
        let is_node = |it: &&Resource<'_>| it.is("", "Node");
        let (mut nodes, mut count, mut first, mut by_karpenter) = (Vec::new(), 0, None, false);
        for resource in resources.iter().filter(is_node) {
            let Ok(node) = room::node(resource) else {
                continue;
            };
            count += 1;
            by_karpenter |= node.label(MADE_BY_KARPENTER).is_some();
            if capacities.class(|key| node.label(key)) == Some(CapacityType::OnDemand) {
                first = first.or(Some(resource));
                nodes.push(node);
            }
        }
        let pools: Vec<_> = all().filter_map(NodePool::read).collect();
        by_karpenter |= all().any(|resource| runs_image(resource, "karpenter"));
        Self {
            nodes,
            all: count,
            first,
            grows: policy.on_demand_scales_to_zero
                || by_karpenter && pools.is_empty()
                || all().any(|resource| runs_image(resource, "cluster-autoscaler")),
            pools: pools
                .into_iter()
                .filter(|pool| pool.makes_on_demand(&policy.capacity))
                .collect(),
        }
    }

    /// Whether there is any node.
    pub fn has_nodes(&self) -> bool {
        self.all > 0
    }

    /// Whether an on-demand node that is there takes pods that require `constraints`.
    pub fn admits(&self, constraints: &Constraints) -> bool {
        let admits = |node: &Node| {
            node.is_schedulable && constraints.choose(node) && !keeps_away(constraints, node)
        };
        self.nodes.iter().any(admits)
    }

    /// What keeps `wanting` from the on-demand nodes, and how many of its pods run there all the same;
    /// `None` where nothing does, or nobody knows.
    pub fn obstacle(
        &self,
        wanting: &Wanting<'_, '_>,
        volumes: &Volumes<'d>,
    ) -> Option<(u32, Obstacle)> {
        let may_be_added = self
            .pools
            .iter()
            .any(|pool| pool.admits(&wanting.constraints));
        if self.all == 0 || self.grows || may_be_added || wanting.count == 0 {
            return None;
        }
        self.kept_away(wanting)
            .map(|obstacle| (0, obstacle))
            .or_else(|| self.too_few(wanting, volumes))
            .filter(|(_, obstacle)| {
                wanting.role != Role::Refuge || matches!(obstacle, Obstacle::Taint(..))
            })
    }

    /// What keeps every pod of `wanting` from every on-demand node.
    fn kept_away(&self, wanting: &Wanting<'_, '_>) -> Option<Obstacle> {
        let constraints = &wanting.constraints;
        if self.nodes.is_empty() {
            return Some(Obstacle::NoNode(self.all));
        }
        let open: Vec<_> = self
            .nodes
            .iter()
            .filter(|node| node.is_schedulable)
            .collect();
        if open.is_empty() {
            return Some(Obstacle::Closed(self.nodes.len()));
        }
        let chosen: Vec<_> = open
            .iter()
            .filter(|node| constraints.choose(node))
            .collect();
        if chosen.is_empty() {
            let meets =
                |own: &room::Requirement| open.iter().any(|node| own.holds(node.label(&own.key)));
            let unmet = constraints.unmet(meets).map(ToString::to_string);
            return Some(Obstacle::Labels(unmet));
        }
        let near: Vec<_> = chosen
            .iter()
            .filter(|node| constraints.reach_volumes(node))
            .collect();
        if near.is_empty() {
            return Some(Obstacle::Volume);
        }
        let stops = |taint: &&Taint| is_lasting(taint) && !constraints.tolerates(taint);
        let mut tolerated = near
            .iter()
            .filter(|node| !keeps_away(constraints, node))
            .peekable();
        if tolerated.peek().is_none() {
            let taint = near.first()?.taints.iter().find(stops)?;
            return Some(Obstacle::Taint(taint.clone(), "on-demand nodes"));
        }
        let request = request(wanting.workload);
        let lacking: Option<Vec<_>> = tolerated.map(|node| lacks(node, &request)).collect();
        let most = lacking?.into_iter().max_by_key(|lack| lack.2)?;
        Some(Obstacle::Size(most.0, most.1, most.2))
    }

    /// What lets only some of the pods of `wanting` run at once.
    fn too_few(&self, wanting: &Wanting<'_, '_>, volumes: &Volumes<'d>) -> Option<(u32, Obstacle)> {
        if wanting.role != Role::Pinned {
            return None;
        }
        let count = wanting.count;
        let found = [
            self.unbound(wanting, volumes),
            self.apart(wanting),
            self.domains(wanting),
        ];
        let found = found.into_iter().flatten().min_by_key(|(seats, _)| *seats);
        let (seats, why) = found.filter(|(seats, _)| *seats < count)?;
        Some((seats, Obstacle::TooFew { count, seats, why }))
    }

    fn usable<'n>(&'n self, constraints: &'n Constraints) -> impl Iterator<Item = &'n Node> {
        self.nodes.iter().filter(|node| {
            let has_what_it_takes = constraints.choose(node) && constraints.reach_volumes(node);
            node.is_schedulable && has_what_it_takes && !keeps_away(constraints, node)
        })
    }

    /// How many members of a StatefulSet have volumes that on-demand nodes can use.
    fn unbound(&self, wanting: &Wanting<'_, '_>, volumes: &Volumes<'d>) -> Option<(u32, TooFew)> {
        let members = volumes.of_members(wanting.workload, wanting.count);
        let mut stuck = 0;
        for volumes in members {
            let constraints = Constraints {
                volumes,
                ..wanting.constraints.clone()
            };
            stuck += u32::from(self.usable(&constraints).next().is_none());
        }
        (stuck > 0).then(|| (wanting.count - stuck, TooFew::Volumes))
    }

    /// How many places there are for pods that keep each other away.
    fn apart(&self, wanting: &Wanting<'_, '_>) -> Option<(u32, TooFew)> {
        let exclusive = wanting.workload.apart().ok()??;
        let apart = apart(&exclusive, true);
        let nodes = self.usable(&wanting.constraints);
        let places: Option<BTreeSet<_>> = nodes.map(|node| apart.place(node)).collect();
        Some((number(places?.len()), TooFew::Apart(exclusive)))
    }

    /// How many pods the owner's own topology spread lets run where fewer domains have on-demand nodes
    /// than it asks for: maxSkew in each.
    ///
    /// Source: `minMatchNum` in `pkg/scheduler/framework/plugins/podtopologyspread/filtering.go` of
    /// Kubernetes: the global minimum is 0 as long as there are fewer domains than `minDomains`.
    fn domains(&self, wanting: &Wanting<'_, '_>) -> Option<(u32, TooFew)> {
        let pod = wanting.workload.pod.spec;
        let limits = items_at(pod, &["topologySpreadConstraints"]);
        let limits = limits.into_iter().filter_map(|constraint| {
            let text = |key| text_at(constraint, &[key]);
            let number_at = |key| match constraint.get_non_null(key).ok()??.scalar()? {
                Scalar::Int(number) => u32::try_from(number).ok(),
                _ => None,
            };
            let is_filter = matches!(text("whenUnsatisfiable"), "" | "DoNotSchedule");
            let (key, least) = (text("topologyKey"), number_at("minDomains")?);
            let honors = text("nodeAffinityPolicy") != "Ignore";
            if !is_filter || !honors || !wanting.workload.selects_own(constraint) {
                return None;
            }
            let ignores_taints = text("nodeTaintsPolicy") != "Honor";
            let choosing = self.nodes.iter().filter(|node| {
                wanting.constraints.choose(node)
                    && (ignores_taints || !keeps_away(&wanting.constraints, node))
            });
            let domains: BTreeSet<_> = choosing.filter_map(|node| node.label(key)).collect();
            let usable = self.usable(&wanting.constraints);
            let usable: BTreeSet<_> = usable.filter_map(|node| node.label(key)).collect();
            let seats = number(usable.len()).saturating_mul(number_at("maxSkew").unwrap_or(1));
            let has = number(domains.len());
            let key = key.to_owned();
            (has < least).then_some((seats, TooFew::Domains { key, least, has }))
        });
        limits.min_by_key(|(seats, _)| *seats)
    }
}

/// What keeps pods apart, as the nodes see it.
pub(in super::super) fn apart(exclusive: &Exclusive, across_templates: bool) -> Apart {
    Apart {
        label: match exclusive {
            Exclusive::AntiAffinity(key) if key != HOSTNAME => Some(key.as_str().into()),
            Exclusive::AntiAffinity(_) | Exclusive::HostPort(_) => None,
        },
        across_templates,
        group: 0,
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Whether a taint of `node` that stays keeps the pods away.
fn keeps_away(constraints: &Constraints, node: &Node) -> bool {
    let mut taints = node.taints.iter();
    taints.any(|taint| is_lasting(taint) && !constraints.tolerates(taint))
}

/// Whether a taint does not come and go with the state of its node.
pub(in super::super) fn is_lasting(taint: &Taint) -> bool {
    !PASSING.iter().any(|prefix| taint.key.starts_with(prefix))
}

/// What a pod requests, as far as it is known.
fn request(workload: &Workload<'_>) -> Amounts {
    let resources = pod_resources(workload.pod.spec);
    resources
        .map(|pod| pod.request().amounts)
        .unwrap_or_default()
}

/// The first resource of which the whole of `node` has less than one pod requests: its name, what is
/// requested and what is there. A node that does not name its cpu says nothing about its size.
fn lacks(node: &Node, request: &Amounts) -> Option<(String, u64, u64)> {
    let has = &node.allocatable;
    let is_said =
        |name: &str| has.names(name) || !matches!(name, "cpu" | "memory" | "ephemeral-storage");
    let mut requested = request.iter().filter(|_| has.names("cpu"));
    let (name, wants) = requested.find(|(name, wants)| is_said(name) && *wants > has.of(name))?;
    Some((name.to_owned(), wants, has.of(name)))
}
