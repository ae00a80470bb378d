//! Edits: decisions written into the documents they came from.

use crate::config::{Mode, Policy};
use crate::krm::Resource;
use crate::manifest::{self, Desired, Files, sibling_value};
use crate::placement::{Decision, Placement, Reason};
use crate::results::{Finding, Severity, codes};
use crate::workload::Workload;
use crate::yaml::{Edits, Splice, reconcile};

use super::assess::unused_rules;
use super::patches::Patches;
use super::{Assessment, Estate, describe, warnings};

/// What a run comes to.
#[derive(Debug)]
pub struct Outcome {
    /// Everything there is to say.
    pub findings: Vec<Finding>,
    /// The changes to each source, in the order of the sources; nothing where there is an error.
    pub splices: Vec<Vec<Splice>>,
}

impl Outcome {
    /// Whether nothing may be changed and the run has failed.
    pub fn is_failure(&self) -> bool {
        self.findings.iter().any(Finding::is_error)
    }
}

/// Writes the decisions about `estate` as edits. In check mode nothing is changed, and each
/// workload that would be is an error.
pub fn enforce(estate: &Estate<'_>, assessments: &[Assessment], policy: &Policy) -> Outcome {
    let mut writer = Writer {
        estate,
        policy,
        patches: Patches::new(&estate.input),
        files: None,
        findings: estate.left_alone.clone(),
        changed: false,
    };
    for (position, assessment) in assessments.iter().enumerate() {
        let workload = &estate.workloads[position];
        if let Err(finding) = writer.workload(position, assessment) {
            writer.findings.push(finding.about(&workload.resource));
        }
    }
    writer.orphans();
    writer
        .findings
        .extend(warnings::of_budgets(estate, assessments));
    writer.findings.extend(unused_rules(assessments, policy));
    writer.finish()
}

struct Writer<'a, 'd> {
    estate: &'a Estate<'d>,
    policy: &'a Policy,
    patches: Patches<'a, 'd>,
    /// Made when the first sibling is.
    files: Option<Files<'d>>,
    findings: Vec<Finding>,
    changed: bool,
}

