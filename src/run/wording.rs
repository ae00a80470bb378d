//! Decisions in words.

use crate::findings::{Code, Finding};
use crate::krm::{Companion, Resource, sibling_name};
use crate::placement::{
    BudgetLimit, CapacityType, Constraint, Exclusion, FloorBudget, ForeignKey, GuardedPods,
    Mechanism, Placement,
};

/// What a placement does, in one line.
pub fn placement(placement: &Placement, name: &str) -> String {
    let Placement {
        strategy,
        replicas,
        floor,
        hard,
        ..
    } = placement;
    match placement.mechanism {
        Mechanism::Pinned if placement.autoscaled.is_some() => {
            format!("{strategy}: every replica must run on on-demand nodes")
        }
        Mechanism::Pinned => format!("{strategy}: {} must run on on-demand nodes", all(*replicas)),
        Mechanism::Preferred(CapacityType::OnDemand) => {
            format!("{strategy}: every replica prefers on-demand nodes, none is guaranteed")
        }
        Mechanism::Preferred(CapacityType::Spot) => format!(
            "{strategy}: every replica prefers spot nodes, none survives the loss of all of them for \
             certain"
        ),
        Mechanism::Sibling { rest: Some(0) } if *replicas == 0 => format!(
            "{strategy}: no replicas are asked for; Deployment {} stays, with none",
            sibling_name(name)
        ),
        Mechanism::Sibling { rest: Some(1) } => format!(
            "{strategy}: {floor} of {replicas} replicas must run on on-demand nodes, in Deployment \
             {}; the other prefers spot",
            sibling_name(name)
        ),
        Mechanism::Sibling { rest: Some(rest) } => format!(
            "{strategy}: {floor} of {replicas} replicas must run on on-demand nodes, in Deployment \
             {}; the other {rest} prefer spot",
            sibling_name(name)
        ),
        Mechanism::Sibling { rest: None } => format!(
            "{strategy}: {} on on-demand nodes at all times, in Deployment {}; the autoscaled replicas \
             come on top and prefer spot",
            count(*floor),
            sibling_name(name)
        ),
        Mechanism::Ordinals { spot_from } if placement.autoscaled.is_some() => format!(
            "{strategy}: the {} below ordinal {spot_from} must run on on-demand nodes, however many \
             there are; the others may use spot where the cluster has the admission policy",
            match floor {
                1 => "member".to_owned(),
                _ => format!("{floor} members"),
            }
        ),
        Mechanism::Ordinals { spot_from } => format!(
            "{strategy}: {floor} of {replicas} members, {} below ordinal {spot_from}, must run on \
             on-demand nodes; the others may use spot where the cluster has the admission policy",
            if *floor == 1 { "the one" } else { "those" },
        ),
        Mechanism::Spread {
            prefer: CapacityType::Spot,
            max_skew,
        } => format!(
            "{strategy}: {floor} of {replicas} replicas {} on on-demand nodes once settled (maxSkew \
             {max_skew}), the rest prefers spot",
            stay(*floor)
        ),
        Mechanism::Spread {
            prefer: CapacityType::OnDemand,
            max_skew,
        } => format!(
            "{strategy}: {floor} of {replicas} replicas {} on on-demand nodes, {hard} of them by the \
             scheduler's filter (maxSkew {max_skew}), the others by preference",
            stay(*floor)
        ),
    }
}

/// What a budget does, in one line.
pub fn budget(budget: FloorBudget, name: &str) -> String {
    let name = Companion::Budget.name(name);
    let pods = match budget.pods {
        GuardedPods::All => "its replicas".to_owned(),
        GuardedPods::Sibling => "the floor".to_owned(),
        GuardedPods::Members { to, .. } => format!("the members below ordinal {to}"),
    };
    match budget.limit {
        BudgetLimit::MaxUnavailable(most) => {
            format!("PodDisruptionBudget {name} lets {most} of {pods} be evicted at a time")
        }
        BudgetLimit::MinAvailable(least) => {
            format!("PodDisruptionBudget {name} keeps {least} of {pods} ready in every drain")
        }
    }
}

/// What a buffer does, in one line.
pub fn buffer(pods: u32, name: &str) -> String {
    let name = Companion::Buffer.name(name);
    let pods = match pods {
        1 => "1 replica".to_owned(),
        _ => format!("{pods} replicas"),
    };
    format!(
        "CapacityBuffer {name} keeps room on on-demand nodes for {pods} that may lose their spot nodes"
    )
}

fn count(replicas: u32) -> String {
    match replicas {
        1 => "1 replica runs".to_owned(),
        _ => format!("{replicas} replicas run"),
    }
}

fn stay(replicas: u32) -> &'static str {
    if replicas == 1 { "stays" } else { "stay" }
}

fn all(replicas: u32) -> String {
    match replicas {
        1 => "the only replica".to_owned(),
        _ => format!("all {replicas} replicas"),
    }
}

/// That a workload is left alone, and why, in one line.
pub fn left_alone(exclusion: Exclusion, resource: &Resource<'_>) -> String {
    let why = why(exclusion, resource.api_version, resource.kind);
    format!("left alone: {why}")
}

/// The finding that a workload is left alone: an info, or a warning where it should not be.
pub fn exclusion(exclusion: Exclusion, resource: &Resource<'_>) -> Finding {
    let message = left_alone(exclusion, resource);
    let code = exclusion_code(exclusion);
    let finding = match exclusion {
        Exclusion::ForeignKey(_)
        | Exclusion::KeptTogether(_)
        | Exclusion::UnsupportedApiVersion
        | Exclusion::EmptySelector
        | Exclusion::SelectorMismatch
        | Exclusion::GeneratedName
        | Exclusion::Paused
        | Exclusion::PausedOncePlaced
        | Exclusion::Driven(_)
        | Exclusion::Unbounded => Finding::warning(code, message),
        _ => Finding::info(code, message),
    };
    match exclusion_field(exclusion) {
        Some(field) => finding.at(field),
        None => finding,
    }
}

