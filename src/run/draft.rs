//! What becomes of one workload: its edits and its findings, worked out without regard to the
//! other workloads, so that many can be worked out at the same time.

use crate::config::{Mode, Policy};
use crate::krm::Resource;
use crate::manifest::{self, Additions, Desired, SiblingFile, sibling_value};
use crate::placement::{Decision, Placement, Reason};
use crate::results::{Finding, codes};
use crate::workload::Workload;
use yaml_splice::{Edits, Splice, reconcile};

use super::patches::{Insertion, inside};
use super::{Assessment, Estate, describe, warnings};

/// The edits and findings of one workload.
#[derive(Debug, Default)]
pub struct Draft {
    /// Changes inside objects of the input, by their index.
    pub splices: Vec<(usize, Vec<Splice>)>,
    /// The new sibling.
    pub sibling: Option<Insertion>,
    /// Siblings that are taken away, by their index.
    pub removed: Vec<usize>,
    /// What there is to say.
    pub findings: Vec<Finding>,
}

impl Draft {
    /// Whether anything changes.
    pub fn changes(&self) -> bool {
        !self.splices.is_empty() || self.sibling.is_some() || !self.removed.is_empty()
    }
}

/// Whether `decision` asks for a sibling that is not there.
pub fn is_sibling_new(estate: &Estate<'_>, position: usize, decision: &Decision) -> bool {
    let wanted = matches!(decision, Decision::Place(placement) if placement.has_sibling());
    wanted && !estate.surroundings.siblings.of.contains_key(&position)
}

/// Works out what becomes of the workload at `position`; `file` is where a new sibling goes.
///
/// # Errors
/// A finding where YAML makes an edit ambiguous.
pub fn draft(
    estate: &Estate<'_>,
    additions: &Additions<'_>,
    position: usize,
    assessment: &Assessment,
    file: Option<&SiblingFile>,
) -> Result<Draft, Finding> {
    let workload = &estate.workloads[position];
    let desired = Desired::of(workload, &assessment.decision, additions)?;
    let mut draft = Draft::default();
    let changes = inside(
        &estate.input,
        &workload.resource,
        |edits: &mut Edits<'_>| manifest::write(edits, workload, desired),
    )?;
    draft
        .splices
        .extend(changes.map(|splices| (workload.index, splices)));
    siblings(
        &mut draft,
        estate,
        additions,
        position,
        &assessment.decision,
        file,
    )?;
    report(&mut draft, estate, additions.policy, workload, assessment)?;
    Ok(draft)
}

/// Makes, updates or takes away the sibling.
fn siblings(
    draft: &mut Draft,
    estate: &Estate<'_>,
    additions: &Additions<'_>,
    position: usize,
    decision: &Decision,
    file: Option<&SiblingFile>,
) -> Result<(), Finding> {
    let workload = &estate.workloads[position];
    let found = estate.surroundings.siblings.of.get(&position);
    let found = found.map(Vec::as_slice).unwrap_or_default();
    let placement = match decision {
        Decision::Place(placement) if placement.has_sibling() => placement,
        _ => {
            draft.removed.extend(found);
            return Ok(());
        }
    };
    let value = |existing: Option<&Resource<'_>>| {
        sibling_value(workload, placement.floor, additions, existing)
    };
    let Some((&first, rest)) = found.split_first() else {
        let mut value = value(None)?;
        if let Some(file) = file {
            file.annotate(&mut value);
        }
        draft.sibling = Some(Insertion::behind(
            &estate.input,
            &workload.resource,
            &value,
        )?);
        return Ok(());
    };
    let existing = &estate.input.resources[first];
    let value = value(Some(existing))?;
    let changes = inside(&estate.input, existing, |edits: &mut Edits<'_>| {
        reconcile(edits, existing.node, &value)
    })?;
    draft
        .splices
        .extend(changes.map(|splices| (first, splices)));
    draft.removed.extend(rest);
    Ok(())
}

fn report(
    draft: &mut Draft,
    estate: &Estate<'_>,
    policy: &Policy,
    workload: &Workload<'_>,
    assessment: &Assessment,
) -> Result<(), Finding> {
    let changed = draft.changes();
    let finding = match (&assessment.decision, policy.mode) {
        (_, Mode::Check) if changed => Some(not_placed(&assessment.decision, workload)),
        (Decision::Place(placement), _) => changed.then(|| placed(placement, workload)),
        (Decision::LeaveAlone(reason), _) => Some(left_alone(*reason, changed)),
    };
    let about = |finding: Finding| finding.about(&workload.resource);
    draft.findings.extend(finding.map(about));
    let warnings = warnings::of_workload(estate, policy, workload, assessment)?;
    draft.findings.extend(warnings.into_iter().map(about));
    Ok(())
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
