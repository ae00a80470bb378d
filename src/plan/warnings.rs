//! The warnings of a plan, in an order that does not depend on that of the input.

use std::collections::BTreeMap;

use crate::findings::{Finding, ObjectRef, Severity};
use crate::inventory::Inventory;
use crate::load::Decided;

use super::Plan;
use super::row::{Place, place};

impl Plan {
    /// Shows the warnings of the run, and those `about_nodes`: by the objects that they are about, in the
    /// order of the workloads, each with its row.
    pub(super) fn warn(&mut self, decided: &Decided<'_>, about_nodes: Vec<Finding>) {
        let set_aside = decided.set_aside.iter().cloned();
        let set_aside = set_aside.map(Finding::as_warning);
        let of_run = decided.outcome.findings.iter().filter(|it| warns(it));
        let all = set_aside.chain(of_run.cloned()).chain(about_nodes);
        self.warnings = all.collect();
        self.warnings.sort_by(|a, b| order(a).cmp(&order(b)));
        let by_object = by_workload(&self.warnings, &decided.inventory);
        for row in &mut self.rows {
            row.warnings = by_object.get(&row.subject).cloned().unwrap_or_default();
        }
    }
}

fn warns(finding: &Finding) -> bool {
    finding.severity == Severity::Warning || finding.code.warns_in_plan()
}

/// First what is about the manifests, then what is about nodes, then what is about nothing in particular.
/// Of one object what the run says first comes first.
fn order(finding: &Finding) -> (u8, Option<Place<'_>>) {
    let subject = finding.subject.as_ref();
    let rank = match subject {
        Some(subject) => u8::from(subject.kind == "Node"),
        None => 2,
    };
    (rank, subject.map(place))
}

/// The indices of the warnings about each workload. One about a budget stands with every workload that the
/// budget covers.
fn by_workload(warnings: &[Finding], inventory: &Inventory<'_>) -> BTreeMap<ObjectRef, Vec<usize>> {
    let budgets = budgets(inventory);
    let mut found: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (index, finding) in warnings.iter().enumerate() {
        let Some(subject) = &finding.subject else {
            continue;
        };
        let covered = budgets.get(subject).cloned();
        for subject in covered.unwrap_or_else(|| vec![subject.clone()]) {
            found.entry(subject).or_default().push(index);
        }
    }
    found
}

/// The workloads that each budget covers.
fn budgets(inventory: &Inventory<'_>) -> BTreeMap<ObjectRef, Vec<ObjectRef>> {
    let budgets = inventory.related.budgets.iter();
    let covered = budgets.map(|coverage| {
        let workloads = coverage.workloads.iter();
        let workloads = workloads.map(|it| ObjectRef::of(&inventory.workloads[it.id].resource));
        (ObjectRef::of(&coverage.resource), workloads.collect())
    });
    covered.collect()
}
