//! Decisions in words.

use crate::krm::sibling_name;
use crate::placement::{CapacityType, Mechanism, Placement, Reason};
use crate::results::codes;

/// What a placement does, in one line.
pub fn placement(placement: &Placement, name: &str) -> String {
    let Placement {
        strategy,
        replicas,
        floor,
        hard,
        ..
    } = placement;
    let what = match placement.mechanism {
        Mechanism::Pinned if placement.autoscaled.is_some() => {
            "every replica must run on on-demand nodes".to_owned()
        }
        Mechanism::Pinned => format!("{} must run on on-demand nodes", all(*replicas)),
        Mechanism::Preferred(CapacityType::OnDemand) => {
            "every replica prefers on-demand nodes, none is guaranteed".to_owned()
        }
        Mechanism::Preferred(CapacityType::Spot) => {
            "every replica prefers spot nodes, none survives the loss of all of them for certain"
                .to_owned()
        }
        Mechanism::Sibling { rest: Some(rest) } => format!(
            "{floor} of {replicas} replicas must run on on-demand nodes, in Deployment \
             {}; the other {rest} prefer spot",
            sibling_name(name)
        ),
        Mechanism::Sibling { rest: None } => format!(
            "{} on on-demand nodes at all times, in Deployment {}; the autoscaled replicas come on \
             top and prefer spot",
            count(*floor),
            sibling_name(name)
        ),
        Mechanism::Spread {
            prefer: CapacityType::Spot,
            max_skew,
        } => format!(
            "{floor} of {replicas} replicas stay on on-demand nodes once settled (maxSkew \
             {max_skew}), the rest prefers spot"
        ),
        Mechanism::Spread {
            prefer: CapacityType::OnDemand,
            max_skew,
        } => format!(
            "{floor} of {replicas} replicas stay on on-demand nodes, {hard} of them by the \
             scheduler's filter (maxSkew {max_skew}), the others by preference"
        ),
    };
    format!("{strategy}: {what}")
}

fn count(replicas: u32) -> String {
    match replicas {
        1 => "1 replica runs".to_owned(),
        _ => format!("{replicas} replicas run"),
    }
}

fn all(replicas: u32) -> String {
    match replicas {
        1 => "the only replica".to_owned(),
        _ => format!("all {replicas} replicas"),
    }
}

/// That a workload is left alone, and why, in one line.
pub fn reason(reason: Reason) -> String {
    format!("{LEFT_ALONE}{}", why(reason))
}

/// How the line about a workload that is left alone begins.
pub const LEFT_ALONE: &str = "left alone: ";

/// The code of a reason, and the reason in words.
pub fn left_alone(reason: Reason) -> (&'static str, String) {
    let code = match reason {
        Reason::Off => codes::OFF,
        Reason::ExcludedNamespace => codes::EXCLUDED_NAMESPACE,
        Reason::NoReplicas => codes::NO_REPLICAS,
        Reason::ScalesToZero => codes::SCALES_TO_ZERO,
        Reason::Constrained(_) => codes::ALREADY_CONSTRAINED,
    };
    (code, why(reason))
}

fn why(reason: Reason) -> String {
    match reason {
        Reason::Off => "its strategy is off".to_owned(),
        Reason::ExcludedNamespace => "its namespace is excluded".to_owned(),
        Reason::NoReplicas => "it asks for no replicas".to_owned(),
        Reason::ScalesToZero => {
            "its autoscaler may scale it to zero, so nothing need survive".to_owned()
        }
        Reason::Constrained(constraint) => {
            format!("{constraint} of its own already decides about the capacity type")
        }
    }
}
