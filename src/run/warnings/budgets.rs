//! Budgets that block the drain of a node.

use crate::findings::{Code, Finding};
use crate::inventory::{Budget, Inventory, Workload, WorkloadId};
use crate::placement::Decision;
use crate::run::{Assessment, Assessments};

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
