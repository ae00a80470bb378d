//! What there is to know about one Deployment or StatefulSet by itself.

use std::collections::BTreeMap;

use crate::fields::{Mark, OrderMark, Owned, Pod, Replicas, Target};
use crate::findings::Finding;
use crate::krm::annotations::{CAPACITY_LABEL, CAPACITY_ON_DEMAND};
use crate::krm::{Resource, ResourceId};
use crate::placement::{Exclusion, Members, WorkloadKind};
use yaml_splice::{Node, Value};

use super::classify::Fields;
use super::members;
use super::selector::{PodSelector, labels, to_label_map};
use super::shape;

/// A Deployment or StatefulSet that the policy decides about.
#[derive(Debug, Clone)]
pub struct Workload<'d> {
    /// Which of the input's resources it is.
    pub id: ResourceId,
    /// The object.
    pub resource: Resource<'d>,
    /// The kind.
    pub kind: WorkloadKind,
    /// `spec`
    pub spec: Node<'d>,
    /// `spec.selector`
    pub(super) selector: Node<'d>,
    /// Its pod template.
    pub pod: Pod<'d>,
    earlier: Option<Box<Earlier<'d>>>,
    /// `spec.replicas` as its owner wants it.
    pub replicas: Replicas<'d>,
    /// The ordinals of a StatefulSet's members.
    pub members: Members,
    /// Why it is left alone by what it is, whatever belongs to it: an earlier run placed it before it was
    /// that, so what it carries is removed.
    pub excluded: Option<Exclusion>,
}

/// What an earlier run left in a workload. In a box: on a first run no workload has any, and it
/// takes more room than all the rest.
#[derive(Debug, Clone)]
struct Earlier<'d> {
    mark: Mark,
    owned: Owned<'d>,
}

/// What is ours in a workload without a mark.
static NOTHING: Owned<'static> = Owned::NOTHING;

impl<'d> Workload<'d> {
    /// Reads the facts of `resource`.
    ///
    /// # Errors
    /// A finding where they cannot be read.
    pub(super) fn read(
        id: ResourceId,
        resource: &Resource<'d>,
        kind: WorkloadKind,
        fields: &Fields<'d>,
    ) -> Result<Self, Finding> {
        let template = shape::mapping(resource, fields.template)?;
        let spec = shape::mapping(resource, fields.pod.unwrap_or(template))?;
        let pod = Pod {
            kind,
            workload: resource.node,
            template,
            metadata: fields.template_metadata,
            spec,
        };
        let earlier = if let Some(mark) = Mark::read(resource)? {
            let owned = Owned::find(&mark, resource, pod)?;
            Some(Box::new(Earlier { mark, owned }))
        } else {
            Owned::check_readable_later(pod)?;
            None
        };
        let mark = earlier.as_ref().map(|earlier| &earlier.mark);
        Ok(Self {
            id,
            resource: resource.clone(),
            kind,
            spec: fields.spec,
            selector: fields.selector,
            pod,
            replicas: Replicas::read(resource, mark)?,
            earlier,
            members: members::read(resource.node, kind)?,
            excluded: None,
        })
    }

    /// Nothing where the fields that decide where its pods run have the shapes that they need.
    ///
    /// # Errors
    /// A finding for the first that has another one.
    pub fn require_shape(&self) -> Result<(), Finding> {
        shape::check(self)
    }

    /// What an earlier run applied.
    pub fn mark(&self) -> Option<&Mark> {
        self.earlier.as_ref().map(|earlier| &earlier.mark)
    }

    /// What that run wrote into it.
    pub fn owned(&self) -> &Owned<'d> {
        let earlier = self.earlier.as_ref();
        earlier.map_or(&NOTHING, |earlier| &earlier.owned)
    }

    /// Takes its replicas for the total of the mark where what remembers that is lost; not for one that is
    /// autoscaled.
    pub(super) fn recall_total(&mut self) {
        if let Some(earlier) = &self.earlier {
            self.replicas.recall_total(&earlier.mark);
        }
    }

    /// Whether an earlier run ordered it behind its sibling.
    pub fn is_ordered(&self) -> bool {
        let mark = self.mark();
        mark.is_some_and(|mark| mark.order != OrderMark::default())
    }

    /// Where its fields are written.
    pub fn target(&self) -> Target<'_, 'd> {
        Target {
            pod: self.pod,
            owned: self.owned(),
            replicas: &self.replicas,
            order: None,
        }
    }
}

/// Labels and selector are read when they are asked for: a cluster has thousands of workloads, and
/// most never are. `classify` has shown that they can be.
impl<'d> Workload<'d> {
    /// The workload's own labels.
    pub fn labels(&self) -> BTreeMap<String, String> {
        to_label_map(&labels(self.resource.metadata()).unwrap_or_default())
    }

    /// The labels of its pods.
    pub fn pod_labels(&self) -> BTreeMap<String, String> {
        to_label_map(&self.pod_label_pairs())
    }

    /// The labels of its sibling's pods.
    pub fn sibling_pod_labels(&self) -> BTreeMap<String, String> {
        let mut labels = self.pod_labels();
        labels.insert(CAPACITY_LABEL.to_owned(), CAPACITY_ON_DEMAND.to_owned());
        labels
    }

    /// The labels of its pods as borrowed pairs.
    pub fn pod_label_pairs(&self) -> Vec<(&'d str, &'d str)> {
        labels(self.pod.metadata).unwrap_or_default()
    }

    /// `spec.selector` as a value to insert.
    ///
    /// # Errors
    /// As [`classify`](super::classify).
    pub fn selector(&self) -> Result<Value, Finding> {
        Ok(self.read_selector()?.value())
    }

    /// Whether `spec.selector` has just these `matchLabels`.
    pub fn selects_by(&self, wanted: &BTreeMap<&str, &str>) -> bool {
        let selector = self.read_selector();
        selector.is_ok_and(|selector| selector.labels().as_ref() == Some(wanted))
    }

    /// Whether `spec.selector` demands a value of the label `key`.
    pub(super) fn selects_by_label(&self, key: &str) -> bool {
        let selector = self.read_selector();
        selector.is_ok_and(|selector| {
            let labels = selector.labels();
            labels.is_some_and(|labels| labels.contains_key(key))
        })
    }

    /// Whether `spec.selector` matches the pods of its sibling as well.
    ///
    /// # Errors
    /// As [`classify`](super::classify).
    pub fn selects_pods_of_sibling(&self) -> Result<bool, Finding> {
        let selector = self.read_selector()?;
        if selector.labels_alone() {
            return Ok(true);
        }
        let mut labels = self.pod_label_pairs();
        labels.retain(|(key, _)| *key != CAPACITY_LABEL);
        labels.push((CAPACITY_LABEL, CAPACITY_ON_DEMAND));
        Ok(selector.mismatch(&labels)?.is_none() || selector.may_match(&labels))
    }

    /// Whether `spec.selector` selects the pods of `other`.
    pub(super) fn selects_pods_of(&self, other: &Self) -> bool {
        let selector = self.read_selector();
        selector
            .and_then(|selector| selector.mismatch(&other.pod_label_pairs()))
            .is_ok_and(|mismatch| mismatch.is_none())
    }

    pub(super) fn read_selector(&self) -> Result<PodSelector<'d>, Finding> {
        PodSelector::read(shape::mapping(&self.resource, self.selector)?)
    }
}
