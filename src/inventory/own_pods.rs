//! Which pods of its own a workload's pod affinity and anti-affinity select: those of the same pod
//! template, and those of another one, such as the old pods of a rollout or the pods of a sibling.

use k8s_openapi::api::core::v1::PodAffinityTerm;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use kube_core::labels::{Selector, SelectorExt};

use crate::config::{Capacity, WELL_KNOWN_LABELS};
use crate::placement::{KeptTogether, OnePlace};
use yaml_splice::{Node, YamlError, decode};

use super::Workload;
use super::related::Neighbourhood;

/// Which pods of its own workload a term selects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OwnPods {
    /// Those of the same pod template.
    pub same_template: bool,
    /// Those of another pod template.
    pub other_template: bool,
}

/// The keys of pools that hold nodes of one capacity type. A pool of Karpenter may hold both.
const POOLS: [&str; 3] = [
    "cloud.google.com/gke-nodepool",
    "eks.amazonaws.com/nodegroup",
    "kubernetes.azure.com/agentpool",
];

/// The label that every namespace has: its name.
const NAMESPACE_NAME: &str = "kubernetes.io/metadata.name";

impl Workload<'_> {
    /// Where a required pod affinity to pods of its own keeps the pods together.
    ///
    /// # Errors
    /// As [`Node::get`].
    pub fn kept_together(&self, capacity: &Capacity) -> Result<KeptTogether, YamlError> {
        let mut kept = KeptTogether::default();
        for term in self.required_terms("podAffinity")? {
            let Some(place) = place(&term.topology_key, capacity) else {
                continue;
            };
            let own = self.own_pods(&term);
            kept.same_template = kept.same_template.or(own.same_template.then_some(place));
            kept.two_templates = kept.two_templates.or(own.other_template.then_some(place));
        }
        Ok(kept)
    }

    /// Whether the selector of a topology spread constraint selects its own pods.
    pub fn selects_own(&self, constraint: Node<'_>) -> bool {
        let selector = constraint.get_non_null("labelSelector").ok().flatten();
        let selector = selector.and_then(|node| decode::<LabelSelector>(node).ok());
        let selector = selector.map(Selector::try_from).and_then(Result::ok);
        selector.is_some_and(|selector| selector.matches(&self.pod_labels()))
    }

    /// The required terms of `podAffinity` or `podAntiAffinity`; those that cannot be read are left
    /// out.
    pub(super) fn required_terms(&self, field: &str) -> Result<Vec<PodAffinityTerm>, YamlError> {
        let Some(affinity) = self.pod.spec.get_non_null("affinity")? else {
            return Ok(Vec::new());
        };
        let path = [field, "requiredDuringSchedulingIgnoredDuringExecution"];
        let terms = affinity.at(&path)?.into_iter().flat_map(Node::items);
        Ok(terms.filter_map(|term| decode(term).ok()).collect())
    }

    /// Which pods of the workload `term` selects. A term without a selector selects no pod; the
    /// values of `matchLabelKeys` and `mismatchLabelKeys` are those of the pod that is scheduled,
    /// and keys that it lacks do not count.
    ///
    /// Source: `applyMatchLabelKeysAndMismatchLabelKeys` in Kubernetes' `pkg/registry/core/pod/strategy.go`.
    pub(super) fn own_pods(&self, term: &PodAffinityTerm) -> OwnPods {
        let labels = self.pod_labels();
        let selector = term.label_selector.clone().map(Selector::try_from);
        let matches = |selector: Selector| selector.matches(&labels);
        let is_selected = selector.and_then(Result::ok).is_some_and(matches);
        let mut differing = term.mismatch_label_keys.iter().flatten();
        let differs = differing.any(|key| labels.contains_key(key));
        let revision = self.kind.revision_label();
        let names = |keys: &Option<Vec<String>>| keys.iter().flatten().any(|key| key == revision);
        let selected = is_selected && !differs && self.selects_own_namespace(term);
        OwnPods {
            same_template: selected && !names(&term.mismatch_label_keys),
            other_template: selected && !names(&term.match_label_keys),
        }
    }

    /// Whether `term` looks at pods of the workload's namespace: that is so where it names none.
    fn selects_own_namespace(&self, term: &PodAffinityTerm) -> bool {
        let own = self.resource.namespace;
        let listed: Vec<_> = term.namespaces.iter().flatten().collect();
        if listed.is_empty() && term.namespace_selector.is_none() {
            return true;
        }
        let is_own = |name: &String| Neighbourhood::of(own, Some(name)) != Neighbourhood::Apart;
        let may_be_own = |selector| may_select(selector, self.resource.effective_namespace());
        let selector = term.namespace_selector.as_ref();
        listed.into_iter().any(is_own) || selector.is_some_and(may_be_own)
    }
}

/// Whether `selector` may select the namespace `name`, of whose labels only that of its name is known.
fn may_select(selector: &LabelSelector, name: &str) -> bool {
    let is_name = |key: &String| key == NAMESPACE_NAME;
    let mut known = selector.clone();
    if let Some(labels) = &mut known.match_labels {
        labels.retain(|key, _| is_name(key));
    }
    if let Some(expressions) = &mut known.match_expressions {
        expressions.retain(|expression| is_name(&expression.key));
    }
    let labels = [(NAMESPACE_NAME.to_owned(), name.to_owned())].into();
    Selector::try_from(known).is_ok_and(|known| known.matches(&labels))
}

/// The place of one capacity type that one value of `topology_key` stands for. A zone has nodes of
/// both.
pub(super) fn place(topology_key: &str, capacity: &Capacity) -> Option<OnePlace> {
    let mut well_known = WELL_KNOWN_LABELS.iter().map(|label| label.key);
    if topology_key == "kubernetes.io/hostname" {
        Some(OnePlace::Node)
    } else if POOLS.contains(&topology_key) {
        Some(OnePlace::NodePool)
    } else {
        let is_it = |key: &str| key == topology_key;
        let is_capacity = capacity.keys().any(is_it) || well_known.any(is_it);
        is_capacity.then_some(OnePlace::CapacityType)
    }
}
