//! Which pods of other workloads a required pod affinity or anti-affinity selects.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::PodAffinityTerm;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use kube_core::labels::{Selector, SelectorExt};

use crate::config::Capacity;
use crate::krm::{Companion, Resource};
use crate::placement::OnePlace;
use crate::room::controller;
use yaml_splice::{Node, YamlError};

use super::own_pods::place;
use super::related::Neighbourhood;
use super::selector::{labels, to_label_map};
use super::{Inventory, Workload, WorkloadId};

/// Other workloads that a required term puts in the place of a pod, or keeps from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Company {
    /// The workloads of which it selects the pods.
    pub workloads: Vec<WorkloadId>,
    /// Whether it keeps away from them: an anti-affinity.
    pub keeps_away: bool,
    /// The label that tells the places.
    pub topology_key: String,
}

impl Inventory<'_> {
    /// What required terms of the workload `id` say about other workloads of the input, over places of
    /// one capacity type. A term that may select pods of which nothing is known is left out, and so is
    /// an affinity that selects pods of its own. Pods that keep away from each other on smaller places than
    /// all nodes of a type have other nodes of that type.
    ///
    /// # Errors
    /// As [`Node::get`].
    pub fn company(&self, id: WorkloadId, capacity: &Capacity) -> Result<Vec<Company>, YamlError> {
        let workload = &self.workloads[id];
        let mut found = Vec::new();
        for (field, keeps_away) in [("podAffinity", false), ("podAntiAffinity", true)] {
            for term in workload.required_terms(field)? {
                let matters = place(&term.topology_key, capacity)
                    .is_some_and(|place| !keeps_away || place == OnePlace::CapacityType);
                if !matters {
                    continue;
                }
                let own = workload.own_pods(&term);
                let is_own = own.same_template || own.other_template;
                let sought = Sought::by(workload, &term);
                if !keeps_away && (is_own || self.selects_unknown(&sought)) {
                    continue;
                }
                let others = self.workloads.enumerate();
                let others = others.filter(|(other, _)| *other != id);
                let selected = others
                    .filter(|(_, other)| sought.includes(&other.resource, other.pod.template));
                found.push(Company {
                    workloads: selected.map(|(id, _)| id).collect(),
                    keeps_away,
                    topology_key: term.topology_key.clone(),
                });
            }
        }
        found.retain(|company| !company.workloads.is_empty());
        Ok(found)
    }

    /// Whether pods are sought of what is no workload of the input: of a DaemonSet, or of one that is left
    /// alone because of what it is.
    fn selects_unknown(&self, sought: &Sought<'_>) -> bool {
        let is_known = |id, resource: &Resource<'_>| {
            let mut workloads = self.workloads.iter();
            let is_made = Companion::of(resource).is_ok_and(|companion| companion.is_some());
            let is_controlled = controller(resource.node).is_ok_and(|owner| owner.is_some());
            is_made || is_controlled || workloads.any(|known| known.id == id)
        };
        self.input.enumerate().any(|(id, resource)| {
            if !sought.looks_at(resource) {
                return false;
            }
            let template = resource.node.at(&["spec", "template"]).ok().flatten();
            let pods = match template {
                Some(template) => template,
                None if resource.is("", "Pod") => resource.node,
                None => return false,
            };
            sought.includes(resource, pods) && !is_known(id, resource)
        })
    }
}

/// The pods that a term of a workload selects.
struct Sought<'a> {
    term: &'a PodAffinityTerm,
    selector: Option<Selector>,
    namespace: Option<&'a str>,
    labels: BTreeMap<String, String>,
    revision: &'static str,
}

impl<'a> Sought<'a> {
    fn by(workload: &'a Workload<'_>, term: &'a PodAffinityTerm) -> Self {
        let selector = term.label_selector.clone().map(Selector::try_from);
        Self {
            term,
            selector: selector.and_then(Result::ok),
            namespace: workload.resource.namespace,
            labels: workload.pod_labels(),
            revision: workload.kind.revision_label(),
        }
    }

    /// Whether the pods of `other` are among them, of which `template` has the labels.
    fn includes(&self, other: &Resource<'_>, template: Node<'_>) -> bool {
        // Most others lie in other namespaces.
        if !self.looks_at(other) {
            return false;
        }
        let Ok(labels) = template.get_non_null("metadata").and_then(labels) else {
            return false;
        };
        let labels = to_label_map(&labels);
        let is_selected = |selector: &Selector| selector.matches(&labels);
        self.selector.as_ref().is_some_and(is_selected) && self.has_wanted_values(&labels)
    }

    /// Whether `labels` have the values that `matchLabelKeys` and `mismatchLabelKeys` ask for.
    fn has_wanted_values(&self, labels: &BTreeMap<String, String>) -> bool {
        let own = &self.labels;
        let is_same = |key: &String| !own.contains_key(key) || own.get(key) == labels.get(key);
        let differs = |key: &String| !own.contains_key(key) || own.get(key) != labels.get(key);
        let mut same = self.term.match_label_keys.iter().flatten();
        let mut differing = self.term.mismatch_label_keys.iter().flatten();
        // The revision of another workload is never that of this one.
        same.all(|key| key != self.revision && is_same(key)) && differing.all(differs)
    }

    /// Whether the term looks at pods of the namespace of `other`.
    fn looks_at(&self, other: &Resource<'_>) -> bool {
        let mut listed = self.term.namespaces.iter().flatten().peekable();
        let is_same =
            |one: Option<&str>| Neighbourhood::of(one, other.namespace) == Neighbourhood::Same;
        match &self.term.namespace_selector {
            // Labels of namespaces are not known, and the empty selector selects all.
            Some(selector) => *selector == LabelSelector::default(),
            None if listed.peek().is_none() => is_same(self.namespace),
            None => listed.any(|name| is_same(Some(name))),
        }
    }
}
