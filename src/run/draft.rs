//! What becomes of one workload: its edits and its findings, worked out without regard to the
//! other workloads, so that many can be worked out at the same time.

use crate::config::Mode;
use crate::fields::{self, Additions, Desired};
use crate::findings::{Code, Finding};
use crate::inventory::{Inventory, Workload, WorkloadId};
use crate::krm::{Resource, ResourceId};
use crate::placement::{Decision, Exclusion, ForeignKey, Placement};
use crate::sibling::{SiblingFile, sibling_value};
use yaml_splice::{Edits, Splice, reconcile};

use super::patches::{Insertion, inside};
use super::{Assessment, warnings, wording};

/// The edits and findings of one workload.
#[derive(Debug, Default)]
pub struct Draft {
    /// Changes inside objects of the input.
    pub splices: Vec<(ResourceId, Vec<Splice>)>,
    /// The new sibling.
    pub sibling: Option<Insertion>,
    /// Siblings that are removed.
    pub removed: Vec<ResourceId>,
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
pub fn is_sibling_new(inventory: &Inventory<'_>, id: WorkloadId, decision: &Decision) -> bool {
    wants_sibling(decision).is_some() && !inventory.related.siblings.of.contains_key(&id)
}

fn wants_sibling(decision: &Decision) -> Option<&Placement> {
    match decision {
        Decision::Place(placement) if placement.has_sibling() => Some(placement),
        _ => None,
    }
}

/// One workload and what has been decided about it.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a, 'd> {
    /// The whole input.
    pub inventory: &'a Inventory<'d>,
    /// What the policy writes.
    pub additions: &'a Additions<'a>,
    /// Which workload it is.
    pub id: WorkloadId,
    /// The decision.
    pub assessment: &'a Assessment,
}

impl<'a, 'd> Case<'a, 'd> {
    /// Works out what becomes of the workload; `file` is where a new sibling goes.
    ///
    /// # Errors
    /// A finding where YAML makes an edit ambiguous.
    pub fn draft(self, file: Option<&SiblingFile>) -> Result<Draft, Finding> {
        let mut draft = Draft::default();
        self.place(&mut draft)?;
        match wants_sibling(&self.assessment.decision) {
            Some(placement) => self.sibling(&mut draft, placement, file)?,
            None => draft.removed.extend(self.siblings()),
        }
        self.report(&mut draft)?;
        self.report_removed(&mut draft);
        Ok(draft)
    }

    /// The workload.
    pub fn workload(self) -> &'a Workload<'d> {
        &self.inventory.workloads[self.id]
    }

    /// Whether an earlier run gave it a sibling.
    pub fn has_sibling(self) -> bool {
        !self.siblings().is_empty()
    }

