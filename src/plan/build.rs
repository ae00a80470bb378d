//! Assessments and findings of a run as rows and totals.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Policy;
use crate::findings::{Code, Finding, ObjectRef, Severity};
use crate::inventory::Inventory;
use crate::placement::Strategy;
use crate::run::{Assessments, Outcome};

use super::{FileDiff, Placed, Row, Sum, Verdict};

/// What the function would decide, and what that comes to.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Every Deployment and StatefulSet, by namespace, name and kind.
    pub rows: Vec<Row>,
    /// The placed workloads by the strategy that was chosen, each at its minimum.
    pub strategies: BTreeMap<Strategy, Sum>,
    /// All placed workloads, each at its replicas or its autoscaler's minimum.
    pub at_minimum: Sum,
    /// The same with every autoscaler at its maximum, where that is known.
    pub at_maximum: Sum,
    /// How many of the placed workloads are autoscaled.
    pub autoscaled: u64,
    /// The warnings, in the order of the function.
    pub warnings: Vec<Finding>,
    /// The price of a spot node relative to an on-demand node, above 0 and at most 1.
    pub spot_price_ratio: f64,
    /// Files below a folder that were left out because they are not manifests.
    pub skipped: Vec<String>,
    /// What would change in each file, where that was asked for.
    pub diffs: Option<Vec<FileDiff>>,
}

impl Plan {
    /// The plan of a run that came to `outcome`, which must not be a failure.
    pub fn of(
        inventory: &Inventory<'_>,
        assessments: &Assessments,
        outcome: &Outcome,
        policy: &Policy,
    ) -> Self {
        let mut plan = Self {
            rows: rows(inventory, assessments, outcome),
            strategies: BTreeMap::new(),
            at_minimum: Sum::default(),
            at_maximum: Sum::default(),
            autoscaled: 0,
            warnings: warnings(&outcome.findings).cloned().collect(),
            spot_price_ratio: policy.spot_price_ratio,
            skipped: Vec::new(),
            diffs: None,
        };
        let rows = std::mem::take(&mut plan.rows);
        rows.iter()
            .filter_map(Row::placed)
            .for_each(|placed| plan.add(placed));
        Self { rows, ..plan }
    }

    fn add(&mut self, placed: &Placed) {
        let strategy = self.strategies.entry(placed.strategy).or_default();
        *strategy = strategy.plus(placed.at_minimum);
        self.at_minimum = self.at_minimum.plus(placed.at_minimum);
        self.at_maximum = self.at_maximum.plus(placed.at_maximum());
        self.autoscaled += u64::from(placed.maximum.is_some());
    }

    /// The workloads that are placed, with their figures.
    pub fn placed(&self) -> impl Iterator<Item = (&Row, &Placed)> {
        self.rows
            .iter()
            .filter_map(|row| Some((row, row.placed()?)))
    }

    /// The workloads that are left alone: the code of the reason, and the reason.
    pub fn left_alone(&self) -> impl Iterator<Item = (&Row, Code, &str)> {
        self.rows.iter().filter_map(|row| match &row.verdict {
            Verdict::LeftAlone(code, why) => Some((row, *code, why.as_str())),
            Verdict::Placed(_) => None,
        })
    }

    /// The number of workloads that the function would change.
    pub fn changes(&self) -> usize {
        self.rows.iter().filter(|row| row.changes).count()
    }
}

impl Row {
    /// The figures, where the workload is placed.
    pub fn placed(&self) -> Option<&Placed> {
        match &self.verdict {
            Verdict::Placed(placed) => Some(placed),
            Verdict::LeftAlone(..) => None,
        }
    }
}

fn warnings(findings: &[Finding]) -> impl Iterator<Item = &Finding> {
    let is_warning = |finding: &&Finding| finding.severity == Severity::Warning;
    findings.iter().filter(is_warning)
}

fn rows(inventory: &Inventory<'_>, assessments: &Assessments, outcome: &Outcome) -> Vec<Row> {
    let said = Said::of(inventory, outcome);
    let decided = inventory.workloads.iter().zip(assessments.iter());
    let decided = decided.map(|(workload, assessment)| {
        let subject = ObjectRef::of(&workload.resource);
        said.row(subject, Verdict::of(assessment, &workload.resource))
    });
    let left_alone = inventory.left_alone.iter().map(|(id, exclusion)| {
        let resource = &inventory.input[*id];
        said.row(
            ObjectRef::of(resource),
            Verdict::left_alone(*exclusion, resource),
        )
    });
    let mut rows: Vec<_> = decided.chain(left_alone).collect();
    rows.sort_by(|a, b| order(&a.subject).cmp(&order(&b.subject)));
    rows
}

/// By namespace, name, kind and file.
fn order(subject: &ObjectRef) -> (Option<&str>, &str, &str, Option<&str>) {
    let ObjectRef {
        kind,
        name,
        namespace,
        file,
        ..
    } = subject;
    (namespace.as_deref(), name, kind, file.as_deref())
}

/// What the run had to say, by the workload that it concerns.
#[derive(Debug, Default)]
struct Said {
    changed: BTreeSet<ObjectRef>,
    warnings: BTreeMap<ObjectRef, Vec<usize>>,
}

impl Said {
    fn of(inventory: &Inventory<'_>, outcome: &Outcome) -> Self {
        let mut said = Self::default();
        for id in &outcome.changed {
            let subject = ObjectRef::of(&inventory.workloads[*id].resource);
            said.changed.insert(subject);
        }
        let budgets = budgets(inventory);
        for (index, finding) in warnings(&outcome.findings).enumerate() {
            let Some(subject) = &finding.subject else {
                continue;
            };
            let covered = budgets.get(subject).cloned();
            for subject in covered.unwrap_or_else(|| vec![subject.clone()]) {
                said.warnings.entry(subject).or_default().push(index);
            }
        }
        said
    }

    fn row(&self, subject: ObjectRef, verdict: Verdict) -> Row {
        Row {
            changes: self.changed.contains(&subject),
            warnings: self.warnings.get(&subject).cloned().unwrap_or_default(),
            subject,
            verdict,
        }
    }
}

/// The workloads that each budget covers.
fn budgets(inventory: &Inventory<'_>) -> BTreeMap<ObjectRef, Vec<ObjectRef>> {
    let budgets = inventory.related.budgets.iter();
    let covered = budgets.map(|coverage| {
        let workloads = coverage.workloads.iter();
        let workloads = workloads.map(|&at| ObjectRef::of(&inventory.workloads[at].resource));
        (ObjectRef::of(&coverage.resource), workloads.collect())
    });
    covered.collect()
}
