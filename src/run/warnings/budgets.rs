//! Budgets that block the drain of a node, and those that cannot be written.

use crate::findings::{Code, Finding};
use crate::inventory::{Coverage, Covered, Inventory};
use crate::krm::Companion;
use crate::placement::{Decision, Placement};
use crate::run::{Assessment, Assessments, BudgetChoice};

use super::Case;

/// A warning for each budget that selects pods of a placed workload and allows no disruption of all
/// the pods that it selects, placed or not.
pub fn of_budgets(inventory: &Inventory<'_>, assessments: &Assessments) -> Vec<Finding> {
    let budgets = inventory.related.budgets.iter();
    let found = budgets.filter_map(|coverage| {
        let finding = blocked(inventory, assessments, coverage)?;
        Some(finding.about(&coverage.resource))
    });
    found.collect()
}

/// The pods of a workload that a budget selects: an autoscaled one's at its minimum.
fn pods(assessment: &Assessment, covered: Covered) -> u32 {
    let replicas = assessment.facts.replicas;
    let (original, sibling) = match &assessment.decision {
        Decision::Place(placement) if placement.has_sibling() => {
            let total = placement.total(replicas);
            (total - placement.floor, placement.floor)
        }
        _ => (replicas, 0),
    };
    let selected = |is_selected: bool, pods| if is_selected { pods } else { 0 };
    selected(covered.original, original) + selected(covered.sibling, sibling)
}

fn blocked(
    inventory: &Inventory<'_>,
    assessments: &Assessments,
    coverage: &Coverage<'_>,
) -> Option<Finding> {
    let (limit, written) = coverage.budget.limit?;
    let covered = coverage.workloads.iter();
    let pods = |it: &&Covered| pods(&assessments[it.id], **it);
    let covered: Vec<_> = covered.filter(|it| pods(it) > 0).collect();
    let expected = covered.iter().map(pods).fold(0, u32::saturating_add);
    let placements = covered
        .iter()
        .filter_map(|it| match &assessments[it.id].decision {
            Decision::Place(placement) => Some(placement),
            Decision::LeaveAlone(_) => None,
        });
    let on_spot: Vec<_> = placements.map(Placement::may_run_on_spot).collect();
    if on_spot.is_empty() || limit.allowed_disruptions(expected) > 0 {
        return None;
    }
    let mut names: Vec<_> = covered
        .iter()
        .map(|it| &inventory.workloads[it.id])
        .map(|workload| format!("{} {}", workload.kind, workload.resource.name))
        .collect();
    names.sort();
    let field = limit.field();
    let replicas = match expected {
        1 => "only replica".to_owned(),
        _ => format!("{expected} replicas"),
    };
    let notice = if on_spot.contains(&true) {
        ", on spot for the whole notice"
    } else {
        ""
    };
    let message = format!(
        "{field} {written} allows no disruption of the {replicas} of {}: the drain of a node that runs \
         one of them is blocked{notice}",
        names.join(", ")
    );
    Some(Finding::warning(Code::PdbBlocksDrain, message).at(field))
}

/// That the policy asks for a budget and the workload gets none.
pub(super) fn left_out(case: Case<'_, '_>) -> Option<Finding> {
    let why = match case.assessment.budget {
        BudgetChoice::None | BudgetChoice::Written(_) => return None,
        BudgetChoice::SharedPods(other) => {
            let other = &case.inventory.workloads[other];
            format!(
                "its selector also selects the pods of {} {}, and a pod with two budgets cannot be \
                 evicted; write one for both",
                other.kind, other.resource.name
            )
        }
        BudgetChoice::NameInUse => {
            let name = Companion::Budget.name(case.workload().resource.name);
            format!(
                "the name {name} belongs to the Deployment of the same name; rename one of them"
            )
        }
    };
    let message = format!("no PodDisruptionBudget is written: {why}");
    Some(Finding::warning(Code::BudgetLeftOut, message))
}
