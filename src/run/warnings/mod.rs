//! Dangers that the owner of a workload should know.

mod autoscalers;
mod belonging;
mod budgets;
mod headroom;
mod left_alone;
mod members;
mod neighbours;
mod nodes;
mod on_demand;
mod rollouts;
mod scene;
mod setters;
mod spread;
mod variables;

pub use autoscalers::of_autoscalers;
pub use budgets::of_budgets;
pub use nodes::{of_capacity, of_nodes};
pub use on_demand::{Limit, Limits, limits, of_company};
pub use variables::of_variables;

use crate::config::Policy;
use crate::findings::{Code, Finding};
use crate::inventory::{MayConcern, Workload};
use crate::krm::annotations::ON_DEMAND_BASE;
use crate::krm::template::has_variable;
use crate::placement::{Decision, Placement, WorkloadKind};
use yaml_splice::YamlError;

use super::draft::Case;

/// How long a pod may take to end when it does not say, in seconds.
pub(super) const DEFAULT_GRACE_SECONDS: i128 = 30;

/// Adds the warnings about one workload to `found`. `changes` says whether this run changes it.
pub fn of_workload(
    case: Case<'_, '_>,
    changes: bool,
    found: &mut Vec<Finding>,
) -> Result<(), YamlError> {
    found.extend(belonging::of_rule(case));
    let Decision::Place(placement) = &case.assessment.decision else {
        found.extend(left_alone::spot_only(case)?);
        return Ok(());
    };
    let workload = case.workload();
    found.extend(replicas_unknown(case, placement));
    found.extend(grace_exceeds_notice(
        workload,
        placement,
        case.additions.policy,
    )?);
    found.extend(recreate_interrupts(workload, placement)?);
    found.extend(other_scheduler(workload)?);
    found.extend(compute_class(workload)?);
    found.extend(floor_small_at_maximum(placement, changes));
    found.extend(budgets::left_out(case));
    found.extend(headroom::left_out(case));
    spread::of_workload(case, placement, found)?;
    members::of_workload(workload, placement, found)?;
    found.extend(setters::of_replicas(workload, placement));
    neighbours::of_workload(case, placement, found)?;
    rollouts::of_workload(case, placement, found)?;
    variables::of_workload(workload, found)
}

fn replicas_unknown(case: Case<'_, '_>, placement: &Placement) -> Option<Finding> {
    if placement.autoscaled.is_some() {
        return None;
    }
    let may_scale = case.inventory.related.may_scale(case.id);
    let message = match may_scale.filter(|it| it.variable.is_none()) {
        Some(MayConcern { resource, .. }) => format!(
            "{} {} names no namespace, and workloads of this name lie in several: whether it scales this one is \
             not known, and it counts as not autoscaled; set the namespace",
            resource.kind, resource.name
        ),
        None if case.workload().replicas.is_absent() => {
            "replicas is absent and no autoscaler of this workload is in the input: assuming 1; \
             set spec.replicas, or include the autoscaler in the input"
                .to_owned()
        }
        None => return None,
    };
    Some(Finding::warning(Code::ReplicasUnknown, message).at("spec.replicas"))
}

fn grace_exceeds_notice(
    workload: &Workload<'_>,
    placement: &Placement,
    policy: &Policy,
) -> Result<Option<Finding>, YamlError> {
    let field = "terminationGracePeriodSeconds";
    let grace = workload.pod.spec.get_non_null(field)?;
    let grace = grace.and_then(|grace| grace.scalar()?.whole());
    let grace = grace.unwrap_or(DEFAULT_GRACE_SECONDS);
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
    let kind = workload.spec.at(&["strategy", "type"])?;
    let recreate = workload.kind == WorkloadKind::Deployment
        && placement.replicas >= 2
        && kind.is_some_and(|kind| kind.text() == "Recreate");
    let message = "strategy Recreate: each rollout of its own stops every replica at once";
    Ok(recreate.then(|| {
        let finding = Finding::warning(Code::RecreateInterrupts, message).at("spec.strategy.type");
        // With `on-demand`, it is as without the policy.
        finding.accepted_if(!placement.may_run_on_spot())
    }))
}

/// The share of an autoscaler's maximum below which a floor hardly carries the load, in percent.
const SMALL_SHARE: u64 = 10;

/// A floor of 1 is 1 % of a maximum of 100 replicas: after a loss the rest has to start first.
/// Where nothing changes it is known.
fn floor_small_at_maximum(placement: &Placement, changes: bool) -> Option<Finding> {
    let max = placement.autoscaled?.max?;
    let survivors = placement.survivors(max);
    let percent = u64::from(survivors) * 100 / u64::from(max.max(1));
    (survivors > 0 && percent < SMALL_SHARE).then(|| {
        let message = format!(
            "at the autoscaler's maximum of {max} replicas the floor of {survivors} is {percent} % of \
             them; set autoscaledBasis: maximum, or a higher {ON_DEMAND_BASE}"
        );
        if changes {
            Finding::warning(Code::FloorSmallAtMaximum, message)
        } else {
            Finding::info(Code::FloorSmallAtMaximum, message)
        }
    })
}

fn other_scheduler(workload: &Workload<'_>) -> Result<Option<Finding>, YamlError> {
    let name = workload.pod.spec.text_at(&["schedulerName"])?;
    let is_known = !has_variable(name);
    Ok(
        (is_known && !matches!(name, "" | "default-scheduler")).then(|| {
            let message = format!(
                "schedulerName is \"{name}\": the placement rests on the default scheduler, the \
             guarantee is not known to hold"
            );
            Finding::warning(Code::OtherScheduler, message).at("spec.template.spec.schedulerName")
        }),
    )
}

/// The node label by which a pod asks for a compute class of GKE.
const COMPUTE_CLASS: &str = "cloud.google.com/compute-class";

/// A compute class says itself in which order spot and on-demand nodes are made.
///
/// Source: <https://docs.cloud.google.com/kubernetes-engine/docs/concepts/about-custom-compute-classes>.
fn compute_class(workload: &Workload<'_>) -> Result<Option<Finding>, YamlError> {
    let name = workload
        .pod
        .spec
        .text_at(&["nodeSelector", COMPUTE_CLASS])?;
    Ok((!name.is_empty()).then(|| {
        let message = format!(
            "the pods choose the compute class \"{name}\", which decides about spot and on-demand nodes \
             itself: beside it, a requirement of ours may match none of its nodes; drop the class, or use \
             strategy off"
        );
        let field = format!("spec.template.spec.nodeSelector[\"{COMPUTE_CLASS}\"]");
        Finding::warning(Code::ComputeClass, message).at(field)
    }))
}
