//! Workloads that nothing is decided about because of what their manifests are. They count all the
//! same: the headline is about every workload.

use std::collections::HashSet;

use yaml_splice::Node;

use crate::fields::Replicas;
use crate::findings::{Code, Finding, ObjectRef};
use crate::krm::Resource;
use crate::placement::Exclusion;
use crate::requests::{PodRequests, Unknown, pod_resources};
use crate::room::{Capacities, Constraints, constraints};
use crate::run::{exclusion_code, why};

use super::row::Running;
use super::{Figures, Row, Verdict};

/// A workload that is left alone because of what it is: with its figures where its manifest is
/// whole, such as one of an API that is gone, else as one of which nothing is known.
pub(super) fn left_alone(
    resource: &Resource<'_>,
    exclusion: Exclusion,
    capacities: &Capacities,
) -> Row {
    let code = exclusion_code(exclusion);
    let why = why(exclusion, resource.api_version, resource.kind);
    let is_whole = match exclusion {
        Exclusion::UnsupportedApiVersion | Exclusion::GeneratedName => true,
        // A patch, or what Kubernetes would reject.
        _ => false,
    };
    let row = unknown(ObjectRef::of(resource), code, why.clone());
    let standing = is_whole.then(|| standing(resource, capacities, &row));
    let standing = standing.flatten().map(|row| Row {
        verdict: Verdict::LeftAlone { code, why },
        ..row
    });
    standing.unwrap_or(row)
}

/// The workloads that were set aside because of `findings`, each with the first of its own.
pub(super) fn set_aside(findings: &[Finding]) -> Vec<Row> {
    let mut known = HashSet::new();
    let workloads = findings.iter().filter_map(|finding| {
        let subject = finding.subject.as_deref().filter(|it| is_workload(it))?;
        known.insert(subject).then(|| {
            let why = finding.message.clone().into_owned();
            unknown(subject.clone(), finding.code, why)
        })
    });
    workloads.collect()
}

fn is_workload(subject: &ObjectRef) -> bool {
    let group = subject.api_version.split_once('/');
    group.is_some_and(|(group, _)| matches!(group, "apps" | "extensions"))
        && matches!(&*subject.kind, "Deployment" | "StatefulSet")
}

/// What a pod asks for, as far as it can be read: nothing is written there, so what YAML makes ambiguous
/// is unknown, and the plan goes on.
pub(super) fn requests(pod: Node<'_>) -> PodRequests {
    match pod_resources(pod) {
        Ok(resources) => resources.request(),
        Err(error) => unreadable(error.to_string()),
    }
}

fn unreadable(why: String) -> PodRequests {
    PodRequests {
        unknown: vec![Unknown::Unreadable(why)],
        ..PodRequests::default()
    }
}

/// `row` with the figures of the workload as its owner has it; `None` where its replicas or its pods
/// cannot be read.
fn standing(resource: &Resource<'_>, capacities: &Capacities, row: &Row) -> Option<Row> {
    let replicas = Replicas::read(resource, None).ok()?.declared.ok()?;
    let pod = resource.node.at(&["spec", "template", "spec"]).ok()??;
    let constraints = constraints(pod).ok()?;
    let reach = capacities.reach(&constraints);
    let figures = Running::LeftAlone(reach).at(replicas.unwrap_or(1));
    Some(Row {
        at_minimum: figures,
        without_policy: figures,
        now: figures,
        now_at_maximum: figures,
        requests: requests(pod),
        constraints,
        may_move: reach.on_demand || !reach.spot,
        ..row.clone()
    })
}

/// A workload of which nothing is known but its name and why.
fn unknown(subject: ObjectRef, code: Code, why: String) -> Row {
    Row {
        subject,
        requests: unreadable(why.clone()),
        verdict: Verdict::Unknown { code, why },
        at_minimum: Figures::default(),
        maximum: None,
        without_policy: Figures::default(),
        now: Figures::default(),
        now_at_maximum: Figures::default(),
        constraints: Constraints::default(),
        may_move: false,
        reserved: 0,
        is_namesake: false,
        changes: false,
        warnings: Vec::new(),
    }
}
