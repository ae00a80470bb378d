//! What becomes of one workload: its edits and its findings, worked out without regard to the
//! other workloads, so that many can be worked out at the same time.

use crate::companion::{CompanionFile, budget_value, buffer_value, sibling_copy, sibling_value};
use crate::config::Mode;
use crate::fields::{self, Additions, Desired, Order, Target};
use crate::findings::{Code, Finding, Severity};
use crate::inventory::{Inventory, Workload, WorkloadId};
use crate::krm::{Companion, Resource, ResourceId};
use crate::placement::{Decision, Exclusion, ForeignKey, Placement};
use yaml_splice::{Edits, Splice, Value, YamlError, reconcile};

use super::patches::{Insertion, inside};
use super::{Assessment, BudgetChoice, HeadroomChoice, warnings, wording};

/// Where the new companions of one workload go.
pub type NewFiles = [(Companion, CompanionFile)];

/// The edits and findings of one workload.
#[derive(Debug, Default)]
pub struct Draft {
    /// Changes inside objects of the input.
    pub splices: Vec<(ResourceId, Vec<Splice>)>,
    /// New companions, each with the object that it stands behind, in their order.
    pub created: Vec<(ResourceId, Insertion)>,
    /// Companions that are removed.
    pub removed: Vec<(Companion, ResourceId)>,
    /// What there is to say.
    pub findings: Vec<Finding>,
}

impl Draft {
    /// Whether anything changes.
    pub fn changes(&self) -> bool {
        !self.splices.is_empty() || !self.created.is_empty() || !self.removed.is_empty()
    }
}

