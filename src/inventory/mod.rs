//! What the input holds: workloads with their facts, and what belongs to which. Nothing is decided
//! here.

mod classify;
mod company;
mod int_or_percent;
mod members;
mod own_pods;
mod per_workload;
mod related;
mod rolling;
mod rollout_problems;
mod selector;
mod shape;
mod shared_pods;
mod standing;
mod variable_keys;
mod workload;

pub use classify::{Class, classify};
pub use company::Company;
pub use int_or_percent::IntOrPercent;
pub use per_workload::{PerWorkload, WorkloadId};
pub use related::{
    Budget, Companions, Coverage, Covered, Limit, MayConcern, Neighbourhood, Related,
    attached_by_one_node, mounted_claims, namespace_variable, read_autoscaler,
};
pub use rolling::{Exclusive, Rollout};
pub use workload::Workload;

use std::collections::BTreeMap;

use crate::findings::Finding;
use crate::krm::{Input, ResourceId};
use crate::placement::Exclusion;

/// The workloads of an input.
pub type Workloads<'d> = PerWorkload<Workload<'d>>;

/// Everything that is known before anything is decided.
#[derive(Debug)]
pub struct Inventory<'d> {
    /// The input.
    pub input: Input<'d>,
    /// Its workloads.
    pub workloads: Workloads<'d>,
    /// What belongs to which.
    pub related: Related<'d>,
    /// Workloads that are left alone because of what they are.
    pub left_alone: Vec<(ResourceId, Exclusion)>,
}

impl<'d> Inventory<'d> {
    /// Reads the facts of `input`.
    ///
    /// # Errors
    /// A finding for everything that cannot be read.
    pub fn read(input: Input<'d>) -> Result<Self, Vec<Finding>> {
        let mut workloads = Vec::with_capacity(input.resources.len());
        let mut made = BTreeMap::new();
        let mut left_alone = Vec::new();
        let mut errors = Vec::new();
        // Few are errors, and a finding takes much more room than a class.
        let classes = input.map(|id, resource| classify(id, resource).map_err(Box::new));
        for ((id, resource), class) in input.enumerate().zip(classes) {
            match class {
                Ok(Class::Workload(workload)) => workloads.push(*workload),
                Ok(Class::Companion(companion)) => drop(made.insert(id, companion)),
                Ok(Class::LeftAlone(exclusion)) => left_alone.push((id, exclusion)),
                Ok(Class::Other) => {}
                Err(finding) => errors.push(finding.about(resource)),
            }
        }
        let mut workloads = workloads.into_iter().collect();
        let related = Related::find(&input, &workloads, &made).unwrap_or_else(|findings| {
            errors.extend(findings);
            Related::default()
        });
        recall_totals(&mut workloads, &related);
        if errors.is_empty() {
            Ok(Self {
                input,
                workloads,
                related,
                left_alone,
            })
        } else {
            Err(errors)
        }
    }
}

/// Only what is autoscaled is known by what belongs to it.
fn recall_totals(workloads: &mut Workloads<'_>, related: &Related<'_>) {
    for (id, workload) in workloads.enumerate_mut() {
        if !related.ranges.contains_key(&id) {
            workload.recall_total();
        }
    }
}
