//! Edits: decisions written into the documents they came from.

use std::collections::{BTreeSet, HashMap};

use crate::companion::{CompanionFile, Files};
use crate::config::{Mode, Policy};
use crate::fields::Additions;
use crate::findings::{Code, Finding, Severity};
use crate::inventory::{Inventory, Workload, WorkloadId};
use crate::krm::Companion;
use yaml_splice::{Splice, YamlError};

use super::assess::unused_rules;
use super::draft::{Case, Draft, new_companions};
use super::patches::Patches;
use super::{Assessments, warnings, wording};

/// What a run comes to.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Everything there is to say.
    pub findings: Vec<Finding>,
    /// The workloads whose manifests change, or would in a check.
    pub changed: BTreeSet<WorkloadId>,
    /// The changes to each source, in the order of the sources; nothing where there is an error.
    pub splices: Vec<Vec<Splice>>,
}

impl Outcome {
    /// Whether nothing may be changed and the run has failed.
    pub fn is_failure(&self) -> bool {
        self.findings.iter().any(Finding::is_error)
    }
}

/// Writes the decisions about `inventory` as edits. In check mode nothing is changed, and each
/// workload that would be is an error.
pub fn enforce(inventory: &Inventory<'_>, assessments: &Assessments, policy: &Policy) -> Outcome {
    let mut writer = Writer {
        inventory,
        policy,
        patches: Patches::new(&inventory.input),
        outcome: Outcome::default(),
    };
    writer.left_alone();
    let files = companion_files(inventory, assessments);
    let additions = Additions::of(policy);
    let drafts = assessments.map(|id, assessment| {
        let case = Case {
            inventory,
            additions: &additions,
            id,
            assessment,
        };
        let files = files.get(&id).cloned().transpose()?;
        case.draft(&files.unwrap_or_default())
    });
    // Thousands, which would be copied whenever there is no room for more.
    let said = drafts.iter().flatten().map(|draft| draft.findings.len());
    writer.outcome.findings.reserve(2 * said.sum::<usize>());
    for ((id, workload), draft) in inventory.workloads.enumerate().zip(drafts) {
        match draft {
            Ok(draft) => writer.workload(id, workload, draft),
            Err(finding) => writer.say(finding.about(&workload.resource)),
        }
    }
    writer.orphans();
    writer.admission_policy(assessments);
    let budgets = warnings::of_budgets(inventory, assessments);
    writer.outcome.findings.extend(budgets);
    let company = warnings::of_company(inventory, assessments, policy);
    writer.outcome.findings.extend(company);
    let autoscalers = warnings::of_autoscalers(inventory, assessments, policy);
    writer.outcome.findings.extend(autoscalers);
    let variables = warnings::of_variables(inventory);
    writer.outcome.findings.extend(variables);
    let resources = &inventory.input.resources;
    let nodes = warnings::of_nodes(resources, inventory, assessments, policy);
    writer.outcome.findings.extend(nodes);
    let unused = unused_rules(assessments, policy);
    writer.outcome.findings.extend(unused);
    writer.finish()
}

/// The files of the new companions of one workload.
type NewFiles = Vec<(Companion, CompanionFile)>;

/// Where new companions go, by their workloads: each takes the next index of its file, so this is
/// done in order.
fn companion_files(
    inventory: &Inventory<'_>,
    assessments: &Assessments,
) -> HashMap<WorkloadId, Result<NewFiles, YamlError>> {
    let mut files = None;
    let mut found = HashMap::new();
    for (id, assessment) in assessments.enumerate() {
        let new: Vec<_> = new_companions(inventory, id, assessment).collect();
        if new.is_empty() {
            continue;
        }
        let original = &inventory.workloads[id].resource;
        let files = files.get_or_insert_with(|| Files::of(&inventory.input));
        let reserved = new.into_iter().map(|companion| match files {
            Ok(files) => Ok((companion, files.reserve(companion, original)?)),
            Err(error) => Err(error.clone()),
        });
        found.insert(id, reserved.collect());
    }
    found
}

struct Writer<'a, 'd> {
    inventory: &'a Inventory<'d>,
    policy: &'a Policy,
    patches: Patches<'a, 'd>,
    outcome: Outcome,
}

impl<'d> Writer<'_, 'd> {
    fn say(&mut self, finding: Finding) {
        self.outcome.findings.push(finding);
    }

    fn left_alone(&mut self) {
        for (id, exclusion) in &self.inventory.left_alone {
            let resource = &self.inventory.input[*id];
            let finding = wording::exclusion(*exclusion, resource);
            self.say(finding.about(resource));
        }
    }

    fn workload(&mut self, id: WorkloadId, workload: &Workload<'d>, draft: Draft) {
        let input = &self.inventory.input;
        if draft.changes() {
            self.outcome.changed.insert(id);
        }
        for (id, splices) in draft.splices {
            self.patches.add(&input[id], splices);
        }
        for (behind, companion) in draft.created {
            self.patches.insert_after(&input[behind], companion);
        }
        for (_, id) in draft.removed {
            if let Err(error) = self.patches.remove(&input[id]) {
                self.say(Finding::from(error).about(&workload.resource));
            }
        }
        self.outcome.findings.extend(draft.findings);
    }

    fn orphans(&mut self) {
        for &(companion, id) in &self.inventory.related.companions.orphaned {
            let message = format!(
                "its original is not in the input: render both together, or remove this {} if the \
                 original is gone for good",
                companion.kind()
            );
            let code = match companion {
                Companion::Sibling => Code::SiblingOrphaned,
                Companion::Budget => Code::BudgetOrphaned,
                Companion::Buffer => Code::BufferOrphaned,
            };
            let finding = Finding::warning(code, message);
            self.say(finding.about(&self.inventory.input[id]));
        }
    }

    /// Said once, and only by a run that writes: the policy is an object of the cluster, of which
    /// manifests know nothing.
    fn admission_policy(&mut self, assessments: &Assessments) {
        let mut changed = self.outcome.changed.iter();
        if changed.any(|id| assessments[*id].is_by_ordinal()) {
            let message = "ordinals: without the admission policy in the cluster, all members run on \
                           on-demand nodes; install it once per cluster with \"spot-distribution \
                           admission-policy | kubectl apply -f -\"";
            self.say(Finding::info(Code::OrdinalsNeedPolicy, message));
        }
    }

    fn finish(self) -> Outcome {
        let mut outcome = self.outcome;
        let (splices, errors) = self.patches.finish();
        outcome.findings.extend(errors);
        let is_check = self.policy.mode == Mode::Check;
        if is_check {
            outcome.findings.iter_mut().for_each(fail_where_unsafe);
        }
        outcome.splices = splices;
        if outcome.is_failure() || is_check {
            outcome.splices.iter_mut().for_each(Vec::clear);
        }
        // A run that changes nothing is silent but for warnings and errors.
        if outcome.changed.is_empty() {
            let matters = |finding: &Finding| finding.severity != Severity::Info;
            outcome.findings.retain(matters);
        }
        outcome
    }
}

/// A check does not let pass what leaves the promise of a strategy unknown.
fn fail_where_unsafe(finding: &mut Finding) {
    let is_warning = finding.severity == Severity::Warning;
    if is_warning && finding.code.fails_check() && !finding.is_accepted {
        finding.severity = Severity::Error;
    }
}