impl<'d> Writer<'_, 'd> {
    fn workload(&mut self, position: usize, assessment: &Assessment) -> Result<(), Finding> {
        let estate = self.estate;
        let workload = &estate.workloads[position];
        let desired = Desired::of(workload, &assessment.decision, self.policy)?;
        let write = |edits: &mut Edits<'d>| manifest::write(edits, workload, &desired);
        let itself_changed = self.patches.inside(&workload.resource, write)?;
        let sibling_changed = self.siblings(position, &assessment.decision)?;
        let changed = itself_changed || sibling_changed;
        self.changed |= changed;
        self.report(workload, assessment, changed)?;
        Ok(())
    }

    /// Makes, updates or takes away the sibling. Returns whether anything changed.
    fn siblings(&mut self, position: usize, decision: &Decision) -> Result<bool, Finding> {
        let estate = self.estate;
        let workload = &estate.workloads[position];
        let found = estate.surroundings.siblings.of.get(&position);
        let found: Vec<_> = found
            .into_iter()
            .flatten()
            .map(|&index| &estate.input.resources[index])
            .collect();
        let Decision::Place(placement) = decision else {
            return self.remove_siblings(&found);
        };
        if !placement.has_sibling() {
            return self.remove_siblings(&found);
        }
        let Some((first, rest)) = found.split_first() else {
            let mut value = sibling_value(workload, placement.floor, self.policy, None)?;
            self.files()?.place(&mut value, &workload.resource)?;
            self.patches.insert_after(&workload.resource, &value)?;
            return Ok(true);
        };
        let value = sibling_value(workload, placement.floor, self.policy, Some(first))?;
        let write = |edits: &mut Edits<'d>| reconcile(edits, first.node, &value);
        let changed = self.patches.inside(first, write)?;
        Ok(self.remove_siblings(rest)? || changed)
    }

    fn files(&mut self) -> Result<&mut Files<'d>, Finding> {
        let files = match self.files.take() {
            Some(files) => files,
            None => Files::of(&self.estate.input)?,
        };
        Ok(self.files.insert(files))
    }

    fn remove_siblings(&mut self, siblings: &[&Resource<'d>]) -> Result<bool, Finding> {
        for sibling in siblings {
            self.patches.remove(sibling)?;
        }
        Ok(!siblings.is_empty())
    }

    fn report(
        &mut self,
        workload: &Workload<'d>,
        assessment: &Assessment,
        changed: bool,
    ) -> Result<(), Finding> {
        let finding = match (&assessment.decision, self.policy.mode) {
            (_, Mode::Check) if changed => Some(not_placed(&assessment.decision, workload)),
            (Decision::Place(placement), _) => changed.then(|| placed(placement, workload)),
            (Decision::LeaveAlone(reason), _) => Some(left_alone(*reason, changed)),
        };
        let about = |finding: Finding| finding.about(&workload.resource);
        self.findings.extend(finding.map(about));
        let warnings = warnings::of_workload(self.estate, self.policy, workload, assessment)?;
        self.findings.extend(warnings.into_iter().map(about));
        Ok(())
    }

    fn orphans(&mut self) {
        for &index in &self.estate.surroundings.siblings.orphaned {
            let sibling = &self.estate.input.resources[index];
            let message = "its original is not in the input: render both together, or remove this \
                           Deployment if the original is gone for good";
            let finding = Finding::warning(codes::SIBLING_ORPHANED, message);
            self.findings.push(finding.about(sibling));
        }
    }

    fn finish(self) -> Outcome {
        let Self {
            patches,
            mut findings,
            changed,
            policy,
            ..
        } = self;
        let (mut splices, errors) = patches.finish();
        findings.extend(errors);
        if policy.mode == Mode::Check {
            findings.iter_mut().for_each(fail_where_unsafe);
        }
        let failed = findings.iter().any(Finding::is_error);
        if failed || policy.mode == Mode::Check {
            splices.iter_mut().for_each(Vec::clear);
        }
        // A run that changes nothing is silent but for warnings and errors.
        if !changed {
            findings.retain(|finding| finding.severity != Severity::Info);
        }
        Outcome { findings, splices }
    }
}

/// What a check does not let pass although it would be written: the promise of the strategy is not
/// known to hold, or the workload is not protected at all.
const UNSAFE: [&str; 5] = [
    codes::AUTOSCALED_SPREAD,
    codes::OTHER_SCHEDULER,
    codes::SHARED_VOLUME,
    codes::SELECTOR_MISMATCH,
    codes::UNSUPPORTED_API_VERSION,
];

fn fail_where_unsafe(finding: &mut Finding) {
    if UNSAFE.contains(&finding.code) {
        finding.severity = Severity::Error;
    }
}

fn placed(placement: &Placement, workload: &Workload<'_>) -> Finding {
    Finding::info(
        codes::PLACED,
        describe::placement(placement, workload.resource.name),
    )
}

fn not_placed(decision: &Decision, workload: &Workload<'_>) -> Finding {
    let wanted = match decision {
        Decision::Place(placement) => describe::placement(placement, workload.resource.name),
        Decision::LeaveAlone(reason) => describe::reason(*reason),
    };
    let message =
        format!("does not carry its placement, render it again; the policy says {wanted}");
    Finding::error(codes::NOT_PLACED, message)
}

fn left_alone(reason: Reason, changed: bool) -> Finding {
    if changed {
        let message = format!(
            "{}; what an earlier run added is taken back",
            describe::reason(reason)
        );
        // Whoever edits what was written may not know that a floor hangs on it.
        return match reason {
            Reason::Constrained(constraint) => {
                Finding::warning(codes::TAKEN_BACK, message).at(constraint.field())
            }
            _ => Finding::info(codes::TAKEN_BACK, message),
        };
    }
    let (code, _) = describe::left_alone(reason);
    let finding = Finding::info(code, describe::reason(reason));
    match reason {
        Reason::Constrained(constraint) => finding.at(constraint.field()),
        _ => finding,
    }
}
