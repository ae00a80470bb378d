//! What an earlier run wrote into a workload, found again with the help of its mark.

use k8s_openapi::api::core::v1::Toleration;

use crate::krm::Resource;
use crate::krm::annotations::COMPUTED_FOR_REPLICAS;
use yaml_splice::{Node, YamlError};

use super::constraints::SoftSpread;
use super::{
    Filled, Mark, Pod, affinity, filled, mark, pod_annotations, priority_class, spread,
    template_annotation, tolerations,
};

/// The nodes of a workload that are ours: updated in place, and removed when they are not wanted
/// any more. Empty for a workload without a mark.
#[derive(Debug, Clone, Default)]
pub struct Owned<'d> {
    /// The expressions that require on-demand nodes, in each term of the required node affinity.
    pub required: Vec<Node<'d>>,
    /// The preferred terms of weight 100.
    pub preferred: Vec<Node<'d>>,
    /// The topology spread constraint over the capacity key.
    pub capacity_spread: Option<Node<'d>>,
    /// The default soft spreading that was put back.
    pub soft_spreads: Vec<(SoftSpread, Node<'d>)>,
    /// Tolerations.
    pub tolerations: Vec<(Toleration, Node<'d>)>,
    /// `priorityClassName`.
    pub priority_class: Option<Node<'d>>,
    /// The annotations on the pod template, by their key.
    pub template_annotations: Vec<(&'static str, Node<'d>)>,
    /// The annotations of the policy on the pod template, by their key.
    pub pod_annotations: Vec<(String, Node<'d>)>,
    /// What stood without a value and was filled.
    pub filled: Vec<(Filled, Node<'d>)>,
    /// The mark itself.
    pub mark: Option<Node<'d>>,
}

impl<'d> Owned<'d> {
    /// Nothing is ours.
    pub const NOTHING: Self = Self {
        required: Vec::new(),
        preferred: Vec::new(),
        capacity_spread: None,
        soft_spreads: Vec::new(),
        tolerations: Vec::new(),
        priority_class: None,
        template_annotations: Vec::new(),
        pod_annotations: Vec::new(),
        filled: Vec::new(),
        mark: None,
    };

    /// Finds what `mark` covers in `resource` and its pod template `pod`.
    ///
    /// # Errors
    /// As [`Node::get`].
    pub fn find(mark: &Mark, resource: &Resource<'d>, pod: Pod<'d>) -> Result<Self, YamlError> {
        let outside = Self {
            template_annotations: template_annotation::find(pod.metadata)?,
            pod_annotations: pod_annotations::find(mark, pod.template)?,
            filled: filled::find(&mark.filled, resource)?,
            mark: mark::find(resource)?,
            ..Self::default()
        };
        let spec = pod.spec;
        let preferred = affinity::find_preferred(mark, spec)?;
        // With a floor of all replicas the mark does not tell an autoscaled workload from one that
        // is pinned; what else was written does.
        let mut annotations = outside.template_annotations.iter();
        let is_divided =
            mark.floor < mark.replicas || annotations.any(|(key, _)| *key == COMPUTED_FOR_REPLICAS);
        let is_pinned = mark.covers_ordinals() || preferred.is_empty();
        Ok(Self {
            required: only_if(is_pinned, || affinity::find_required(mark, spec))?,
            preferred,
            capacity_spread: only_if(is_divided, || spread::find_over_capacity(mark, spec))?,
            soft_spreads: spread::find_soft(mark, spec)?,
            tolerations: tolerations::find(mark, spec)?,
            priority_class: priority_class::find(mark, spec)?,
            ..outside
        })
    }

    /// Looks up what [`Owned::find`] will in a run over what this one writes, so that a key that
    /// stands twice there is an error now and not then.
    ///
    /// # Errors
    /// As [`Node::get`].
    pub fn check_readable_later(pod: Pod<'d>) -> Result<(), YamlError> {
        if let Some(metadata) = pod.metadata {
            metadata.get_non_null("annotations")?;
        }
        pod.spec.pick([tolerations::LIST, priority_class::NAME])?;
        Ok(())
    }

    /// Everything of ours in the pod template.
    pub fn in_template(&self) -> Vec<Node<'d>> {
        let lists = self.required.iter().chain(&self.preferred).copied();
        let spreads = self.soft_spreads.iter().map(|(_, node)| *node);
        let tolerations = self.tolerations.iter().map(|(_, node)| *node);
        let annotations = self.template_annotations.iter().map(|(_, node)| *node);
        let configured = self.pod_annotations.iter().map(|(_, node)| *node);
        let single = [self.capacity_spread, self.priority_class];
        lists
            .chain(spreads)
            .chain(tolerations)
            .chain(annotations)
            .chain(configured)
            .chain(single.into_iter().flatten())
            .collect()
    }
}

/// What `find` finds, or nothing where it cannot be ours.
fn only_if<T: Default>(
    may_be_ours: bool,
    find: impl FnOnce() -> Result<T, YamlError>,
) -> Result<T, YamlError> {
    if may_be_ours {
        find()
    } else {
        Ok(T::default())
    }
}