/// The companions that the workload is to get and does not have yet.
pub fn new_companions(
    inventory: &Inventory<'_>,
    id: WorkloadId,
    assessment: &Assessment,
) -> impl Iterator<Item = Companion> {
    let is_new = move |companion: &Companion| {
        let found = inventory.related.companions.of(*companion, id);
        assessment.wants(*companion) && found.is_empty()
    };
    Companion::ALL.into_iter().filter(is_new)
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
    /// Works out what becomes of the workload; `files` is where its new companions go.
    ///
    /// # Errors
    /// A finding where YAML makes an edit ambiguous.
    pub fn draft(self, files: &NewFiles) -> Result<Draft, Finding> {
        let mut draft = Draft::default();
        if !self.keeps_placement() {
            self.place(&mut draft)?;
            let mut last = self.workload().id;
            for companion in Companion::ALL {
                last = self.companion(&mut draft, companion, last, files)?;
            }
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
        self.inventory.related.companions.has_sibling(self.id)
    }

    /// Whether nothing is written, neither into the workload nor into what stands beside it.
    fn keeps_placement(self) -> bool {
        matches!(&self.assessment.decision, Decision::LeaveAlone(exclusion) if exclusion.keeps_placement())
    }

    fn existing(self, companion: Companion) -> &'a [ResourceId] {
        self.inventory.related.companions.of(companion, self.id)
    }

    /// The fields of the workload itself.
    fn place(self, draft: &mut Draft) -> Result<(), Finding> {
        let workload = self.workload();
        let decision = &self.assessment.decision;
        let spreads = matches!(decision, Decision::Place(placement) if placement.spreads());
        let selector = spreads.then(|| workload.selector()).transpose()?;
        let order = self.order()?;
        let target = Target {
            order: order.as_ref(),
            ..workload.target()
        };
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

    /// The annotations that order the workload, where one of them is ours or shall be.
    pub(super) fn order(self) -> Result<Option<Order<'d>>, YamlError> {
        let workload = self.workload();
        let mark = workload.mark();
        let is_wanted = matches!(&self.assessment.decision, Decision::Place(placement)
            if self.additions.puts_behind_sibling(placement));
        if !is_wanted && !workload.is_ordered() {
            return Ok(None);
        }
        Ok(Some(Order::read(&workload.resource, mark)?))
    }

    /// Makes a companion behind the object `last`, or updates the first one and removes the others.
    /// What follows stands behind the one that is returned.
    fn companion(
        self,
        draft: &mut Draft,
        companion: Companion,
        last: ResourceId,
        files: &NewFiles,
    ) -> Result<ResourceId, Finding> {
        let input = &self.inventory.input;
        let existing = self.existing(companion);
        let removed = |ids: &'a [ResourceId]| ids.iter().map(move |id| (companion, *id));
        let resource = existing.first().map(|id| &input[*id]);
        let file = files.iter().find(|(of, _)| *of == companion);
        let file = file.map(|(_, file)| file);
        if let Some(insertion) = self.copied(companion, resource, file) {
            draft.created.push((last, insertion));
            return Ok(last);
        }
        let Some(value) = self.value(companion, resource)? else {
            draft.removed.extend(removed(existing));
            return Ok(last);
        };
        let Some((&first, rest)) = existing.split_first() else {
            let insertion = Insertion::after(input, &input[last], &in_file(value, file))?;
            draft.created.push((last, insertion));
            return Ok(last);
        };
        let changes = inside(input, &input[first], |edits: &mut Edits<'_>| {
            reconcile(edits, input[first].node, &value)
        })?;
        draft
            .splices
            .extend(changes.map(|splices| (first, splices)));
        draft.removed.extend(removed(rest));
        Ok(first)
    }

    /// A new companion that can be copied from the workload, which stands right before it.
    fn copied(
        self,
        companion: Companion,
        existing: Option<&Resource<'_>>,
        file: Option<&CompanionFile>,
    ) -> Option<Insertion> {
        match (&self.assessment.decision, companion, existing) {
            (Decision::Place(placement), Companion::Sibling, None) if placement.has_sibling() => {
                let workload = self.workload();
                // What is wrong is said where it is made of values.
                let copy = sibling_copy(workload, placement.floor, self.additions, file);
                let input = &self.inventory.input;
                Insertion::copy_after(input, &workload.resource, &copy.ok()??)
            }
            _ => None,
        }
    }

    /// A companion as it should be; `None` where there should be none.
    fn value(
        self,
        companion: Companion,
        existing: Option<&Resource<'_>>,
    ) -> Result<Option<Value>, Finding> {
        let workload = self.workload();
        Ok(match companion {
            Companion::Sibling => match &self.assessment.decision {
                Decision::Place(placement) if placement.has_sibling() => {
                    let floor = placement.floor;
                    Some(sibling_value(workload, floor, self.additions, existing)?)
                }
                _ => None,
            },
            Companion::Budget => match self.assessment.budget {
                BudgetChoice::Written(budget) => Some(budget_value(workload, budget, existing)?),
                _ => None,
            },
            Companion::Buffer => match self.assessment.headroom {
                HeadroomChoice::Written(pods) => Some(buffer_value(workload, pods, existing)?),
                _ => None,
            },
        })
    }

    /// Where nothing prunes, a companion that leaves the output stays in the cluster as it is.
    fn report_removed(self, draft: &mut Draft) {
        let mut findings = Vec::new();
        for &(companion, id) in &draft.removed {
            let resource = &self.inventory.input[id];
            let kept = self.existing(companion).first();
            let kept = kept.filter(|first| !draft.removed.contains(&(companion, **first)));
            if kept.is_none_or(|kept| self.inventory.input[*kept].name != resource.name) {
                findings.push(left_output(companion, resource, self.workload()));
            }
        }
        draft.findings.extend(findings);
    }

    fn report(self, draft: &mut Draft) -> Result<(), Finding> {
        let changed = draft.changes();
        let (workload, policy) = (self.workload(), self.additions.policy);
        let finding = match (&self.assessment.decision, policy.mode) {
            (_, Mode::Check) if changed => Some(self.not_placed()),
            (Decision::Place(placement), _) => {
                changed.then(|| Finding::info(Code::Placed, self.placement(placement)))
            }
            (Decision::LeaveAlone(exclusion), _) if changed => Some(reverted(*exclusion, workload)),
            (Decision::LeaveAlone(exclusion), _) => {
                Some(wording::exclusion(*exclusion, &workload.resource))
            }
        };
        draft.findings.extend(finding);
        warnings::of_workload(self, changed, &mut draft.findings)?;
        Finding::all_about(&mut draft.findings, &workload.resource);
        Ok(())
    }

    /// What the placement, its budget and its buffer do.
    fn placement(self, placement: &Placement) -> String {
        let name = self.workload().resource.name;
        let mut text = wording::placement(placement, name);
        if let BudgetChoice::Written(budget) = self.assessment.budget {
            text.extend(["; ", &wording::budget(budget, name)]);
        }
        if let HeadroomChoice::Written(pods) = self.assessment.headroom {
            text.extend(["; ", &wording::buffer(pods, name)]);
        }
        text
    }

    fn not_placed(self) -> Finding {
        let wanted = match &self.assessment.decision {
            Decision::Place(placement) => self.placement(placement),
            Decision::LeaveAlone(exclusion) => {
                wording::left_alone(*exclusion, &self.workload().resource)
            }
        };
        let message =
            format!("placement is missing or out of date: run apply again; expected {wanted}");
        Finding::error(Code::NotPlaced, message)
    }
}

fn in_file(mut value: Value, file: Option<&CompanionFile>) -> Value {
    if let Some(file) = file {
        file.annotate(&mut value);
    }
    value
}

/// The pods of a sibling are the floor until those of the original have taken over, if it is applied.
fn left_output(companion: Companion, resource: &Resource<'_>, original: &Workload<'_>) -> Finding {
    let namespace = resource
        .namespace
        .map(|namespace| format!(" --namespace {namespace}"));
    let is_applied = original.excluded.is_none();
    let original = &original.resource;
    let first = match companion {
        Companion::Sibling if is_applied => format!(
            "wait until {} {} has all its replicas ready, then ",
            original.kind, original.name
        ),
        _ => String::new(),
    };
    let message = format!(
        "this {} leaves the output: {first}prune it, or delete it with kubectl delete {} {}{}",
        companion.noun(),
        companion.kind().to_lowercase(),
        resource.name,
        namespace.unwrap_or_default()
    );
    let code = match companion {
        Companion::Sibling => Code::SiblingRemoved,
        Companion::Budget => Code::BudgetRemoved,
        Companion::Buffer => Code::BufferRemoved,
    };
    Finding::warning(code, message).about(resource)
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
        _ if wording::exclusion(exclusion, &workload.resource).severity != Severity::Info => {
            Finding::warning(Code::Reverted, message)
        }
        _ => Finding::info(Code::Reverted, message),
    }
}