/// The code of an exclusion.
pub fn exclusion_code(exclusion: Exclusion) -> Code {
    match exclusion {
        Exclusion::Off => Code::Off,
        Exclusion::ExcludedNamespace => Code::ExcludedNamespace,
        Exclusion::NoReplicas => Code::NoReplicas,
        Exclusion::ScalesToZero => Code::ScalesToZero,
        Exclusion::Constrained(_) => Code::AlreadyConstrained,
        Exclusion::ForeignKey(_) => Code::ForeignCapacityKey,
        Exclusion::KeptTogether(_) => Code::KeptTogether,
        Exclusion::LocalConfig => Code::LocalConfig,
        Exclusion::HelmHook => Code::HelmHook,
        Exclusion::UnsupportedApiVersion => Code::UnsupportedApiVersion,
        Exclusion::PartialManifest(_) => Code::PartialManifest,
        Exclusion::GeneratedName => Code::GeneratedName,
        Exclusion::EmptySelector | Exclusion::SelectorMismatch => Code::SelectorMismatch,
        Exclusion::Paused | Exclusion::PausedOncePlaced => Code::Paused,
        Exclusion::Driven(_) | Exclusion::Unbounded => Code::DrivenByAnother,
        Exclusion::Controlled => Code::Controlled,
    }
}

/// The field that an exclusion is about.
fn exclusion_field(exclusion: Exclusion) -> Option<&'static str> {
    match exclusion {
        Exclusion::Constrained(constraint) => Some(constraint.field()),
        Exclusion::ForeignKey(foreign) => Some(foreign.constraint.field()),
        Exclusion::KeptTogether(_) => Some("spec.template.spec.affinity.podAffinity"),
        Exclusion::LocalConfig | Exclusion::HelmHook => Some("metadata.annotations"),
        Exclusion::UnsupportedApiVersion => Some("apiVersion"),
        Exclusion::PartialManifest(field) => Some(field),
        Exclusion::GeneratedName => Some("metadata.generateName"),
        Exclusion::EmptySelector | Exclusion::SelectorMismatch => Some("spec.selector"),
        Exclusion::Paused | Exclusion::PausedOncePlaced => Some("spec.paused"),
        Exclusion::Controlled => Some("metadata.ownerReferences"),
        Exclusion::Driven(_)
        | Exclusion::Unbounded
        | Exclusion::Off
        | Exclusion::ExcludedNamespace
        | Exclusion::NoReplicas
        | Exclusion::ScalesToZero => None,
    }
}

/// Why a workload of this API version and kind is left alone.
pub fn why(exclusion: Exclusion, api_version: &str, kind: &str) -> String {
    let why = match exclusion {
        Exclusion::Off => "its strategy is off",
        Exclusion::ExcludedNamespace => "its namespace is excluded",
        Exclusion::NoReplicas => "it asks for no replicas",
        Exclusion::ScalesToZero => "its autoscaler may scale it to zero, so nothing need survive",
        Exclusion::Constrained(
            constraint @ (Constraint::NodeName
            | Constraint::SelectorOfOneNode
            | Constraint::AffinityToOneNode),
        ) => return format!("it already sets {constraint}"),
        Exclusion::Constrained(constraint) => {
            return format!("it already sets {constraint} on the capacity key");
        }
        Exclusion::ForeignKey(ForeignKey { constraint, key }) => {
            return format!(
                "it chooses its nodes by {key} ({constraint}), which is not a capacity key of the \
                 configuration"
            );
        }
        Exclusion::KeptTogether(place) => {
            return format!(
                "a required pod affinity to its own pods keeps them {}, so they cannot be divided \
                 between on-demand and spot nodes",
                place.name()
            );
        }
        Exclusion::LocalConfig => "it is local configuration, which is never applied to a cluster",
        Exclusion::HelmHook => "it is a hook of a chart, which is no part of the release",
        Exclusion::UnsupportedApiVersion => {
            return format!("Kubernetes no longer serves {api_version} {kind}s; use apps/v1");
        }
        Exclusion::PartialManifest(missing) => {
            return format!("{missing} is missing, so this is a patch or an incomplete manifest");
        }
        Exclusion::GeneratedName => "the API server makes the name, so nothing can refer to it",
        Exclusion::EmptySelector => "spec.selector is empty, so Kubernetes would reject it",
        Exclusion::Paused => {
            "it is paused: nothing would be rolled out, and a new sibling would never start a pod"
        }
        Exclusion::PausedOncePlaced => {
            "it is paused: its placement and its sibling stay as an earlier run wrote them until it is \
             resumed"
        }
        Exclusion::Driven(driver) => {
            return format!(
                "{} in the input runs its replicas, which are not placed: place them there",
                driver.name()
            );
        }
        Exclusion::Unbounded => {
            "an autoscaler in the input sets its replicas, and its minimum is not known: name a minimum \
             there, or use a strategy that does not count, such as on-demand"
        }
        Exclusion::Controlled => "a controller owns it and would undo what is written",
        Exclusion::SelectorMismatch => {
            "spec.selector does not match the labels of spec.template, so Kubernetes would reject it"
        }
    };
    why.to_owned()
}
