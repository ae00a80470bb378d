//! Which workloads get a buffer of ours, and for how many pods.

use std::collections::HashSet;

use crate::config::{Headroom, Policy};
use crate::inventory::{Inventory, Workload};
use crate::placement::{Decision, Facts, WorkloadKind};

/// What is decided about the room for what one workload loses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HeadroomChoice {
    /// None is kept: the policy asks for none, or nothing would flee to it.
    #[default]
    None,
    /// For so many pods, by a `CapacityBuffer`.
    Written(u32),
    /// None, because a Deployment of the same name and namespace has the name of the buffer.
    NameInUse,
}

impl HeadroomChoice {
    /// For how many pods room is kept.
    pub fn pods(self) -> u32 {
        match self {
            Self::Written(pods) => pods,
            Self::None | Self::NameInUse => 0,
        }
    }
}

/// What of an input matters to the buffers that `policy` asks for.
#[derive(Debug, Default)]
pub(super) struct Buffers<'d> {
    is_wanted: bool,
    /// The Deployments by namespace and name.
    deployments: HashSet<(&'d str, &'d str)>,
}

impl<'d> Buffers<'d> {
    pub fn of(inventory: &Inventory<'d>, policy: &Policy) -> Self {
        if policy.headroom == Headroom::None {
            return Self::default();
        }
        let workloads = inventory.workloads.iter();
        let deployments = workloads.filter(|it| it.kind == WorkloadKind::Deployment);
        Self {
            is_wanted: true,
            deployments: deployments.map(identity).collect(),
        }
    }

    /// The room for `workload`, about which `decision` was made: that of an autoscaled one from its
    /// minimum or its maximum, as the floor.
    pub fn choose(
        &self,
        workload: &Workload<'_>,
        facts: &Facts,
        decision: &Decision,
    ) -> HeadroomChoice {
        let pods = match decision {
            Decision::Place(placement) if self.is_wanted => placement.headroom(facts.basis),
            _ => 0,
        };
        let is_set = workload.kind == WorkloadKind::StatefulSet;
        match pods {
            0 => HeadroomChoice::None,
            _ if is_set && self.deployments.contains(&identity(workload)) => {
                HeadroomChoice::NameInUse
            }
            pods => HeadroomChoice::Written(pods),
        }
    }
}

fn identity<'d>(workload: &Workload<'d>) -> (&'d str, &'d str) {
    let resource = &workload.resource;
    (resource.effective_namespace(), resource.name)
}
