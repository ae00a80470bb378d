//! The warnings of a plan, in an order that does not depend on that of the input.

use std::collections::HashMap;
use std::slice;

use crate::findings::{Finding, ObjectRef, Severity};
use crate::inventory::Inventory;

use super::Plan;
use super::row::{Place, place};

impl Plan {
    /// Shows the warnings among `findings`: by the objects that they are about, in the order of the
    /// workloads, each with its row.
    pub(super) fn warn(
        &mut self,
        findings: impl Iterator<Item = Finding>,
        inventory: &Inventory<'_>,
    ) {
        self.warnings = findings.filter(warns).collect();
        self.warnings.sort_by(|a, b| order(a).cmp(&order(b)));
        let budgets = budgets(inventory);
        let by_object = by_workload(&self.warnings, &budgets);
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
    let subject = finding.subject.as_deref();
    let rank = match subject {
        Some(subject) => u8::from(subject.kind == "Node"),
        None => 2,
    };
    (rank, subject.map(place))
}

/// The workloads that each budget covers.
type Budgets = HashMap<ObjectRef, Vec<ObjectRef>>;

/// The indices of the warnings about each workload. One about a budget stands with every workload that the
/// budget covers.
fn by_workload<'w>(
    warnings: &'w [Finding],
    budgets: &'w Budgets,
) -> HashMap<&'w ObjectRef, Vec<usize>> {
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    for (index, finding) in warnings.iter().enumerate() {
        let Some(subject) = finding.subject.as_deref() else {
            continue;
        };
        let covered = budgets.get(subject).map(Vec::as_slice);
        for subject in covered.unwrap_or(slice::from_ref(subject)) {
            found.entry(subject).or_default().push(index);
        }
    }
    found
}

fn budgets(inventory: &Inventory<'_>) -> Budgets {
    let budgets = inventory.related.budgets.iter();
    let covered = budgets.map(|coverage| {
        let workloads = coverage.workloads.iter();
        let workloads = workloads.map(|it| ObjectRef::of(&inventory.workloads[it.id].resource));
        (ObjectRef::of(&coverage.resource), workloads.collect())
    });
    covered.collect()
}
