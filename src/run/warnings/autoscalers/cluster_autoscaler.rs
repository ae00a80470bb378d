//! The Cluster Autoscaler's own arguments.
//!
//! Source: `cluster-autoscaler/FAQ.md` of kubernetes/autoscaler, "What are Expanders?" and "What are
//! the parameters to CA?".

use crate::findings::{Code, Finding};
use crate::inventory::Workload;
use crate::krm::Resource;
use crate::placement::WorkloadKind;
use yaml_splice::{Node, YamlError};

use super::super::scene::{Scene, items_at, several};
use super::controllers::Container;
use super::priority_expander;

/// The annotation by which a pod says that it may be evicted all the same.
const SAFE_TO_EVICT: &str = "cluster-autoscaler.kubernetes.io/safe-to-evict";

pub(super) fn of_container(
    scene: Scene<'_, '_>,
    container: Container<'_, '_>,
) -> Result<Vec<Finding>, YamlError> {
    let flags = Flags::read(container.node)?;
    let findings = [
        expander(scene, container.resource, &flags),
        never_scales_down(&flags),
        keeps_local_storage(scene, &flags),
        balances_over_capacity(scene, &flags),
        buffers_off(scene, &flags),
        buffer_follows_newest_pod(scene),
    ];
    let path = container.path();
    let findings = findings.into_iter().flatten();
    Ok(findings.map(|finding| finding.at(path.clone())).collect())
}

/// The words of a command line.
struct Flags<'d>(Vec<&'d str>);

impl<'d> Flags<'d> {
    fn read(container: Node<'d>) -> Result<Self, YamlError> {
        let mut words = Vec::new();
        for field in ["command", "args"] {
            words.extend(container.items_at(&[field])?.map(Node::text));
        }
        Ok(Self(words))
    }

    /// The values of the flag `name`, in the forms `--name=value` and `--name value`.
    fn values(&self, name: &str) -> Vec<&'d str> {
        let words = self.0.iter().enumerate();
        words
            .filter_map(|(at, word)| {
                let flag = word.trim_start_matches('-');
                let rest = flag.strip_prefix(name).filter(|_| flag != *word)?;
                match rest.strip_prefix('=') {
                    Some(value) => Some(value.trim_matches('"')),
                    None if rest.is_empty() => Some(self.0.get(at + 1).copied().unwrap_or("")),
                    None => None,
                }
            })
            .collect()
    }

    fn is(&self, name: &str, value: &str) -> bool {
        self.values(name).contains(&value)
    }
}

/// Without priorities the Cluster Autoscaler grows the group that wastes least, or any.
fn expander(scene: Scene<'_, '_>, resource: &Resource<'_>, flags: &Flags<'_>) -> Option<Finding> {
    let expanders = flags.values("expander");
    let names = |value: &&str| value.split(',').any(|name| name == "priority");
    if !expanders.iter().any(names) {
        let message = "the Cluster Autoscaler does not look at preferences, and without \
                       --expander=priority it grows either kind of node group; give spot groups the \
                       highest priority";
        return Some(Finding::warning(Code::PreferencesIgnored, message));
    }
    let namespace = resource.effective_namespace();
    let maps = scene
        .resources()
        .iter()
        .filter(|it| priority_expander::is_one(it));
    let found: Vec<_> = maps.map(Resource::effective_namespace).collect();
    if found.contains(&namespace) {
        return None;
    }
    let name = priority_expander::NAME;
    let place = match found.first() {
        Some(other) => format!("lies in the namespace {other}"),
        None => "is not in the input".to_owned(),
    };
    let message = format!(
        "--expander=priority reads the ConfigMap {namespace}/{name}, which {place}; without it there \
         are no priorities, and either kind of node group grows"
    );
    Some(Finding::warning(Code::PriorityExpander, message))
}

