//! What one step did to one workload.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::approach::Approach;
use crate::audit::Audited;
use crate::census::{Count, Nodes};
use crate::guarantee::{Guarantee, Moment};
use crate::workload::{AntiAffinity, Case, Kind};

/// What a step must show beyond being measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Expect {
    /// The minimum holds, every replica runs, F of them on on-demand and the rest on spot.
    Exact,
    /// The minimum holds and every replica runs.
    Running,
    /// Every replica runs, and once settled the floor stands again.
    Settled,
    /// Every replica runs, and what a filter enforces holds; pods that preferred another kind of node stay there.
    RunningHard,
    /// `Running`, but only where a filter enforces all of the floor; the docs promise nothing for `spread`.
    RunningWithoutSpread,
    /// The minimum holds for Deployments with a base of their own. A StatefulSet deletes a pod before it makes the
    /// next one, so a competitor of the same priority can take its room.
    MinimumWithBase,
    /// The minimum holds; a volume or an anti-affinity of the owner's own may leave replicas Pending, as it would
    /// without the function.
    Minimum,
    /// The docs promise nothing here; it is measured and shown.
    Nothing,
}

/// The whole workload during a step, wherever its replicas run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Availability {
    /// The fewest ready replicas at any instant.
    pub lowest: u32,
    /// Ready replicas that were missing, times the seconds for which they were.
    pub missing_seconds: f64,
    /// Replicas without a node, times the seconds for which they were.
    pub pending_seconds: f64,
}

