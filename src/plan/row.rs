//! What the plan says about one workload.

use std::fmt;

use crate::config::{Choice, Origin};
use crate::findings::{Code, ObjectRef};
use crate::krm::Resource;
use crate::placement::{Decision, Exclusion, Placement, Strategy};
use crate::run::{Assessment, exclusion_code, why};

use super::Figures;

/// One workload.
#[derive(Debug, Clone)]
pub struct Row {
    /// The workload, with its file where the input gives one.
    pub subject: ObjectRef,
    /// What is decided about it.
    pub verdict: Verdict,
    /// Whether the function would change its manifests.
    pub changes: bool,
    /// The warnings about it, as indices of the plan's warnings. One about a budget stands with
    /// every workload that the budget covers.
    pub warnings: Vec<usize>,
}

/// What is decided about a workload.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// It is placed.
    Placed(Box<Placed>),
    /// It is left alone: the code of the reason, and the reason.
    LeftAlone(Code, String),
}

/// A workload that is placed.
#[derive(Debug, Clone)]
pub struct Placed {
    /// The strategy.
    pub strategy: Strategy,
    /// Who chose it.
    pub origin: Origin,
    /// The figures at R: the replicas, or the autoscaler's minimum.
    pub at_minimum: Figures,
    /// The autoscaler's maximum, if there is an autoscaler.
    pub maximum: Option<Maximum>,
}

/// How far an autoscaler may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Maximum {
    /// The figures at its maximum.
    At(Figures),
    /// It does not say.
    Unknown,
}

impl Placed {
    fn of(choice: Option<&Choice>, placement: &Placement) -> Self {
        let maximum = placement.autoscaled.map(|range| match range.max {
            // Kubernetes rejects a maximum below the minimum.
            Some(max) => Maximum::At(Figures::of(placement, max.max(range.min))),
            None => Maximum::Unknown,
        });
        Self {
            strategy: placement.strategy,
            origin: choice.map_or(Origin::Default, |choice| choice.origin),
            at_minimum: Figures::of(placement, placement.replicas),
            maximum,
        }
    }

    /// The figures at the most replicas that are known of.
    pub fn at_maximum(&self) -> Figures {
        match self.maximum {
            Some(Maximum::At(figures)) => figures,
            Some(Maximum::Unknown) | None => self.at_minimum,
        }
    }

    /// One figure at minimum and maximum: `2` where both are the same, else `1-4`, and `1-?` where
    /// the maximum is not known.
    pub fn range(&self, figure: impl Fn(Figures) -> u32) -> Span {
        let min = figure(self.at_minimum);
        match self.maximum {
            None => Span(min, Some(min)),
            Some(Maximum::At(figures)) => Span(min, Some(figure(figures))),
            Some(Maximum::Unknown) => Span(min, None),
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

impl Verdict {
    /// What was decided about `workload`, with its figures.
    pub fn of(assessment: &Assessment, workload: &Resource<'_>) -> Self {
        match &assessment.decision {
            Decision::Place(placement) => {
                let choice = assessment.choice.as_ref();
                Self::Placed(Box::new(Placed::of(choice, placement)))
            }
            Decision::LeaveAlone(exclusion) => Self::left_alone(*exclusion, workload),
        }
    }

    /// That `workload` is left alone, and why.
    pub fn left_alone(exclusion: Exclusion, workload: &Resource<'_>) -> Self {
        let why = why(exclusion, workload.api_version, workload.kind);
        Self::LeftAlone(exclusion_code(exclusion), why)
    }
}
