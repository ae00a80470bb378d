//! What the plan says about one workload.

use std::fmt;

use crate::config::Origin;
use crate::findings::{Code, ObjectRef};
use crate::placement::{Placement, Range, Strategy};
use crate::requests::PodRequests;
use crate::room::{Constraints, Reach};
use crate::run::Limit;

use super::{Fate, Figures, Room};

/// Where an object stands in a plan: by namespace, name, kind and file.
pub type Place<'p> = (Option<&'p str>, &'p str, &'p str, Option<&'p str>);

/// The place of `subject`.
pub fn place(subject: &ObjectRef) -> Place<'_> {
    let ObjectRef {
        kind,
        name,
        namespace,
        file,
        ..
    } = subject;
    (namespace.as_deref(), name, kind, file.as_deref())
}

/// One workload.
#[derive(Debug, Clone)]
pub struct Row {
    /// The workload, with its file where the input gives one.
    pub subject: ObjectRef,
    /// What is decided about it.
    pub verdict: Verdict,
    /// The figures at R: the replicas, or the autoscaler's minimum.
    pub at_minimum: Figures,
    /// The autoscaler's maximum, if there is an autoscaler.
    pub maximum: Option<Maximum>,
    /// The figures at R on a cluster without the admission policy.
    pub without_policy: Figures,
    /// The figures of the manifests as they are now, at R.
    pub now: Figures,
    /// The same at the most replicas that are known of.
    pub now_at_maximum: Figures,
    /// What one pod requests.
    pub requests: PodRequests,
    /// What one pod requires of its node by itself.
    pub constraints: Constraints,
    /// Whether its pods may run on on-demand nodes when there are no others.
    pub may_move: bool,
    /// Whether another workload has the same kind, namespace and name, in another file.
    pub is_namesake: bool,
    /// The pods for which a buffer keeps room on on-demand nodes.
    pub reserved: u32,
    /// Whether the function would change its manifests.
    pub changes: bool,
    /// The warnings about it, as indices of the plan's warnings. One about a budget stands with
    /// every workload that the budget covers.
    pub warnings: Vec<usize>,
}

/// What is decided about a workload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is placed.
    Placed {
        /// The strategy.
        strategy: Strategy,
        /// Who chose it.
        origin: Origin,
    },
    /// It is left alone.
    LeftAlone {
        /// The code of the reason.
        code: Code,
        /// The reason in words.
        why: String,
    },
    /// Nothing is known about it: its manifest is incomplete, invalid or filled in later.
    Unknown {
        /// The code of the reason.
        code: Code,
        /// The reason in words.
        why: String,
    },
}

/// How far an autoscaler may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Maximum {
    /// The figures at its maximum.
    At(Figures),
    /// It does not say; the figures at a number far above the minimum show which of them depend on
    /// it.
    Unknown(Figures),
}

impl Maximum {
    /// The maximum of `range`, with the figures that `figures` gives for a number of replicas.
    pub fn of(range: Range, figures: impl Fn(u32) -> Figures) -> Self {
        match range.max {
            // Kubernetes rejects a maximum below the minimum.
            Some(max) => Self::At(figures(max.max(range.min))),
            None => Self::Unknown(figures(range.min.saturating_mul(100))),
        }
    }
}

/// What runs where, at the minimum and the maximum.
#[derive(Debug, Clone, Copy)]
pub enum Running<'p> {
    /// As it was decided.
    Placed(&'p Placement),
    /// As its owner has it.
    LeftAlone(Reach),
}

impl Running<'_> {
    /// The figures at `replicas` on a cluster without the admission policy.
    pub fn without_policy(self, replicas: u32) -> Figures {
        match self {
            Self::Placed(placement) => Figures::without_policy(placement, replicas),
            Self::LeftAlone(_) => self.at(replicas),
        }
    }

    /// The figures at `replicas`.
    pub fn at(self, replicas: u32) -> Figures {
        match self {
            Self::Placed(placement) => Figures::of(placement, replicas),
            Self::LeftAlone(reach) => Figures::unplaced(reach, replicas),
        }
    }
}

impl Row {
    /// Takes it that on-demand nodes let no more than `limit` run, as it was decided.
    pub(super) fn limit(&mut self, limit: &Limit) {
        self.at_minimum = self.at_minimum.limited(limit);
        self.without_policy = self.without_policy.limited(limit);
        self.maximum = self.maximum.map(|maximum| match maximum {
            Maximum::At(figures) => Maximum::At(figures.limited(limit)),
            Maximum::Unknown(figures) => Maximum::Unknown(figures.limited(limit)),
        });
    }

    /// The strategy, where the workload is placed.
    pub fn strategy(&self) -> Option<Strategy> {
        match self.verdict {
            Verdict::Placed { strategy, .. } => Some(strategy),
            Verdict::LeftAlone { .. } | Verdict::Unknown { .. } => None,
        }
    }

    /// Whether an autoscaler sets its replicas.
    pub fn is_autoscaled(&self) -> bool {
        self.maximum.is_some()
    }

    /// The figures at the most replicas that are known of.
    pub fn at_maximum(&self) -> Figures {
        match self.maximum {
            Some(Maximum::At(figures)) => figures,
            Some(Maximum::Unknown(_)) | None => self.at_minimum,
        }
    }

    /// What becomes of it when every spot node is lost.
    pub fn fate(&self) -> Fate {
        match self.verdict {
            Verdict::Unknown { .. } => Fate::Unknown,
            _ => self.at_minimum.fate(),
        }
    }

    /// The room that it takes on on-demand nodes, at these of its figures.
    pub fn room(&self, figures: Figures) -> Room {
        let mut room = Room::default();
        self.add_room(figures, &mut room);
        room
    }

    /// Adds that to `room`.
    pub fn add_room(&self, figures: Figures, room: &mut Room) {
        let moved = self.moved(figures);
        room.add(&self.requests.amounts, figures.on_demand.into(), moved);
    }

    /// How many pods are on on-demand nodes when every spot node is gone, at these of its figures.
    pub fn moved(&self, figures: Figures) -> u64 {
        if self.may_move { figures.running() } else { 0 }
    }

    /// One figure at minimum and maximum: `2` where both are the same, else `1-4`, and `1-?` where
    /// it depends on a maximum that is not known.
    pub fn range(&self, figure: impl Fn(Figures) -> u32) -> Span {
        let min = figure(self.at_minimum);
        match self.maximum {
            None => Span(min, Some(min)),
            Some(Maximum::At(figures)) => Span(min, Some(figure(figures))),
            Some(Maximum::Unknown(beyond)) => Span(min, (figure(beyond) == min).then_some(min)),
        }
    }
}

/// A figure at an autoscaler's minimum and maximum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span(pub u32, pub Option<u32>);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self(min, Some(max)) if min == max => write!(f, "{min}"),
            Self(min, Some(max)) => write!(f, "{min}-{max}"),
            Self(min, None) => write!(f, "{min}-?"),
        }
    }
}
