//! What a workload should carry.

use crate::config::Capacity;
use crate::placement::{CapacityType, Decision, Mechanism, Placement};
use yaml_splice::{Value, YamlError};

use super::affinity::Affinity;
use super::tolerations::{Wanted, missing};
use super::{
    Additions, Mark, OrderMark, Sharpness, SoftSpread, Target, TemplateAnnotation, pod_annotations,
    priority_class,
};

/// Everything of a workload that is ours, as it should be. Empty where it is left alone.
#[derive(Debug, Default)]
pub struct Desired<'p> {
    /// What requires on-demand nodes, where it is required to run there.
    pub(super) required: Option<&'p Affinity>,
    /// The terms that are preferred with weight 100.
    pub preferred: &'p [Value],
    /// The constraint over the capacity key.
    pub capacity_spread: Option<Value>,
    /// Soft spreading over zones and nodes.
    pub soft_spreads: Vec<(SoftSpread, Value)>,
    /// Tolerations beside the workload's own.
    pub tolerations: Vec<&'p Wanted>,
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
        selector: Option<&Value>,
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
        selector: Option<&Value>,
        additions: &'p Additions<'_>,
    ) -> Result<Self, YamlError> {
        let Target { pod, owned, .. } = *target;
        let rest = match placement.mechanism {
            Mechanism::Sibling { rest } => rest,
            _ => None,
        };
        let preferred = preferred(placement.mechanism);
        let mut desired = Self {
            preferred: preferred.map_or(&[], |capacity| additions.affinity.preferred(capacity)),
            replicas: rest.or(target.replicas.wanted()),
            total: rest.and(Some(placement.replicas)),
            ..Self::default()
        };
        desired.tolerations = missing(pod.spec, owned, additions.tolerations(placement))?;
        if placement.requires_on_demand() {
            desired.required = Some(&additions.affinity);
        }
        if placement.mechanism == Mechanism::Pinned {
            let policy = additions.policy;
            desired.priority_class = priority_class::missing(pod.spec, owned, policy)?;
            desired.pod_annotations = pod_annotations::missing(pod.template, owned, policy)?;
        }
        if let Some(selector) = selector {
            desired.spread(target, placement.mechanism, selector, additions)?;
        }
        desired.template_annotation = TemplateAnnotation::of(placement);
        if let Some(order) = target.order
            && additions.puts_behind_sibling(placement)
        {
            desired.order = order.behind_sibling();
        }
        desired.mark = Some(desired.mark(placement, &additions.policy.capacity));
        Ok(desired)
    }

    /// Whether the cluster's admission policy distinguishes the members.
    pub(super) fn is_by_ordinal(&self) -> bool {
        matches!(
            self.template_annotation,
            Some(TemplateAnnotation::SpotFrom(_))
        )
    }

    fn spread(
        &mut self,
        target: &Target<'_, '_>,
        mechanism: Mechanism,
        selector: &Value,
        additions: &Additions<'_>,
    ) -> Result<(), YamlError> {
        let Target { pod, owned, .. } = *target;
        let constraints = &additions.constraints;
        let sharpness = match mechanism {
            Mechanism::Spread { max_skew, .. } => {
                let constraint = constraints.over_capacity(pod.kind, selector, max_skew);
                self.capacity_spread = Some(constraint);
                Sharpness::Default
            }
            _ => Sharpness::Even,
        };
        self.soft_spreads = constraints.soft(pod.spec, owned, selector, sharpness)?;
        Ok(())
    }

    fn mark(&self, placement: &Placement, capacity: &Capacity) -> Mark {
        let tolerations = self.tolerations.iter();
        let annotations = self.pod_annotations.iter();
        Mark {
            strategy: placement.strategy,
            replicas: placement.replicas,
            floor: placement.floor,
            capacity: capacity.clone(),
            soft_spread: self.soft_spreads.iter().map(|(soft, _)| *soft).collect(),
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