    fn siblings(self) -> &'a [ResourceId] {
        let found = self.inventory.related.siblings.of.get(&self.id);
        found.map(Vec::as_slice).unwrap_or_default()
    }

    /// The fields of the workload itself.
    fn place(self, draft: &mut Draft) -> Result<(), Finding> {
        let workload = self.workload();
        let decision = &self.assessment.decision;
        let spreads = matches!(decision, Decision::Place(placement) if placement.spreads());
        let selector = spreads.then(|| workload.selector()).transpose()?;
        let target = workload.target();
        let desired = Desired::of(&target, decision, selector.as_ref(), self.additions)?;
        let changes = inside(
            &self.inventory.input,
            &workload.resource,
            |edits: &mut Edits<'_>| fields::write(edits, &target, desired),
        )?;
        let changes = changes.map(|splices| (workload.id, splices));
        draft.splices.extend(changes);
        Ok(())
    }

    /// Makes the sibling, or updates the first and removes the others.
    fn sibling(
        self,
        draft: &mut Draft,
        placement: &Placement,
        file: Option<&SiblingFile>,
    ) -> Result<(), Finding> {
        let (input, workload) = (&self.inventory.input, self.workload());
        let value = |existing: Option<&Resource<'_>>| {
            sibling_value(workload, placement.floor, self.additions, existing)
        };
        let Some((&first, rest)) = self.siblings().split_first() else {
            let mut value = value(None)?;
            if let Some(file) = file {
                file.annotate(&mut value);
            }
            let insertion = Insertion::after(input, &workload.resource, &value)?;
            draft.sibling = Some(insertion);
            return Ok(());
        };
        let existing = &input[first];
        let value = value(Some(existing))?;
        let changes = inside(input, existing, |edits: &mut Edits<'_>| {
            reconcile(edits, existing.node, &value)
        })?;
        let changes = changes.map(|splices| (first, splices));
        draft.splices.extend(changes);
        draft.removed.extend(rest);
        Ok(())
    }

    /// Where nothing prunes, a sibling that leaves the output keeps running as it is.
    fn report_removed(self, draft: &mut Draft) {
        let resources = draft.removed.iter().map(|id| &self.inventory.input[*id]);
        let kept = self
            .siblings()
            .first()
            .filter(|first| !draft.removed.contains(first));
        let kept = kept.map(|id| self.inventory.input[*id].name);
        let gone = resources.filter(|resource| Some(resource.name) != kept);
        let findings: Vec<_> = gone.map(sibling_removed).collect();
        draft.findings.extend(findings);
    }

    fn report(self, draft: &mut Draft) -> Result<(), Finding> {
        let changed = draft.changes();
        let (workload, policy) = (self.workload(), self.additions.policy);
        let finding = match (&self.assessment.decision, policy.mode) {
            (decision, Mode::Check) if changed => Some(not_placed(decision, workload)),
            (Decision::Place(placement), _) => changed.then(|| placed(placement, workload)),
            (Decision::LeaveAlone(exclusion), _) if changed => Some(reverted(*exclusion, workload)),
            (Decision::LeaveAlone(exclusion), _) => {
                Some(wording::exclusion(*exclusion, &workload.resource))
            }
        };
        let about = |finding: Finding| finding.about(&workload.resource);
        draft.findings.extend(finding.map(about));
        let warnings = warnings::of_workload(self)?;
        draft.findings.extend(warnings.into_iter().map(about));
        Ok(())
    }
}

fn placed(placement: &Placement, workload: &Workload<'_>) -> Finding {
    let message = wording::placement(placement, workload.resource.name);
    Finding::info(Code::Placed, message)
}

fn not_placed(decision: &Decision, workload: &Workload<'_>) -> Finding {
    let wanted = match decision {
        Decision::Place(placement) => wording::placement(placement, workload.resource.name),
        Decision::LeaveAlone(exclusion) => wording::left_alone(*exclusion, &workload.resource),
    };
    let message =
        format!("placement is missing or out of date: run apply again; expected {wanted}");
    Finding::error(Code::NotPlaced, message)
}

fn sibling_removed(resource: &Resource<'_>) -> Finding {
    let namespace = resource
        .namespace
        .map(|namespace| format!(" --namespace {namespace}"));
    let message = format!(
        "this sibling leaves the output: prune it, or delete it with kubectl delete deployment {}{}",
        resource.name,
        namespace.unwrap_or_default()
    );
    Finding::warning(Code::SiblingRemoved, message).about(resource)
}

/// Whoever edits what was written may not know that a floor depends on it.
fn reverted(exclusion: Exclusion, workload: &Workload<'_>) -> Finding {
    let why = wording::left_alone(exclusion, &workload.resource);
    let message = format!("{why}; fields added by an earlier run are removed");
    match exclusion {
        Exclusion::Constrained(constraint)
        | Exclusion::ForeignKey(ForeignKey { constraint, .. }) => {
            Finding::warning(Code::Reverted, message).at(constraint.field())
        }
        _ => Finding::info(Code::Reverted, message),
    }
}
