//! What a workload should carry.

use k8s_openapi::api::core::v1::{Toleration, TopologySpreadConstraint};

use crate::config::{Capacity, Policy};
use crate::placement::{CapacityType, Decision, Form, Placement};
use crate::workload::{Mark, SoftSpread, Workload, covers, notation};
use crate::yaml::{Node, YamlError, decode};

use super::spread;

/// Everything of a workload that is ours, as it should be. Empty where it is left alone.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Desired {
    /// The label of the nodes.
    pub capacity: Capacity,
    /// Required to run on on-demand nodes.
    pub pinned: bool,
    /// Preferred with weight 100.
    pub preferred: Option<CapacityType>,
    /// The constraint over the capacity key.
    pub capacity_spread: Option<TopologySpreadConstraint>,
    /// The default soft spreading that is put back.
    pub soft_spreads: Vec<(SoftSpread, TopologySpreadConstraint)>,
    /// Tolerations beside the workload's own.
    pub tolerations: Vec<Toleration>,
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

impl Desired {
    /// What `workload` should carry by `decision`.
    ///
    /// # Errors
    /// As [`Node::get`].
    pub fn of(
        workload: &Workload<'_>,
        decision: &Decision,
        policy: &Policy,
    ) -> Result<Self, YamlError> {
        let declared = workload.declared.clone().unwrap_or_default();
        match decision {
            Decision::Place(placement) => Self::placed(workload, placement, policy),
            Decision::LeaveAlone(_) => Ok(Self {
                replicas: declared,
                ..Self::default()
            }),
        }
    }

    fn placed(
        workload: &Workload<'_>,
        placement: &Placement,
        policy: &Policy,
    ) -> Result<Self, YamlError> {
        let declared = workload.declared.clone().unwrap_or_default();
        let rest = match placement.form {
            Form::Sibling { rest } => rest,
            _ => None,
        };
        let mut desired = Self {
            capacity: policy.capacity.clone(),
            pinned: placement.form == Form::Pinned,
            preferred: preferred(placement.form),
            tolerations: tolerations(workload, placement, policy)?,
            replicas: rest.or(declared),
            total: rest.and(Some(placement.replicas)),
            ..Self::default()
        };
        if desired.pinned {
            desired.priority_class = priority_class(workload, policy)?;
        }
        if let Form::Spread { max_skew, .. } = placement.form {
            let selector = workload.selector();
            let constraint = spread::over_capacity(workload, &selector, max_skew, policy);
            desired.capacity_spread = Some(constraint);
            desired.soft_spreads = spread::soft(workload, &selector)?;
            desired.computed_for = Some(placement.replicas);
        }
        desired.mark = Some(desired.mark(placement));
        Ok(desired)
    }

    fn mark(&self, placement: &Placement) -> Mark {
        Mark {
            strategy: placement.strategy,
            replicas: placement.replicas,
            floor: placement.floor,
            capacity: self.capacity.clone(),
            soft_spread: self.soft_spreads.iter().map(|(soft, _)| *soft).collect(),
            tolerations: self.tolerations.iter().map(notation).collect(),
            priority_class: self.priority_class.clone(),
        }
    }
}

fn preferred(form: Form) -> Option<CapacityType> {
    match form {
        Form::Pinned => None,
        Form::Preferred(capacity)
        | Form::Spread {
            prefer: capacity, ..
        } => Some(capacity),
        Form::Sibling { .. } => Some(CapacityType::Spot),
    }
}

/// The taints that the node lifecycle controller puts on a node that is gone.
const NODE_LOSS_TAINTS: [&str; 2] = [
    "node.kubernetes.io/not-ready",
    "node.kubernetes.io/unreachable",
];

/// What pods that may run on spot tolerate, without what they tolerate by themselves.
fn tolerations(
    workload: &Workload<'_>,
    placement: &Placement,
    policy: &Policy,
) -> Result<Vec<Toleration>, YamlError> {
    if !placement.may_run_on_spot() {
        return Ok(Vec::new());
    }
    let node_loss = policy
        .node_loss_toleration_seconds
        .into_iter()
        .flat_map(|seconds| {
            NODE_LOSS_TAINTS.map(|taint| Toleration {
                key: Some(taint.to_owned()),
                operator: Some("Exists".to_owned()),
                effect: Some("NoExecute".to_owned()),
                toleration_seconds: Some(seconds),
                ..Toleration::default()
            })
        });
    let own = own_tolerations(workload)?;
    let configured = policy.spot_tolerations.iter().cloned().chain(node_loss);
    let mut wanted: Vec<Toleration> = Vec::new();
    for toleration in configured {
        let is_known = |known: &Toleration| notation(known) == notation(&toleration);
        if !own.iter().any(|own| covers(own, &toleration)) && !wanted.iter().any(is_known) {
            wanted.push(toleration);
        }
    }
    Ok(wanted)
}

fn own_tolerations(workload: &Workload<'_>) -> Result<Vec<Toleration>, YamlError> {
    let ours: Vec<_> = workload
        .owned
        .tolerations
        .iter()
        .map(|(_, node)| *node)
        .collect();
    let listed = workload
        .pod
        .at(&["tolerations"])?
        .into_iter()
        .flat_map(Node::items);
    Ok(listed
        .filter(|node| !ours.contains(node))
        .filter_map(|node| decode(node).ok())
        .collect())
}

/// The configured class, where the pod names none of its own.
fn priority_class(workload: &Workload<'_>, policy: &Policy) -> Result<Option<String>, YamlError> {
    let own = workload.pod.present("priorityClassName")?;
    // A pod with a number of its own is refused where a class says another.
    let number = workload.pod.present("priority")?.is_some();
    let is_own = number || (own.is_some() && own != workload.owned.priority_class);
    Ok(policy
        .on_demand_priority_class_name
        .clone()
        .filter(|_| !is_own))
}
