//! Decisions: what each workload gets, and what there is to say about it.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::{Annotations, AutoscaledBasis, Choice, ConfigProblem, Policy, Subject};
use crate::fields::{foreign, foreign_key, template_annotations_in};
use crate::findings::{Code, Finding};
use crate::inventory::{Inventory, MayConcern, PerWorkload, Workload, WorkloadId};
use crate::krm::Companion;
use crate::krm::annotations::{
    APPLIED, CAPACITY_LABEL, CAPACITY_ON_DEMAND, ON_DEMAND_BASE, ON_DEMAND_PERCENT_ABOVE_BASE,
    REPLICAS, SPOT_FROM_ORDINAL, STRATEGY,
};
use crate::krm::template::{Variable, has_variable};
use crate::placement::{Decision, Exclusion, Facts, Mechanism, Strategy, decide};

use super::budgets::{BudgetChoice, Budgets};
use super::headroom::{Buffers, HeadroomChoice};
use super::names;

/// The longest name of an object, in characters. Source: `NameIsDNSSubdomain` in Kubernetes.
const MAX_NAME: usize = 253;

/// What is decided about one workload.
#[derive(Debug, Clone)]
pub struct Assessment {
    /// The strategy, and where it came from; `None` where the namespace is excluded.
    pub choice: Option<Choice>,
    /// What was known.
    pub facts: Facts,
    /// What follows.
    pub decision: Decision,
    /// Which disruption budget it gets.
    pub budget: BudgetChoice,
    /// Which room is kept for what it loses with its spot nodes.
    pub headroom: HeadroomChoice,
}

impl Assessment {
    /// Whether the workload gets that companion.
    pub fn wants(&self, companion: Companion) -> bool {
        match companion {
            Companion::Sibling => {
                matches!(&self.decision, Decision::Place(placement) if placement.has_sibling())
            }
            Companion::Budget => matches!(self.budget, BudgetChoice::Written(_)),
            Companion::Buffer => matches!(self.headroom, HeadroomChoice::Written(_)),
        }
    }

    /// Whether a budget would guard something.
    pub fn has_floor_to_guard(&self) -> bool {
        matches!(&self.decision, Decision::Place(placement) if placement.budget().is_some())
    }

    /// Whether the cluster's admission policy distinguishes the members of a StatefulSet.
    pub fn is_by_ordinal(&self) -> bool {
        matches!(&self.decision, Decision::Place(placement)
            if matches!(placement.mechanism, Mechanism::Ordinals { .. }))
    }
}

/// What is decided about each workload of an inventory.
pub type Assessments = PerWorkload<Assessment>;

/// Decides about every workload of `inventory`.
///
/// # Errors
/// A finding for every workload about which nothing can be decided.
pub fn assess(inventory: &Inventory<'_>, policy: &Policy) -> Result<Assessments, Vec<Finding>> {
    let mut errors = names::on_namespaces(inventory);
    let workloads = &inventory.workloads;
    let budgets = Budgets::of(inventory, policy);
    let buffers = Buffers::of(inventory, policy);
    let decided = workloads.map(|id, workload| {
        let case = Case {
            inventory,
            policy,
            budgets: &budgets,
            buffers: &buffers,
            id,
            workload,
        };
        case.assess()
    });
    let mut assessments = Vec::with_capacity(decided.len());
    for (workload, assessment) in workloads.iter().zip(decided) {
        match assessment {
            Ok(assessment) => assessments.push(assessment),
            Err(findings) => {
                let about = |finding: Finding| match finding.subject {
                    Some(_) => finding,
                    None => finding.about(&workload.resource),
                };
                let mut findings: Vec<_> = findings.into_iter().map(about).collect();
                // Several workloads may have one autoscaler.
                findings.retain(|finding| !errors.contains(finding));
                errors.extend(findings);
            }
        }
    }
    if errors.is_empty() {
        Ok(assessments.into_iter().collect())
    } else {
        Err(errors)
    }
}

