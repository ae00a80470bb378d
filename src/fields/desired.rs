//! What a workload should carry.

use std::sync::Arc;

use crate::config::{Capacity, Mode};
use crate::placement::{CapacityType, Decision, Mechanism, Placement};
use yaml_splice::{Value, YamlError};

use super::affinity_terms::{Affinity, Wish};
use super::spread::{self, Spreads};
use super::tolerations::{Tolerations, Wanted, missing};
use super::{
    Additions, Mark, OrderMark, Sharpness, Target, TemplateAnnotation, pod_annotations,
    priority_class,
};

/// Everything of a workload that is ours, as it should be. Empty where it is left alone.
#[derive(Debug, Default)]
pub struct Desired<'p> {
    /// Which nodes it is to run on.
    pub(super) nodes: Wish,
    /// How that is written; `None` where it is left alone.
    pub(super) affinity: Option<&'p Affinity>,
    /// The topology spread constraints.
    pub(super) spreads: Option<Spreads<'p>>,
    /// Tolerations beside the workload's own.
    pub tolerations: Vec<&'p Wanted>,
    /// What pods placed like this tolerate.
    pub(super) configured_tolerations: Option<&'p Tolerations>,
    /// The priority class of a pinned pod that names none.
    pub priority_class: Option<String>,
    /// The annotations of the policy for a pinned pod.
    pub pod_annotations: Vec<(&'p str, &'p str)>,
    /// The annotation on the pod template.
    pub template_annotation: Option<TemplateAnnotation>,
    /// What `spec.replicas` is to say; `None` leaves it to its owner.
    pub replicas: Option<u32>,
    /// The owner's total, remembered where `replicas` says something else.
    pub total: Option<u32>,
    /// What puts it behind its sibling.
    pub order: OrderMark,
    /// The mark.
    pub mark: Option<Mark>,
}

impl<'p> Desired<'p> {
    /// What `target` should carry by `decision`; `selector` is its `spec.selector` as a value, which
    /// is needed where its pods are spread.
    ///
    /// # Errors
    /// Where YAML makes a field ambiguous.
    pub fn of(
        target: &Target<'_, '_>,
        decision: &Decision,
        selector: Option<&'p Value>,
        additions: &'p Additions<'_>,
    ) -> Result<Self, YamlError> {
        match decision {
            Decision::Place(placement) => Self::placed(target, placement, selector, additions),
            Decision::LeaveAlone(_) => Ok(Self {
                replicas: target.replicas.wanted(),
                ..Self::default()
            }),
        }
    }

    fn placed(
        target: &Target<'_, '_>,
        placement: &Placement,
        selector: Option<&'p Value>,
        additions: &'p Additions<'_>,
    ) -> Result<Self, YamlError> {
        let Target { pod, owned, .. } = *target;
        let rest = match placement.mechanism {
            Mechanism::Sibling { rest } => rest,
            _ => None,
        };
        let configured = additions.tolerations(placement);
        let mut desired = Self {
            nodes: Wish {
                requires_on_demand: placement.requires_on_demand(),
                prefers: preferred(placement.mechanism),
            },
            affinity: Some(additions.affinity()),
            tolerations: missing(pod.spec, owned, configured)?,
            configured_tolerations: Some(configured),
            replicas: rest.or(target.replicas.wanted()),
            total: rest.and(Some(placement.replicas)),
            ..Self::default()
        };
        if placement.mechanism == Mechanism::Pinned {
            let policy = additions.policy;
            desired.priority_class = priority_class::missing(pod.spec, owned, policy)?;
            desired.pod_annotations = pod_annotations::missing(pod.template, owned, policy)?;
        }
        if let Some(selector) = selector {
            let spreads = spreads(target, placement.mechanism, selector, additions)?;
            desired.spreads = Some(spreads);
        }
        desired.template_annotation = TemplateAnnotation::of(placement);
        if let Some(order) = target.order
            && additions.puts_behind_sibling(placement)
        {
            desired.order = match additions.policy.mode {
                Mode::Check => order.behind_sibling_in_cluster(),
                Mode::Enforce => order.behind_sibling(),
            };
        }
        desired.mark = Some(desired.mark(placement, &additions.capacity));
        Ok(desired)
    }

    /// Whether the cluster's admission policy distinguishes the members.
    pub(super) fn is_by_ordinal(&self) -> bool {
        matches!(
            self.template_annotation,
            Some(TemplateAnnotation::SpotFrom(_))
        )
    }

    fn mark(&self, placement: &Placement, capacity: &Arc<Capacity>) -> Mark {
        let tolerations = self.tolerations.iter();
        let annotations = self.pod_annotations.iter();
        Mark {
            strategy: placement.strategy,
            replicas: placement.replicas,
            floor: placement.floor,
            capacity: Arc::clone(capacity),
            soft_spread: self.spreads.iter().flat_map(Spreads::soft).collect(),
            tolerations: tolerations.map(|wanted| wanted.notation.clone()).collect(),
            priority_class: self.priority_class.clone(),
            pod_annotations: annotations.map(|(key, _)| (*key).to_owned()).collect(),
            order: self.order.clone(),
            filled: Vec::new(),
        }
    }
}

fn preferred(mechanism: Mechanism) -> Option<CapacityType> {
    match mechanism {
        Mechanism::Pinned => None,
        Mechanism::Preferred(capacity)
        | Mechanism::Spread {
            prefer: capacity, ..
        } => Some(capacity),
        Mechanism::Sibling { .. } | Mechanism::Ordinals { .. } => Some(CapacityType::Spot),
    }
}

fn spreads<'p>(
    target: &Target<'_, '_>,
    mechanism: Mechanism,
    selector: &'p Value,
    additions: &'p Additions<'_>,
) -> Result<Spreads<'p>, YamlError> {
    let (capacity, sharpness) = match mechanism {
        Mechanism::Spread { max_skew, .. } => (Some(max_skew), Sharpness::Default),
        _ => (None, Sharpness::Even),
    };
    Ok(Spreads {
        capacity,
        soft: spread::missing(target.pod.spec, target.owned)?,
        sharpness,
        selector,
        constraints: &additions.constraints,
    })
}
