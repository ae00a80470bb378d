//! What a workload should carry.

use crate::config::{Capacity, Policy};
use crate::placement::{CapacityType, Decision, Mechanism, Placement};
use crate::results::Finding;
use crate::workload::{Mark, SoftSpread, Workload};
use yaml_splice::{Value, YamlError};

use super::Additions;
use super::affinity::Affinity;
use super::tolerations::{Wanted, missing};

/// Everything of a workload that is ours, as it should be. Empty where it is left alone.
#[derive(Debug, Default)]
pub struct Desired<'p> {
    /// What requires on-demand nodes, where it is required to run there.
    pub(super) required: Option<&'p Affinity>,
    /// The term that is preferred with weight 100.
    pub preferred: Option<&'p Value>,
    /// The constraint over the capacity key.
    pub capacity_spread: Option<Value>,
    /// The default soft spreading that is put back.
    pub soft_spreads: Vec<(SoftSpread, Value)>,
    /// Tolerations beside the workload's own.
    pub tolerations: Vec<&'p Wanted>,
    /// The priority class of a pinned pod that names none.
    pub priority_class: Option<String>,
    /// The replicas that the topology spread was computed for.
    pub computed_for: Option<u32>,
    /// What `spec.replicas` is to say; `None` leaves it to its owner.
    pub replicas: Option<u32>,
    /// The owner's total, remembered where `replicas` says something else.
    pub total: Option<u32>,
    /// The mark.
    pub mark: Option<Mark>,
}

impl<'p> Desired<'p> {
    /// What `workload` should carry by `decision`.
    ///
    /// # Errors
    /// A finding where YAML makes a field ambiguous.
    pub fn of(
        workload: &Workload<'_>,
        decision: &Decision,
        additions: &'p Additions<'_>,
    ) -> Result<Self, Finding> {
        let declared = workload.declared.clone().unwrap_or_default();
        match decision {
            Decision::Place(placement) => Self::placed(workload, placement, additions),
            Decision::LeaveAlone(_) => Ok(Self {
                replicas: declared,
                ..Self::default()
            }),
        }
    }

    fn placed(
        workload: &Workload<'_>,
        placement: &Placement,
        additions: &'p Additions<'_>,
    ) -> Result<Self, Finding> {
        let declared = workload.declared.clone().unwrap_or_default();
        let rest = match placement.mechanism {
            Mechanism::Sibling { rest } => rest,
            _ => None,
        };
        let mut desired = Self {
            preferred: preferred(placement.mechanism)
                .map(|capacity| additions.affinity.preferred(capacity)),
            replicas: rest.or(declared),
            total: rest.and(Some(placement.replicas)),
            ..Self::default()
        };
        if placement.may_run_on_spot() {
            desired.tolerations = missing(workload, &additions.tolerations)?;
        }
        if placement.mechanism == Mechanism::Pinned {
            desired.required = Some(&additions.affinity);
            desired.priority_class = priority_class(workload, additions.policy)?;
        }
        if let Mechanism::Spread { max_skew, .. } = placement.mechanism {
            let selector = workload.selector()?;
            let constraints = &additions.constraints;
            let constraint = constraints.over_capacity(workload.kind, &selector, max_skew);
            desired.capacity_spread = Some(constraint);
            desired.soft_spreads = constraints.soft(workload, &selector)?;
            desired.computed_for = Some(placement.replicas);
        }
        desired.mark = Some(desired.mark(placement, &additions.policy.capacity));
        Ok(desired)
    }

    fn mark(&self, placement: &Placement, capacity: &Capacity) -> Mark {
        let tolerations = self.tolerations.iter();
        Mark {
            strategy: placement.strategy,
            replicas: placement.replicas,
            floor: placement.floor,
            capacity: capacity.clone(),
            soft_spread: self.soft_spreads.iter().map(|(soft, _)| *soft).collect(),
            tolerations: tolerations.map(|wanted| wanted.notation.clone()).collect(),
            priority_class: self.priority_class.clone(),
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
        Mechanism::Sibling { .. } => Some(CapacityType::Spot),
    }
}

/// The configured class, where the pod names none of its own.
fn priority_class(workload: &Workload<'_>, policy: &Policy) -> Result<Option<String>, YamlError> {
    let own = workload.pod.get_non_null("priorityClassName")?;
    // A pod with a number of its own is refused where a class says another.
    let number = workload.pod.get_non_null("priority")?.is_some();
    let is_own = number || (own.is_some() && own != workload.owned.priority_class);
    Ok(policy
        .on_demand_priority_class_name
        .clone()
        .filter(|_| !is_own))
}