/// A warning for every rule that matched no workload.
pub fn unused_rules(assessments: &Assessments, policy: &Policy) -> Vec<Finding> {
    let choices = assessments
        .iter()
        .filter_map(|assessment| assessment.choice.as_ref());
    let rules = choices.flat_map(|choice| [choice.rule, choice.possible_rule]);
    let used: BTreeSet<usize> = rules.flatten().collect();
    let unused = (0..policy.rules.len()).filter(|index| !used.contains(index));
    unused
        .map(|index| {
            let field = format!("spec.rules[{index}]");
            let message = format!(
                "{field} matched no workload: check its match, or whether an earlier rule takes all of it"
            );
            Finding::warning(Code::RuleUnused, message).at(field)
        })
        .collect()
}

/// A workload that is decided about.
#[derive(Debug, Clone, Copy)]
struct Case<'a, 'd> {
    inventory: &'a Inventory<'d>,
    policy: &'a Policy,
    budgets: &'a Budgets<'d>,
    buffers: &'a Buffers<'d>,
    id: WorkloadId,
    workload: &'a Workload<'d>,
}

impl Case<'_, '_> {
    fn assess(self) -> Result<Assessment, Vec<Finding>> {
        let alone = |finding| vec![finding];
        self.require_mark().map_err(alone)?;
        let facts = self.facts().map_err(alone)?;
        let namespace = self.workload.resource.effective_namespace();
        if self.policy.excludes(namespace) {
            let decision = Decision::LeaveAlone(Exclusion::ExcludedNamespace);
            self.require_marked_template(&decision).map_err(alone)?;
            return Ok(Assessment {
                choice: None,
                facts,
                decision,
                budget: BudgetChoice::None,
                headroom: HeadroomChoice::None,
            });
        }
        let choice = self.choose(&facts)?;
        if choice.strategy != Strategy::Off {
            self.require_readable_replicas().map_err(alone)?;
            self.workload.require_shape().map_err(alone)?;
        }
        let decision = decide(&facts, choice.strategy, choice.share);
        self.require_marked_template(&decision).map_err(alone)?;
        if matches!(decision, Decision::Place(_)) {
            self.require_known_scale().map_err(alone)?;
            self.workload.require_known_keys().map_err(alone)?;
        }
        let budget = self.budgets.choose(self.inventory, self.id, &decision);
        let headroom = self.buffers.choose(self.workload, &facts, &decision);
        let assessment = Assessment {
            choice: Some(choice),
            facts,
            decision,
            budget,
            headroom,
        };
        let wanted = Companion::ALL.into_iter();
        let mut wanted = wanted.filter(|companion| assessment.wants(*companion));
        wanted
            .try_for_each(|companion| self.require_free_name(companion))
            .map_err(alone)?;
        if assessment.wants(Companion::Sibling) {
            self.require_sibling_selector().map_err(alone)?;
            self.require_rollouts()?;
        }
        Ok(assessment)
    }

    /// Without the mark nobody can tell the owner's total from what was written, so a workload that
    /// an earlier run has divided and that has lost its mark must not be touched.
    fn require_mark(self) -> Result<(), Finding> {
        if self.workload.mark().is_some() {
            return Ok(());
        }
        let companions = &self.inventory.related.companions;
        let sibling = companions.of(Companion::Sibling, self.id).first();
        let trace = match (sibling, self.workload.resource.annotation(REPLICAS)?) {
            (Some(&id), _) => format!("its sibling {}", self.inventory.input[id].name),
            (None, Some(_)) => format!("the annotation \"{REPLICAS}\""),
            (None, None) => return Ok(()),
        };
        let message = format!(
            "the annotation \"{APPLIED}\" is missing, but {trace} shows that an earlier run has \
             divided the replicas; restore it from version control, or remove all that was added \
             and write the total into spec.replicas"
        );
        let field = format!("metadata.annotations[\"{APPLIED}\"]");
        Err(Finding::error(Code::InvalidAnnotation, message).at(field))
    }