/// One measurement.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Record {
    /// Kubernetes version, for example `v1.36.3`.
    pub version: String,
    /// How the pods were placed.
    pub approach: Approach,
    /// The nodes, for example `3+6`.
    pub layout: String,
    /// Name of the course of events.
    pub course: String,
    /// What happened.
    pub step: String,
    /// The workload.
    pub case: Case,
    /// The pods once everything had settled.
    pub count: Count,
    /// The fewest ready pods on on-demand nodes during the step.
    pub minimum: u32,
    /// The whole workload during the step.
    pub availability: Availability,
    /// The nodes at the end of the step, and those that came during it.
    pub nodes: Nodes,
    /// What the function reported; nothing for the other approaches.
    pub guarantee: Option<Guarantee>,
    /// What the function's `audit` said of the cluster at that moment.
    pub audit: Option<Audited>,
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
            Expect::Exact
            | Expect::Running
            | Expect::Settled
            | Expect::RunningHard
            | Expect::Minimum => true,
            Expect::RunningWithoutSpread => guarantee.strategy() != "spread",
            Expect::MinimumWithBase => {
                guarantee.strategy() != "spread" && self.case.kind == Kind::Deployment
            }
            Expect::Nothing => false,
        };
        promised.then_some(guarantee)
    }

    /// The ready replicas of the whole workload that must never be undercut: what a plain rollout keeps, wherever
    /// the step is no more than a rollout; one of several, where a budget of ours lets one go at a time.
    pub fn promised_ready(&self) -> Option<u32> {
        if self.moment == Moment::SlowedOnDemandNodes && self.case.replicas > 1 {
            let guarantee = self.promise()?;
            return Some(guarantee.at(self.moment).max(1));
        }
        let replaced = matches!(
            self.moment,
            Moment::Rollout | Moment::Adoption | Moment::Leaving
        );
        let counts = replaced
            && !self.case.autoscaled
            && !matches!(self.expect, Expect::MinimumWithBase | Expect::Minimum);
        (counts && self.promise().is_some()).then(|| self.case.kept_by_rollout())
    }

    /// The broken promises of this step, in words.
    pub fn broken(&self) -> Vec<String> {
        let place = format!(
            "{} {} {}, {}",
            self.layout,
            self.course,
            self.step,
            self.case.name()
        );
        let by_promise = self.promise().map(|guarantee| {
            [
                self.too_few_on_demand(guarantee),
                self.too_few_ready(),
                self.too_many_pending(),
                self.wrong_split(guarantee),
            ]
        });
        by_promise
            .into_iter()
            .flatten()
            .chain([self.wrong_audit()])
            .flatten()
            .map(|what| format!("{} {place}: {what}", self.approach.name))
            .collect()
    }

    /// What `audit` has to say: what the watch counted, and the floor that stands in the mark.
    fn expected_audit(&self) -> Audited {
        let marked = self.moment != Moment::Leaving;
        let guarantee = self.guarantee.as_ref().filter(|_| marked);
        let floor = guarantee.map(Guarantee::floor);
        Audited {
            on_demand: self.count.on_demand,
            spot: self.count.spot,
            elsewhere: 0,
            floor,
            holds: floor
                .filter(|floor| *floor > 0)
                .map(|floor| self.count.on_demand >= floor),
        }
    }

    fn wrong_audit(&self) -> Option<String> {
        let (said, seen) = (self.audit?, self.expected_audit());
        (said != seen).then(|| format!("audit said {said:?}, and what was seen is {seen:?}"))
    }

    /// An anti-affinity of the chart's own outvotes the preference of `spread`, which the function warns of: then only
    /// what the filter enforces is promised.
    fn is_outvoted(&self, guarantee: &Guarantee) -> bool {
        guarantee.strategy() == "spread" && self.case.anti_affinity != AntiAffinity::None
    }

    fn too_few_on_demand(&self, guarantee: &Guarantee) -> Option<String> {
        let promised = match self.expect {
            _ if self.is_outvoted(guarantee) => guarantee.outvoted_at(self.moment),
            Expect::RunningHard => guarantee.hard(),
            _ => guarantee.at(self.moment),
        };
        let (lowest, promised) = match self.expect {
            Expect::Settled => (self.count.on_demand, guarantee.at(Moment::Nodes)),
            _ => (self.minimum, promised),
        };
        (lowest < promised).then(|| {
            format!("only {lowest} ready on on-demand at the lowest point, promised {promised}")
        })
    }

    fn too_few_ready(&self) -> Option<String> {
        let (lowest, promised) = (self.availability.lowest, self.promised_ready()?);
        (lowest < promised)
            .then(|| format!("only {lowest} ready in all at the lowest point, promised {promised}"))
    }

    fn too_many_pending(&self) -> Option<String> {
        let pending = self.count.pending;
        let allowed =
            pending == 0 || matches!(self.expect, Expect::MinimumWithBase | Expect::Minimum);
        (!allowed).then(|| format!("{pending} Pending, promised none"))
    }

    fn wrong_split(&self, guarantee: &Guarantee) -> Option<String> {
        let (count, wanted) = (self.count, guarantee.on_demand());
        let exact = self.expect == Expect::Exact && !self.is_outvoted(guarantee);
        let wrong = exact && count.on_demand != wanted;
        wrong.then(|| {
            format!(
                "{} on on-demand and {} on spot, promised {wanted} on on-demand",
                count.on_demand, count.spot
            )
        })
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
        let Availability {
            lowest,
            missing_seconds,
            pending_seconds,
        } = self.availability;
        let (approach, workload) = (self.approach.name, self.case.name());
        write!(
            f,
            "{version} {approach} {course} {layout} | {step} | {workload} | "
        )?;
        write!(
            f,
            "on-demand {on_demand}, spot {spot}, Pending {pending}, fewest on on-demand {minimum}, fewest ready {lowest}, \
             missing {missing_seconds:.1} s, Pending {pending_seconds:.1} s"
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

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::json;

    use super::*;
    use crate::approach::DEFAULTS;

    /// A StatefulSet of 5 after the loss of every spot node.
    pub fn record() -> Record {
        let mark = json!({
            "kind": "StatefulSet",
            "metadata": {"name": "statefulset-5", "annotations": {
                crate::guarantee::MARK: "strategy=ordinals replicas=5 floor=3",
            }},
        });
        Record {
            version: "v1.36.3".to_owned(),
            approach: DEFAULTS,
            layout: "3+6".to_owned(),
            course: "life".to_owned(),
            step: "all spot nodes lost".to_owned(),
            case: Case::stateful_set(5),
            count: Count {
                on_demand: 5,
                ..Count::default()
            },
            minimum: 3,
            availability: Availability {
                lowest: 3,
                ..Availability::default()
            },
            nodes: Nodes::default(),
            guarantee: Some(Guarantee::of(&mark).unwrap().with_policy(true)),
            audit: Some(Audited {
                on_demand: 5,
                floor: Some(3),
                holds: Some(true),
                ..Audited::default()
            }),
            moment: Moment::Nodes,
            expect: Expect::Running,
        }
    }

    #[test]
    fn a_kept_promise_is_not_broken() {
        assert_eq!(record().broken(), Vec::<String>::new());
    }

    #[test]
    fn a_member_too_few_is_noticed() {
        let broken = Record {
            minimum: 2,
            ..record()
        };
        assert_eq!(broken.broken().len(), 1);
    }

    #[test]
    fn an_audit_that_says_something_else_is_noticed() {
        let said = record().audit.unwrap();
        let wrong = [
            Audited {
                on_demand: 4,
                ..said
            },
            Audited { spot: 1, ..said },
            Audited {
                elsewhere: 1,
                ..said
            },
            Audited {
                floor: Some(2),
                ..said
            },
            Audited {
                holds: Some(false),
                ..said
            },
        ];
        for said in wrong {
            let record = Record {
                audit: Some(said),
                ..record()
            };
            assert_eq!(record.broken().len(), 1, "{said:?}");
        }
    }
}
