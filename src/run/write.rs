//! Edits: decisions written into the documents they came from.

use std::collections::HashMap;

use crate::config::{Mode, Policy};
use crate::manifest::{Additions, Files, SiblingFile};
use crate::results::{Finding, Severity, codes};
use crate::workload::Workload;
use yaml_splice::parallel;
use yaml_splice::{Splice, YamlError};

use super::assess::unused_rules;
use super::draft::{Draft, draft, is_sibling_new};
use super::patches::Patches;
use super::{Assessment, Estate, warnings};

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
        findings: estate.left_alone.clone(),
        changed: false,
    };
    let files = sibling_files(estate, assessments);
    let additions = Additions::of(policy);
    let drafts = parallel::map(assessments, |position, assessment| {
        match files.get(&position).cloned().transpose() {
            Ok(file) => draft(estate, &additions, position, assessment, file.as_ref()),
            Err(error) => Err(error.into()),
        }
    });
    for (workload, draft) in estate.workloads.iter().zip(drafts) {
        match draft {
            Ok(draft) => writer.workload(workload, draft),
            Err(finding) => writer.findings.push(finding.about(&workload.resource)),
        }
    }
    writer.orphans();
    writer
        .findings
        .extend(warnings::of_budgets(estate, assessments));
    writer.findings.extend(unused_rules(assessments, policy));
    writer.finish()
}

/// Where the new siblings go, by the positions of their originals: each takes the next index of
/// its file, so this is done in order.
fn sibling_files(
    estate: &Estate<'_>,
    assessments: &[Assessment],
) -> HashMap<usize, Result<SiblingFile, YamlError>> {
    let new = assessments
        .iter()
        .enumerate()
        .filter(|(position, assessment)| is_sibling_new(estate, *position, &assessment.decision));
    let mut files = None;
    new.map(|(position, _)| {
        let original = &estate.workloads[position].resource;
        let files = files.get_or_insert_with(|| Files::of(&estate.input));
        let file = match files {
            Ok(files) => files.reserve(original),
            Err(error) => Err(error.clone()),
        };
        (position, file)
    })
    .collect()
}

struct Writer<'a, 'd> {
    estate: &'a Estate<'d>,
    policy: &'a Policy,
    patches: Patches<'a, 'd>,
    findings: Vec<Finding>,
    changed: bool,
}

impl<'d> Writer<'_, 'd> {
    fn workload(&mut self, workload: &Workload<'d>, draft: Draft) {
        let resources = &self.estate.input.resources;
        self.changed |= draft.changes();
        for (index, splices) in draft.splices {
            self.patches.add(&resources[index], splices);
        }
        if let Some(sibling) = draft.sibling {
            self.patches.insert_after(&workload.resource, sibling);
        }
        for index in draft.removed {
            let sibling = &resources[index];
            if let Err(error) = self.patches.remove(sibling) {
                self.findings
                    .push(Finding::from(error).about(&workload.resource));
            }
        }
        self.findings.extend(draft.findings);
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