    /// What stands on the pod template without the mark is nobody's: where the workload is placed it could
    /// not be given back, and an ordinal lifts a pin, also one of the owner's, that a plan counts on.
    fn require_marked_template(self, decision: &Decision) -> Result<(), Finding> {
        if self.workload.mark().is_some() {
            return Ok(());
        }
        let is_placed = matches!(decision, Decision::Place(_));
        let keys = template_annotations_in(self.workload.pod.metadata)?;
        let mut keys = keys.into_iter();
        let Some(key) = keys.find(|key| is_placed || *key == SPOT_FROM_ORDINAL) else {
            return Ok(());
        };
        let message = format!(
            "the annotation \"{APPLIED}\" is missing, but \"{key}\" on the pod template shows that an \
             earlier run has placed the pods; restore it from version control, or remove all that was added"
        );
        let field = format!("spec.template.metadata.annotations[\"{key}\"]");
        Err(Finding::error(Code::InvalidAnnotation, message).at(field))
    }

    /// Why the workload is left alone whatever its strategy. One that is paused after it was placed keeps
    /// its placement: a change of its sibling would roll out what the owner holds back.
    fn excluded(self) -> Result<Option<Exclusion>, Finding> {
        let workload = self.workload;
        if workload.excluded.is_some() {
            return Ok(workload.excluded);
        }
        if let Some(&driver) = self.inventory.related.drivers.get(&self.id) {
            return Ok(Some(Exclusion::Driven(driver)));
        }
        if workload.is_controlled()? {
            return Ok(Some(Exclusion::Controlled));
        }
        let paused = match workload.mark() {
            Some(_) => Exclusion::PausedOncePlaced,
            None => Exclusion::Paused,
        };
        Ok(workload.is_paused()?.then_some(paused))
    }

    fn facts(self) -> Result<Facts, Finding> {
        let workload = self.workload;
        let declared = workload.replicas.wanted().unwrap_or(1);
        let related = &self.inventory.related;
        let is_stopped = declared == 0 && !related.woken.contains(&self.id);
        let autoscaled = related.ranges.get(&self.id).copied();
        let autoscaled = autoscaled.filter(|_| !is_stopped);
        let capacity = &self.policy.capacity;
        let replicas = autoscaled.map_or(declared, |range| range.min);
        let most = autoscaled.and_then(|range| range.max).unwrap_or(replicas);
        Ok(Facts {
            kind: workload.kind,
            replicas,
            basis: match self.policy.autoscaled_basis {
                AutoscaledBasis::Minimum => replicas,
                AutoscaledBasis::Maximum => most.max(replicas),
            },
            autoscaled,
            is_unbounded: related.scaled_otherwise.contains(&self.id),
            constraint: foreign(workload.pod.spec, workload.owned(), capacity)?,
            foreign_key: foreign_key(workload.pod.spec, workload.owned(), capacity)?,
            kept_together: workload.kept_together(capacity)?,
            members: workload.members,
            excluded: self.excluded()?,
            has_sibling: self.inventory.related.companions.has_sibling(self.id),
        })
    }

    fn choose(self, facts: &Facts) -> Result<Choice, Vec<Finding>> {
        let workload = self.workload;
        let resource = &workload.resource;
        let alone = |error| vec![Finding::from(error)];
        let read = |key| resource.annotation(key).map_err(alone);
        let labels = if self.policy.selects_by_label() {
            workload.labels()
        } else {
            BTreeMap::new()
        };
        let subject = Subject {
            kind: workload.kind,
            namespace: resource.effective_namespace(),
            name: resource.name,
            labels: &labels,
            single: facts.is_single_replica(),
            annotations: Annotations {
                strategy: read(STRATEGY)?,
                on_demand_base: read(ON_DEMAND_BASE)?,
                on_demand_percent_above_base: read(ON_DEMAND_PERCENT_ABOVE_BASE)?,
            },
        };
        let mut problems = names::unknown(workload).map_err(alone)?;
        match self.policy.choose(&subject) {
            Ok(choice) if problems.is_empty() => return Ok(choice),
            Ok(_) => {}
            Err(found) => problems.extend(found),
        }
        Err(problems.into_iter().map(finding).collect())
    }

