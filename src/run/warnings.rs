//! Dangers that the owner of a workload should know.

use crate::config::Policy;
use crate::findings::{Code, Finding};
use crate::inventory::{Budget, Inventory, Workload, WorkloadId, mounted_claims};
use crate::placement::{CapacityType, Decision, Mechanism, Placement, WorkloadKind};
use yaml_splice::{Node, Scalar, YamlError};

use super::draft::Case;
use super::{Assessment, Assessments};

/// How long a pod may take to end when it does not say, in seconds.
const DEFAULT_GRACE_SECONDS: i128 = 30;

/// The warnings about one workload that is placed.
pub fn of_workload(case: Case<'_, '_>) -> Result<Vec<Finding>, YamlError> {
    let Decision::Place(placement) = &case.assessment.decision else {
        return Ok(Vec::new());
    };
    let workload = case.workload();
    let found = [
        replicas_unknown(workload, placement),
        autoscaled_spread(placement),
        floor_is_soft(placement),
        grace_exceeds_notice(workload, placement, case.additions.policy)?,
        recreate_interrupts(workload, placement)?,
        shared_volume(case.inventory, workload, placement)?,
        other_scheduler(workload)?,
    ];
    Ok(found.into_iter().flatten().collect())
}

fn replicas_unknown(workload: &Workload<'_>, placement: &Placement) -> Option<Finding> {
    let unknown = workload.replicas.is_absent() && placement.autoscaled.is_none();
    let message = "replicas is absent and no autoscaler of this workload is in the input: assuming 1; \
                   set spec.replicas, or include the autoscaler in the input";
    unknown.then(|| Finding::warning(Code::ReplicasUnknown, message).at("spec.replicas"))
}

fn autoscaled_spread(placement: &Placement) -> Option<Finding> {
    let spread = matches!(placement.mechanism, Mechanism::Spread { .. });
    let message = "spread on an autoscaled workload: a scale-in removes replicas wherever they \
                   are and does not respect the floor; a Deployment keeps it with strategy floor";
    (spread && placement.autoscaled.is_some())
        .then(|| Finding::warning(Code::AutoscaledSpread, message))
}

fn floor_is_soft(placement: &Placement) -> Option<Finding> {
    let soft = matches!(
        placement.mechanism,
        Mechanism::Spread {
            prefer: CapacityType::OnDemand,
            ..
        }
    );
    let Placement { floor, hard, .. } = placement;
    (soft && floor > hard).then(|| {
        let message = format!(
            "the scheduler's filter guarantees {hard} on on-demand nodes; the rest of the floor of \
             {floor} is a preference, which holds while on-demand nodes have room"
        );
        Finding::info(Code::FloorIsSoft, message)
    })
}

fn grace_exceeds_notice(
    workload: &Workload<'_>,
    placement: &Placement,
    policy: &Policy,
) -> Result<Option<Finding>, YamlError> {
    let field = "terminationGracePeriodSeconds";
    let grace = match workload
        .pod
        .spec
        .get_non_null(field)?
        .and_then(Node::scalar)
    {
        Some(Scalar::Int(seconds)) => seconds,
        _ => DEFAULT_GRACE_SECONDS,
    };
    let notice = policy.notice_seconds;
    let exceeds = placement.may_run_on_spot() && grace > i128::from(notice);
    Ok(exceeds.then(|| {
        let message = format!(
            "{field} is {grace}, the notice before a spot node is lost is {notice} seconds: the \
             pod may be killed before it shuts down gracefully"
        );
        let field = format!("spec.template.spec.{field}");
        Finding::warning(Code::GraceExceedsNotice, message).at(field)
    }))
}

fn recreate_interrupts(
    workload: &Workload<'_>,
    placement: &Placement,
) -> Result<Option<Finding>, YamlError> {
    let kind = workload.resource.node.at(&["spec", "strategy", "type"])?;
    let recreate = workload.kind == WorkloadKind::Deployment
        && placement.replicas >= 2
        && kind.is_some_and(|kind| kind.text() == "Recreate");
    let message = "strategy Recreate: each rollout of its own stops every replica at once";
    Ok(recreate
        .then(|| Finding::warning(Code::RecreateInterrupts, message).at("spec.strategy.type")))
}

fn shared_volume(
    inventory: &Inventory<'_>,
    workload: &Workload<'_>,
    placement: &Placement,
) -> Result<Option<Finding>, YamlError> {
    if !placement.has_sibling() {
        return Ok(None);
    }
    let mounted = mounted_claims(workload.pod.spec)?;
    let claim = mounted
        .into_iter()
        .find(|claim| inventory.related.is_exclusive(workload, claim));
    Ok(claim.map(|claim| {
        let message = format!(
            "PersistentVolumeClaim {claim} is not ReadWriteMany, and the Deployment and its \
             sibling would both mount it; use strategy spread or on-demand"
        );
        Finding::warning(Code::SharedVolume, message).at("spec.template.spec.volumes")
    }))
}

fn other_scheduler(workload: &Workload<'_>) -> Result<Option<Finding>, YamlError> {
    let name = workload
        .pod
        .spec
        .get_non_null("schedulerName")?
        .map_or("", Node::text);
    Ok((!matches!(name, "" | "default-scheduler")).then(|| {
        let message = format!(
            "schedulerName is \"{name}\": the placement rests on the default scheduler, the \
             guarantee is not known to hold"
        );
        Finding::warning(Code::OtherScheduler, message).at("spec.template.spec.schedulerName")
    }))
}

/// A warning for each budget that selects a placed workload and allows no disruption of all the
/// workloads that it selects, placed or not.
pub fn of_budgets(inventory: &Inventory<'_>, assessments: &Assessments) -> Vec<Finding> {
    let mut findings = Vec::new();
    for coverage in &inventory.related.budgets {
        let selected = &coverage.workloads;
        let pods = selected.iter().map(|&id| pods(&assessments[id]));
        let expected = pods.fold(0, u32::saturating_add);
        let is_placed = |&id: &WorkloadId| matches!(assessments[id].decision, Decision::Place(_));
        if selected.iter().any(is_placed) {
            let workloads = selected.iter().map(|&id| &inventory.workloads[id]);
            let finding = blocked(&coverage.budget, expected, &workloads.collect::<Vec<_>>());
            findings.extend(finding.map(|finding| finding.about(&coverage.resource)));
        }
    }
    findings
}

/// The pods that a workload runs: an autoscaled one's at its minimum, with its sibling's.
fn pods(assessment: &Assessment) -> u32 {
    match &assessment.decision {
        Decision::Place(placement) => placement.total(placement.replicas),
        Decision::LeaveAlone(_) => assessment.facts.replicas,
    }
}

fn blocked(budget: &Budget<'_>, expected: u32, workloads: &[&Workload<'_>]) -> Option<Finding> {
    if budget.limit.allowed_disruptions(expected) > 0 {
        return None;
    }
    let names: Vec<_> = workloads
        .iter()
        .map(|workload| format!("{} {}", workload.kind, workload.resource.name))
        .collect();
    let field = budget.limit.field();
    let replicas = match expected {
        1 => "only replica".to_owned(),
        _ => format!("{expected} replicas"),
    };
    let message = format!(
        "{field} {} allows no disruption of the {replicas} of {}: the drain of a node that runs one \
         of them is blocked, on spot for the whole notice",
        budget.written,
        names.join(", ")
    );
    Some(Finding::warning(Code::PdbBlocksDrain, message).at(field))
}
