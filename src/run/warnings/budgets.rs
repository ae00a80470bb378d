//! Budgets that block the drain of a node, and those that cannot be written.

use std::collections::BTreeMap;

use crate::findings::{Code, Finding};
use crate::inventory::{Coverage, Covered, Inventory, WorkloadId};
use crate::krm::{Companion, Location};
use crate::placement::{Decision, Placement};
use crate::run::{Assessment, Assessments, BudgetChoice};

use super::Case;
use super::scene::in_words;

/// A warning for each budget that selects pods of a placed workload and allows no disruption of all
/// the pods that it selects, placed or not.
pub fn of_budgets(inventory: &Inventory<'_>, assessments: &Assessments) -> Vec<Finding> {
    let budgets = inventory.related.budgets.iter();
    let found = budgets.filter_map(|coverage| {
        let finding = blocked(inventory, assessments, coverage)?;
        Some(finding.about(&coverage.resource))
    });
    found.chain(overlapping(inventory, assessments)).collect()
}

/// A warning for each two budgets that select the same pods of a placed workload.
///
/// Source: `more than one PodDisruptionBudget` in Kubernetes'
/// `pkg/registry/core/pod/storage/eviction.go`.
fn overlapping(inventory: &Inventory<'_>, assessments: &Assessments) -> Vec<Finding> {
    let budgets = &inventory.related.budgets;
    let mut covering: BTreeMap<WorkloadId, Vec<(usize, Covered)>> = BTreeMap::new();
    for (index, coverage) in budgets.iter().enumerate() {
        let placed = coverage.workloads.iter();
        let placed = placed.filter(|it| is_placed(&assessments[it.id]));
        for covered in placed.filter(|it| pods(&assessments[it.id], **it) > 0) {
            covering
                .entry(covered.id)
                .or_default()
                .push((index, *covered));
        }
    }
    let mut found: BTreeMap<(usize, usize), Vec<WorkloadId>> = BTreeMap::new();
    for (id, covering) in covering {
        for (at, (one, covered)) in covering.iter().enumerate() {
            for (other, also) in &covering[at + 1..] {
                let shared = Covered {
                    original: covered.original && also.original,
                    sibling: covered.sibling && also.sibling,
                    ..*covered
                };
                let is_shared = pods(&assessments[id], shared) > 0;
                if is_shared && stand_together(&budgets[*one], &budgets[*other]) {
                    found.entry((*one, *other)).or_default().push(id);
                }
            }
        }
    }
    let found = found.into_iter().map(|((one, other), ids)| {
        let message = format!(
            "PodDisruptionBudget {} selects the same pods of {}: every eviction of a pod with two budgets \
             fails, so no drain of its node ends; keep one of them",
            budgets[one].resource.name,
            names(inventory, ids.into_iter())
        );
        Finding::warning(Code::PdbBlocksDrain, message)
            .at("spec.selector")
            .about(&budgets[other].resource)
    });
    found.collect()
}

fn is_placed(assessment: &Assessment) -> bool {
    matches!(assessment.decision, Decision::Place(_))
}

/// Whether two budgets are in one cluster as far as their files tell: those of two overlays may not be,
/// and of one name and namespace there is one.
fn stand_together(one: &Coverage<'_>, other: &Coverage<'_>) -> bool {
    let (one, other) = (&one.resource, &other.resource);
    let is_same_object =
        one.name == other.name && one.effective_namespace() == other.effective_namespace();
    let folder = |location: Location<'_>| {
        let folder = location.file.and_then(|file| file.rsplit_once('/'));
        (
            location.package.map(str::to_owned),
            folder.map(|(folder, _)| folder.to_owned()),
        )
    };
    !is_same_object && folder(one.location()) == folder(other.location())
}

/// `Deployment api, StatefulSet db`
fn names(inventory: &Inventory<'_>, ids: impl Iterator<Item = WorkloadId>) -> String {
    let mut names: Vec<_> = ids.map(|id| in_words(&inventory.workloads[id])).collect();
    names.sort();
    names.join(", ")
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
    let names = names(inventory, covered.iter().map(|it| it.id));
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
        "{field} {written} allows no disruption of the {replicas} of {names}: the drain of a node that runs \
         one of them is blocked{notice}",
    );
    Some(Finding::warning(Code::PdbBlocksDrain, message).at(field))
}

/// That the policy asks for a budget and the workload gets none.
pub(super) fn left_out(case: Case<'_, '_>) -> Option<Finding> {
    let why = match case.assessment.budget {
        BudgetChoice::None | BudgetChoice::Written(_) => return None,
        BudgetChoice::SharedPods(other) => {
            let other = in_words(&case.inventory.workloads[other]);
            format!(
                "its selector also selects the pods of {other}, and a pod with two budgets cannot be \
                 evicted; write one for both"
            )
        }
        BudgetChoice::Uncertain(index) => {
            let budget = &case.inventory.related.budgets[index].resource;
            format!(
                "whether {} {} selects its pods is not known, and a pod with two budgets cannot be evicted; \
                 fill in its variables, or set its namespace",
                budget.kind, budget.name
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
