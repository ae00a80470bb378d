//! Which pods of other workloads a required pod affinity or anti-affinity selects.

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
    /// The place that both are in, or not.
    pub place: OnePlace,
    /// The label that tells the places.
    pub topology_key: String,
}

impl Inventory<'_> {
    /// What required terms of the workload `id` say about other workloads of the input, over places of
    /// one capacity type. A term that may select pods of which nothing is known is left out, and so is
    /// an affinity that selects pods of its own.
    ///
    /// # Errors
    /// As [`Node::get`].
    pub fn company(&self, id: WorkloadId, capacity: &Capacity) -> Result<Vec<Company>, YamlError> {
        let workload = &self.workloads[id];
        let mut found = Vec::new();
        for (field, keeps_away) in [("podAffinity", false), ("podAntiAffinity", true)] {
            for term in workload.required_terms(field)? {
                let Some(place) = place(&term.topology_key, capacity) else {
                    continue;
                };
                let own = workload.own_pods(&term);
                let is_own = own.same_template || own.other_template;
                if !keeps_away && (is_own || self.selects_unknown(workload, &term)) {
                    continue;
                }
                let others = self.workloads.enumerate();
                let others = others.filter(|(other, _)| *other != id);
                let selected = others.filter(|(_, other)| {
                    selects(workload, &term, &other.resource, other.pod.template)
                });
                found.push(Company {
                    workloads: selected.map(|(id, _)| id).collect(),
                    keeps_away,
                    place,
                    topology_key: term.topology_key,
                });
            }
        }
        found.retain(|company| !company.workloads.is_empty());
        Ok(found)
    }

    /// Whether `term` selects pods of what is no workload of the input: of a DaemonSet, or of one that is
    /// left alone because of what it is.
    fn selects_unknown(&self, workload: &Workload<'_>, term: &PodAffinityTerm) -> bool {
        let is_known = |id, resource: &Resource<'_>| {
            let mut workloads = self.workloads.iter();
            let is_made = Companion::of(resource).is_ok_and(|companion| companion.is_some());
            let is_controlled = controller(resource.node).is_ok_and(|owner| owner.is_some());
            is_made || is_controlled || workloads.any(|known| known.id == id)
        };
        self.input.enumerate().any(|(id, resource)| {
            let template = resource.node.at(&["spec", "template"]).ok().flatten();
            let pods = match template {
                Some(template) => template,
                None if resource.is("", "Pod") => resource.node,
                None => return false,
            };
            selects(workload, term, resource, pods) && !is_known(id, resource)
        })
    }
}

/// Whether `term` of `workload` selects the pods of `other`, of which `template` has the labels.
fn selects(
    workload: &Workload<'_>,
    term: &PodAffinityTerm,
    other: &Resource<'_>,
    template: Node<'_>,
) -> bool {
    let Ok(labels) = labels(template) else {
        return false;
    };
    let labels = to_label_map(&labels);
    let selector = term.label_selector.clone().map(Selector::try_from);
    let mut selector = selector.and_then(Result::ok).into_iter();
    if !selector.any(|selector| selector.matches(&labels)) {
        return false;
    }
    let own = workload.pod_labels();
    let mut same = term.match_label_keys.iter().flatten();
    let is_same = same.all(|key| !own.contains_key(key) || own.get(key) == labels.get(key));
    let mut differing = term.mismatch_label_keys.iter().flatten();
    let differs = differing.all(|key| !own.contains_key(key) || own.get(key) != labels.get(key));
    // The revision of another workload is never that of this one.
    let revision = workload.kind.revision_label();
    let names_revision = term
        .match_label_keys
        .iter()
        .flatten()
        .any(|key| key == revision);
    is_same && differs && !names_revision && looks_at(workload, term, other)
}

/// Whether `term` looks at pods of the namespace of `other`.
fn looks_at(workload: &Workload<'_>, term: &PodAffinityTerm, other: &Resource<'_>) -> bool {
    let listed: Vec<_> = term.namespaces.iter().flatten().collect();
    let is_same =
        |one: Option<&str>| Neighbourhood::of(one, other.namespace) == Neighbourhood::Same;
    match &term.namespace_selector {
        // Labels of namespaces are not known, and the empty selector selects all.
        Some(selector) => *selector == LabelSelector::default(),
        None if listed.is_empty() => is_same(workload.resource.namespace),
        None => listed.into_iter().any(|name| is_same(Some(name))),
    }
}
