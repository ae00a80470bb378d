//! Volumes that are bound to some nodes, such as a disk of one node.

use std::collections::HashMap;

use crate::inventory::{Workload, mounted_claims};
use crate::krm::Resource;
use crate::placement::WorkloadKind;
use crate::room::{Term, terms};
use yaml_splice::YamlError;

/// The node affinity of volumes, by the namespace and the name of the claim that they are bound to.
#[derive(Debug, Default)]
pub(in super::super) struct Volumes<'d> {
    by_claim: HashMap<&'d str, HashMap<&'d str, Vec<Term>>>,
}

impl<'d> Volumes<'d> {
    /// Those among `resources`; what cannot be read is left to its owner.
    ///
    /// Source: <https://kubernetes.io/docs/concepts/storage/persistent-volumes/#node-affinity>.
    pub fn read(resources: &[&[Resource<'d>]]) -> Self {
        let resources = || resources.iter().copied().flatten();
        let is_volume = |it: &&Resource<'_>| it.is("", "PersistentVolume");
        let volumes = resources().filter(is_volume);
        let bound = volumes.filter_map(|volume| bound(volume).ok().flatten());
        let volumes: HashMap<_, _> = bound.collect();
        let mut found = Self::default();
        if volumes.is_empty() {
            return found;
        }
        for (claim, terms) in volumes.values() {
            if let Some(claim) = claim {
                found.bind(*claim, terms);
            }
        }
        let is_claim = |it: &&Resource<'_>| it.is("", "PersistentVolumeClaim");
        for claim in resources().filter(is_claim) {
            let name = claim
                .node
                .text_at(&["spec", "volumeName"])
                .unwrap_or_default();
            if let Some((_, terms)) = volumes.get(name) {
                found.bind((claim.effective_namespace(), claim.name), terms);
            }
        }
        found
    }

    /// Whether no volume is bound to some nodes.
    pub fn is_empty(&self) -> bool {
        self.by_claim.is_empty()
    }

    fn bind(&mut self, (namespace, name): Claim<'d>, terms: &[Term]) {
        let claims = self.by_claim.entry(namespace).or_default();
        claims.insert(name, terms.to_vec());
    }

    /// The terms of the volumes that every pod of `workload` mounts.
    pub fn of_pods(&self, workload: &Workload<'_>) -> Vec<Vec<Term>> {
        if self.by_claim.is_empty() {
            return Vec::new();
        }
        let claims = mounted_claims(workload.pod.spec).unwrap_or_default();
        let terms = claims
            .into_iter()
            .filter_map(|claim| self.terms(workload, claim));
        terms.cloned().collect()
    }

    /// The terms of the volumes of each of the first `count` members of a StatefulSet.
    ///
    /// Source: `getPersistentVolumeClaimName` in Kubernetes'
    /// `pkg/controller/statefulset/stateful_set_utils.go`.
    pub fn of_members(&self, workload: &Workload<'_>, count: u32) -> Vec<Vec<Vec<Term>>> {
        if self.by_claim.is_empty() || workload.kind != WorkloadKind::StatefulSet {
            return Vec::new();
        }
        let templates = workload
            .resource
            .node
            .items_at(&["spec", "volumeClaimTemplates"]);
        let names = templates.map(|templates| {
            let names = templates.map(|it| it.text_at(&["metadata", "name"]).unwrap_or_default());
            names.collect::<Vec<_>>()
        });
        let names = names.unwrap_or_default();
        let start = workload.members.start;
        let members = start..start.saturating_add(count.min(MOST_MEMBERS));
        let of_member = members.map(|ordinal| {
            let claims = names.iter();
            let claims = claims.map(|name| format!("{name}-{}-{ordinal}", workload.resource.name));
            let terms = claims.filter_map(|claim| self.terms(workload, &claim).cloned());
            terms.collect::<Vec<_>>()
        });
        of_member.collect()
    }

    fn terms(&self, workload: &Workload<'_>, claim: &str) -> Option<&Vec<Term>> {
        let namespace = workload.resource.effective_namespace();
        self.by_claim.get(namespace)?.get(claim)
    }
}

/// Far more members than a StatefulSet has.
const MOST_MEMBERS: u32 = 1000;

/// The namespace and the name of a claim.
type Claim<'d> = (&'d str, &'d str);

/// The claim that a volume is bound to, where it names it, and the terms of its node affinity.
type Bound<'d> = (Option<Claim<'d>>, Vec<Term>);

/// What `volume` is bound to, by its name; `None` where every node can use it.
fn bound<'d>(volume: &Resource<'d>) -> Result<Option<(&'d str, Bound<'d>)>, YamlError> {
    let Some(required) = volume.node.at(&["spec", "nodeAffinity", "required"])? else {
        return Ok(None);
    };
    let claim = |field| volume.node.text_at(&["spec", "claimRef", field]);
    let (namespace, name) = (claim("namespace")?, claim("name")?);
    let claim = (!name.is_empty()).then_some((namespace, name));
    Ok(Some((volume.name, (claim, terms(required)?))))
}
