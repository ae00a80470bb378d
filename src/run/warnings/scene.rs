//! What is decided, seen from the nodes: which pods need which of them.

use crate::config::{Policy, WELL_KNOWN_LABELS};
use crate::findings::ObjectRef;
use crate::inventory::{Inventory, Workload};
use crate::krm::Resource;
use crate::placement::{CapacityType, Decision, Placement, WorkloadKind};
use crate::room::{Constraints, Taint, constraints, tolerations};
use crate::run::Assessments;
use yaml_splice::Node;

/// The input, and what is decided about its workloads.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scene<'a, 'd> {
    /// The input.
    pub inventory: &'a Inventory<'d>,
    /// The decisions.
    pub assessments: &'a Assessments,
    /// The configuration.
    pub policy: &'a Policy,
}

impl<'a, 'd> Scene<'a, 'd> {
    /// The resources of the input.
    pub fn resources(self) -> &'a [Resource<'d>] {
        &self.inventory.input.resources
    }

    /// The workloads that are placed.
    pub fn placed(self) -> impl Iterator<Item = (&'a Workload<'d>, &'a Placement)> {
        let workloads = self.inventory.workloads.iter();
        let pairs = workloads.zip(self.assessments.iter());
        pairs.filter_map(|(workload, assessment)| match &assessment.decision {
            Decision::Place(placement) => Some((workload, placement)),
            Decision::LeaveAlone(_) => None,
        })
    }

    /// A workload of that kind for which a buffer is written.
    pub fn buffered(self, kind: WorkloadKind) -> Option<&'a Workload<'d>> {
        let workloads = self.inventory.workloads.iter();
        let mut pairs = workloads.zip(self.assessments.iter());
        let found = pairs
            .find(|(workload, assessment)| workload.kind == kind && assessment.headroom.pods() > 0);
        found.map(|(workload, _)| workload)
    }

    /// Whether a buffer is written.
    pub fn has_buffers(self) -> bool {
        let mut assessments = self.assessments.iter();
        assessments.any(|assessment| assessment.headroom.pods() > 0)
    }

    /// The placed workload of that kind and name in the namespace of `resource`.
    pub fn placed_target(
        self,
        resource: &Resource<'_>,
        kind: &str,
        name: &str,
    ) -> Option<(&'a Workload<'d>, &'a Placement)> {
        self.placed().find(|(workload, _)| {
            let target = &workload.resource;
            let same_namespace = target.effective_namespace() == resource.effective_namespace();
            workload.kind.name() == kind && target.name == name && same_namespace
        })
    }

    /// The pods that want nodes of the type `on`: those that have to be on on-demand nodes, those
    /// that may be on spot nodes. Each with what they require and tolerate once they are written.
    pub fn pods(self, on: CapacityType) -> Vec<Pods<'a, 'd>> {
        let wants = |placement: &Placement| match on {
            CapacityType::OnDemand => placement.requires_on_demand() || placement.has_sibling(),
            CapacityType::Spot => placement.may_run_on_spot() && placement.replicas > 0,
        };
        let added = tolerations(match on {
            CapacityType::OnDemand => &self.policy.on_demand_tolerations,
            CapacityType::Spot => &self.policy.spot_tolerations,
        });
        let wanting = self.placed().filter(|(_, placement)| wants(placement));
        wanting
            .filter_map(|(workload, _)| {
                let mut constraints = requirements(self.policy, workload)?;
                constraints.tolerations.extend(added.clone());
                Some(Pods {
                    workload,
                    constraints,
                })
            })
            .collect()
    }
}

/// What the pods of `workload` require and tolerate, but for the capacity type: what is required of its
/// labels is ours, or that of an earlier policy, for the owner's own would leave the workload alone.
pub(super) fn requirements(policy: &Policy, workload: &Workload<'_>) -> Option<Constraints> {
    let constraints = constraints(workload.pod.spec).ok()?;
    let before = workload.mark().map(|mark| &mark.capacity);
    Some(constraints.without(|label| {
        let mut well_known = WELL_KNOWN_LABELS.iter();
        let is_it = |key: &str| key == label;
        well_known.any(|known| known.key == label)
            || policy.capacity.keys().any(is_it)
            || before.is_some_and(|before| before.keys().any(is_it))
    }))
}

/// The pods of a placed workload.
#[derive(Debug)]
pub(super) struct Pods<'a, 'd> {
    /// The workload.
    pub workload: &'a Workload<'d>,
    /// What its pods require and tolerate.
    pub constraints: Constraints,
}

/// What keeps pods away from every one of several places.
#[derive(Debug)]
pub(super) struct Barrier<'t> {
    /// The taint of the first place.
    pub taint: &'t Taint,
    /// `Deployment/web`, or `3 workloads (such as Deployment/web)`.
    pub who: String,
}

/// The first taint that keeps some of `pods` away from all of `places`, each known by its taints.
pub(super) fn barrier<'t>(pods: &[Pods<'_, '_>], places: &[&'t [Taint]]) -> Option<Barrier<'t>> {
    let first = places.first()?;
    let stops = |pods: &Pods<'_, '_>, taint: &Taint| !pods.constraints.tolerates(taint);
    let is_stopped = |pods: &Pods<'_, '_>| {
        let mut places = places.iter();
        places.all(|taints| taints.iter().any(|taint| stops(pods, taint)))
    };
    let (example, who) = example_of(pods, is_stopped)?;
    let taint = first.iter().find(|taint| stops(example, taint))?;
    Some(Barrier { taint, who })
}

/// Those of `pods` that `are_meant`: the first as an example, and which workloads they are of.
pub(super) fn example_of<'p, 'a, 'd>(
    pods: &'p [Pods<'a, 'd>],
    are_meant: impl Fn(&Pods<'a, 'd>) -> bool,
) -> Option<(&'p Pods<'a, 'd>, String)> {
    let mut meant = pods.iter().filter(|pods| are_meant(pods));
    let example = meant.next()?;
    Some((example, several(example.workload, 1 + meant.count())))
}

/// `Deployment/web`, or `3 workloads (such as Deployment/web)`.
pub(super) fn several(example: &Workload<'_>, count: usize) -> String {
    let name = ObjectRef::of(&example.resource);
    match count {
        1 => name.to_string(),
        _ => format!("{count} workloads (such as {name})"),
    }
}

/// `Deployment web`
pub(super) fn in_words(workload: &Workload<'_>) -> String {
    format!("{} {}", workload.kind, workload.resource.name)
}

/// `key=value:effect`, as kubectl writes a taint.
pub(super) fn taint_text(taint: &Taint) -> String {
    let Taint { key, value, effect } = taint;
    if value.is_empty() {
        format!("{key}:{effect}")
    } else {
        format!("{key}={value}:{effect}")
    }
}

/// The toleration of `taint`, as the configuration takes it.
pub(super) fn toleration_text(taint: &Taint) -> String {
    let Taint { key, value, effect } = taint;
    if value.is_empty() {
        format!("{{key: {key}, operator: Exists, effect: {effect}}}")
    } else {
        format!("{{key: {key}, value: \"{value}\", effect: {effect}}}")
    }
}

/// The text at `path`, empty where there is none.
pub(super) fn text_at<'d>(node: Node<'d>, path: &[&str]) -> &'d str {
    node.text_at(path).unwrap_or_default()
}

/// The items of the list at `path`.
pub(super) fn items_at<'d>(node: Node<'d>, path: &[&str]) -> Vec<Node<'d>> {
    let items = node.items_at(path);
    items
        .map(|items| items.into_iter().collect())
        .unwrap_or_default()
}