    fn require_readable_replicas(self) -> Result<(), Finding> {
        match &self.workload.replicas.declared {
            Ok(_) => Ok(()),
            Err(bad) => Err(bad.into()),
        }
    }

    /// The API server rejects a sibling whose selector does not match its own pods, and then nothing
    /// holds the floor that the original has given up.
    fn require_sibling_selector(self) -> Result<(), Finding> {
        if self.workload.selects_pods_of_sibling()? {
            return Ok(());
        }
        let message = format!(
            "spec.selector does not match pods with the label {CAPACITY_LABEL}: {CAPACITY_ON_DEMAND}, which \
             those of a sibling have, so Kubernetes would reject it; drop that expression, or use the \
             strategy on-demand"
        );
        Err(Finding::error(Code::UnsupportedStrategy, message).at("spec.selector"))
    }

    /// What is decided rests on how far the workload is scaled, if it is.
    fn require_known_scale(self) -> Result<(), Finding> {
        let related = &self.inventory.related;
        if let Some((autoscaler, error)) = related.unreadable_ranges.get(&self.id) {
            return Err(Finding::from(error.clone()).about(autoscaler));
        }
        let is_needed = self.policy.autoscaled_basis == AutoscaledBasis::Maximum;
        let open_maximum = related.open_maxima.get(&self.id);
        if let Some((autoscaler, open)) = open_maximum.filter(|_| is_needed) {
            return Err(Finding::from(open).about(autoscaler));
        }
        let may_scale = related.may_scale(self.id);
        let may_scale = may_scale.filter(|_| self.workload.replicas.is_absent());
        match may_scale.and_then(|it| Some((it, it.variable.as_ref()?))) {
            Some((may_scale, variable)) => Err(scale_unknown(may_scale, variable)),
            None => Ok(()),
        }
    }

    /// A sibling rolls out as its original does, but for its own limits.
    fn require_rollouts(self) -> Result<(), Vec<Finding>> {
        let problems = self.workload.rollout_problems();
        match problems.map_err(|error| vec![error.into()])? {
            problems if problems.is_empty() => Ok(()),
            problems => Err(problems),
        }
    }

    fn require_free_name(self, companion: Companion) -> Result<(), Finding> {
        let name = companion.name(self.workload.resource.name);
        let noun = companion.noun();
        if name.len() > MAX_NAME {
            let message = format!(
                "the name of its {noun}, \"{name}\", would be longer than {MAX_NAME} characters; \
                 shorten the name of the workload"
            );
            return Err(Finding::error(Code::NameTooLong, message).at("metadata.name"));
        }
        let Some(taken) = self.inventory.related.companions.taken(companion, self.id) else {
            return Ok(());
        };
        let other = &self.inventory.input[taken];
        let file = other.file.map(|file| format!(" ({file})"));
        let message = format!(
            "the name of its {noun}, \"{name}\", is taken by a {} that this function did not make{}; \
             rename one of the two",
            companion.kind(),
            file.unwrap_or_default()
        );
        Err(Finding::error(Code::NameTaken, message).at("metadata.name"))
    }
}

/// A workload without replicas may be one that is autoscaled.
fn scale_unknown(may_scale: &MayConcern<'_>, variable: &Variable<'_>) -> Finding {
    let place = if may_scale.is_of_workload {
        "here"
    } else {
        "there"
    };
    let message = format!(
        "spec.replicas is absent, and {} {} may scale it: {place}, {} is {}, a variable that is filled in later: \
         fill it in first, or set spec.replicas",
        may_scale.resource.kind,
        may_scale.resource.name,
        variable.field,
        variable.node.written()
    );
    Finding::error(Code::UnresolvedVariable, message).at("spec.replicas")
}

/// A problem of a configuration or an annotation as a finding.
pub fn finding(problem: ConfigProblem) -> Finding {
    let message = problem.to_string();
    if problem.code == Code::InvalidAnnotation && has_variable(&message) {
        let message = format!("{message}; a variable that is filled in later: fill it in first");
        return Finding::error(Code::UnresolvedVariable, message).at(problem.path);
    }
    Finding::error(problem.code, message).at(problem.path)
}