fn never_scales_down(flags: &Flags<'_>) -> Option<Finding> {
    flags.is("scale-down-enabled", "false").then(|| {
        let message = "--scale-down-enabled=false keeps every on-demand node, so replicas that fled from \
                       spot nodes do not return; remove the flag";
        Finding::warning(Code::NoWayBackToSpot, message)
    })
}

/// By default a node with a pod that has local storage is never removed.
fn keeps_local_storage(scene: Scene<'_, '_>, flags: &Flags<'_>) -> Option<Finding> {
    let flag = "skip-nodes-with-local-storage";
    if flags.is(flag, "false") || flags.is("scale-down-enabled", "false") {
        return None;
    }
    let placed = scene
        .placed()
        .filter(|(_, placement)| placement.may_run_on_spot());
    let local = placed.filter(|(workload, _)| has_local_storage(workload));
    let local: Vec<_> = local.map(|(workload, _)| workload).collect();
    let who = several(local.first()?, local.len());
    let message = format!(
        "unless --{flag}=false is set, the Cluster Autoscaler removes no node that runs a pod with \
         emptyDir or hostPath, such as those of {who}: what fled to an on-demand node stays there; set \
         the flag, or {SAFE_TO_EVICT}: \"true\" on the pods"
    );
    Some(Finding::warning(Code::NoWayBackToSpot, message))
}

fn has_local_storage(workload: &Workload<'_>) -> bool {
    let annotations = ["metadata", "annotations", SAFE_TO_EVICT];
    let is_safe = workload.pod.template.text_at(&annotations) == Ok("true");
    let is_local = |volume: &Node<'_>| {
        ["emptyDir", "hostPath"]
            .iter()
            .any(|kind| matches!(volume.get(kind), Ok(Some(_))))
    };
    !is_safe
        && items_at(workload.pod.spec, &["volumes"])
            .iter()
            .any(is_local)
}

/// Groups that differ in nothing but ignored labels are kept at the same size.
fn balances_over_capacity(scene: Scene<'_, '_>, flags: &Flags<'_>) -> Option<Finding> {
    let ignored = flags.values("balancing-ignore-label");
    let key = scene
        .policy
        .capacity
        .keys()
        .find(|key| ignored.contains(key))?;
    flags.is("balance-similar-node-groups", "true").then(|| {
        let message = format!(
            "--balancing-ignore-label={key} makes on-demand and spot groups alike, so \
             --balance-similar-node-groups grows both evenly; remove that label from the ignored ones"
        );
        Finding::warning(Code::PreferencesIgnored, message)
    })
}

/// Both parts of the feature are off by default.
fn buffers_off(scene: Scene<'_, '_>, flags: &Flags<'_>) -> Option<Finding> {
    let needed = [
        "capacity-buffer-controller-enabled",
        "capacity-buffer-pod-injection-enabled",
    ];
    let mut off = needed.into_iter().filter(|flag| !flags.is(flag, "true"));
    let flag = off.next().filter(|_| scene.has_buffers())?;
    let message = format!(
        "headroom: capacity-buffer writes CapacityBuffers, and the Cluster Autoscaler does not read them; \
         set --{flag}=true"
    );
    Some(Finding::warning(Code::BuffersOff, message))
}

/// A buffer's pods are like the newest pod of the object that it refers to, as it was admitted.
///
/// Source: `getMostRecentPod` in
/// `cluster-autoscaler/capacitybuffer/translators/scalable_objects/scalable_object_resolvers.go`.
fn buffer_follows_newest_pod(scene: Scene<'_, '_>) -> Option<Finding> {
    let workload = scene.buffered(WorkloadKind::StatefulSet)?;
    let message = format!(
        "the Cluster Autoscaler makes the pods of a buffer like the newest pod of {}, which may be one \
         whose pin was lifted: its room may then be on spot nodes",
        several(workload, 1)
    );
    Some(Finding::warning(Code::BufferFollowsNewestPod, message))
}
