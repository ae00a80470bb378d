//! What a cluster comes to that has no admission policy: all members of the `StatefulSet`s that are
//! placed by ordinal are pinned to on-demand nodes.

use crate::report::text::counted;

use super::text::{need, saves};
use super::{Plan, Row, Totals};

/// The totals of such a cluster.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WithoutPolicy {
    /// The workloads whose members the policy lets go to spot nodes.
    pub workloads: u64,
    /// All workloads, each at its replicas or its autoscaler's minimum.
    pub totals: Totals,
}

impl Row {
    /// Whether a replica runs on spot nodes only because of the admission policy.
    pub fn needs_policy(&self) -> bool {
        self.without_policy != self.at_minimum
    }
}

/// What the policy is worth, in a sentence or two; `None` where no workload needs it.
pub fn without_policy(plan: &Plan) -> Option<String> {
    let WithoutPolicy { workloads, totals } = &plan.without_policy;
    let (subject, their) = match workloads {
        0 => return None,
        1 => ("1 StatefulSet rests".to_owned(), "its"),
        many => (format!("{} rest", counted(*many, "StatefulSet")), "their"),
    };
    let saving = totals.cost.saving();
    let saving = saving.map(|saving| format!(", and the whole {}", saves(saving)));
    Some(format!(
        "{subject} on the cluster's admission policy: without it all {their} members must run on on-demand nodes, \
         which then hold {} in ordinary times{}. While a member below the floor is itself rolled out, one less is ready.",
        need(&totals.room.ordinary),
        saving.unwrap_or_default()
    ))
}
