//! What one step did to one workload.

use std::fmt;

use crate::approach::Approach;
use crate::census::Count;
use crate::guarantee::{Guarantee, Moment};
use crate::workload::{Case, Kind};

/// Which part of a promise a step looks at beyond the minimum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// Only the minimum.
    Minimum,
    /// Only the minimum, and only of Deployments: a StatefulSet deletes a pod before it makes the next one, so a
    /// competitor without a lower priority can take its room.
    MinimumOfDeployments,
    /// Every replica runs.
    Running,
    /// Every replica runs under the strategy `floor`; other strategies leave pods Pending, and say so.
    RunningWithFloor,
    /// Every replica runs, F of them on on-demand and the rest on spot.
    Exact,
    /// Nothing; the docs promise nothing here, it is measured and shown.
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
    /// The broken promises of this step, in words.
    pub fn broken(&self) -> Vec<String> {
        let Some(guarantee) = &self.guarantee else {
            return Vec::new();
        };
        let exempt =
            self.expect == Expect::MinimumOfDeployments && self.case.kind == Kind::StatefulSet;
        if self.expect == Expect::Nothing || exempt {
            return Vec::new();
        }
        let promised = guarantee.at(self.moment);
        let mut broken = Vec::new();
        if self.minimum < promised {
            broken.push(format!(
                "only {} ready on on-demand at the lowest point, promised {promised}",
                self.minimum
            ));
        }
        if self.count.pending > 0 && self.must_run(guarantee) {
            broken.push(format!("{} Pending, promised none", self.count.pending));
        }
        if self.expect == Expect::Exact && self.count.on_demand != guarantee.on_demand() {
            let Count {
                on_demand, spot, ..
            } = self.count;
            broken.push(format!(
                "{on_demand} on on-demand and {spot} on spot, promised {}",
                guarantee.on_demand()
            ));
        }
        let place = format!("{} {}, {}", self.layout, self.step, self.case.name());
        broken
            .into_iter()
            .map(|what| format!("{place}: {what}"))
            .collect()
    }

    fn must_run(&self, guarantee: &Guarantee) -> bool {
        match self.expect {
            Expect::Running | Expect::Exact => true,
            Expect::RunningWithFloor => guarantee.strategy() == "floor",
            Expect::Minimum | Expect::MinimumOfDeployments | Expect::Nothing => false,
        }
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
