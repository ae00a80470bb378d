//! What one step did to one workload.

use std::fmt;

use crate::approach::Approach;
use crate::census::Count;
use crate::guarantee::{Guarantee, Moment};
use crate::workload::{Case, Kind};

/// What a step must show beyond being measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// The minimum holds, every replica runs, F of them on on-demand and the rest on spot.
    Exact,
    /// The minimum holds and every replica runs.
    Running,
    /// Every replica runs, and what a filter enforces holds; pods that preferred another kind of node stay there.
    RunningHard,
    /// `Running`, but only for what has a base of its own; the docs promise nothing for `spread`.
    RunningWithBase,
    /// The minimum holds for Deployments with a base of their own. A StatefulSet deletes a pod before it makes the
    /// next one, so a competitor of the same priority can take its room.
    MinimumWithBase,
    /// The docs promise nothing here; it is measured and shown.
    Nothing,
}

/// One measurement.
#[derive(Debug, Clone)]
pub struct Record {
    /// Kubernetes version, for example `v1.36.3`.
    pub version: String,
    /// How the pods were placed.
    pub approach: Approach,
    /// The nodes, for example `3+6`.
    pub layout: String,
    /// Name of the course of events.
    pub course: &'static str,
    /// What happened.
    pub step: &'static str,
    /// The workload.
    pub case: Case,
    /// The pods once everything had settled.
    pub count: Count,
    /// The fewest ready pods on on-demand nodes during the step.
    pub minimum: u32,
    /// What the function reported; nothing for the other approaches.
    pub guarantee: Option<Guarantee>,
    /// What the step may undercut.
    pub moment: Moment,
    /// What else is promised.
    pub expect: Expect,
}

impl Record {
    /// What is promised, unless the docs promise nothing for this step.
    pub fn promise(&self) -> Option<&Guarantee> {
        let guarantee = self.guarantee.as_ref()?;
        let promised = match self.expect {
            Expect::Exact | Expect::Running | Expect::RunningHard => true,
            Expect::RunningWithBase => guarantee.strategy() != "spread",
            Expect::MinimumWithBase => {
                guarantee.strategy() != "spread" && self.case.kind == Kind::Deployment
            }
            Expect::Nothing => false,
        };
        promised.then_some(guarantee)
    }

    /// The broken promises of this step, in words.
    pub fn broken(&self) -> Vec<String> {
        let Some(guarantee) = self.promise() else {
            return Vec::new();
        };
        let promised = match self.expect {
            Expect::RunningHard => guarantee.hard(),
            _ => guarantee.at(self.moment),
        };
        let Count {
            on_demand,
            spot,
            pending,
        } = self.count;
        let mut broken = Vec::new();
        if self.minimum < promised {
            broken.push(format!(
                "only {} ready on on-demand at the lowest point, promised {promised}",
                self.minimum
            ));
        }
        if pending > 0 && self.expect != Expect::MinimumWithBase {
            broken.push(format!("{pending} Pending, promised none"));
        }
        if self.expect == Expect::Exact && on_demand != guarantee.on_demand() {
            let wanted = guarantee.on_demand();
            broken.push(format!(
                "{on_demand} on on-demand and {spot} on spot, promised {wanted} on on-demand"
            ));
        }
        let place = format!("{} {}, {}", self.layout, self.step, self.case.name());
        broken
            .into_iter()
            .map(|what| format!("{place}: {what}"))
            .collect()
    }
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            version,
            layout,
            course,
            step,
            minimum,
            ..
        } = self;
        let Count {
            on_demand,
            spot,
            pending,
        } = self.count;
        let (approach, workload) = (self.approach.name, self.case.name());
        write!(
            f,
            "{version} {approach} {course} {layout} | {step} | {workload} | "
        )?;
        write!(
            f,
            "on-demand {on_demand}, spot {spot}, Pending {pending}, fewest {minimum}"
        )?;
        match &self.guarantee {
            Some(guarantee) => write!(
                f,
                ", promised {} ({} hard)",
                guarantee.at(self.moment),
                guarantee.hard()
            ),
            None => Ok(()),
        }
    }
}
