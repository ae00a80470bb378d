//! Decisions: what each workload gets, and what there is to say about it.

use std::collections::BTreeSet;

use crate::config::{Annotations, Choice, ConfigProblem, Policy, Subject};
use crate::krm::annotations::{
    APPLIED, ON_DEMAND_BASE, ON_DEMAND_PERCENT_ABOVE_BASE, REPLICAS, STRATEGY,
};
use crate::krm::sibling_name;
use crate::placement::{Decision, Facts, Range, Reason, Strategy, decide};
use crate::results::{Finding, codes};
use crate::workload::{Workload, existing};
use yaml_splice::parallel;

use super::Estate;

/// The longest name of a Deployment, in characters. Source: `NameIsDNSSubdomain` in Kubernetes.
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
}

/// Decides about every workload of `estate`, in its order.
///
/// # Errors
/// A finding for every workload about which nothing can be decided.
pub fn assess(estate: &Estate<'_>, policy: &Policy) -> Result<Vec<Assessment>, Vec<Finding>> {
    let mut assessments = Vec::new();
    let mut errors = Vec::new();
    let decided = parallel::map(&estate.workloads, |position, workload| {
        one(estate, policy, position, workload)
    });
    for (workload, assessment) in estate.workloads.iter().zip(decided) {
        match assessment {
            Ok(assessment) => assessments.push(assessment),
            Err(findings) => {
                errors.extend(
                    findings
                        .into_iter()
                        .map(|finding| finding.about(&workload.resource)),
                );
            }
        }
    }
    if errors.is_empty() {
        Ok(assessments)
    } else {
        Err(errors)
    }
}

/// A warning for every rule that matched no workload.
pub fn unused_rules(assessments: &[Assessment], policy: &Policy) -> Vec<Finding> {
    let choices = assessments
        .iter()
        .filter_map(|assessment| assessment.choice.as_ref());
    let used: BTreeSet<usize> = choices.filter_map(|choice| choice.rule).collect();
    let unused = (0..policy.rules.len()).filter(|index| !used.contains(index));
    unused
        .map(|index| {
            let field = format!("spec.rules[{index}]");
            let message = format!(
                "{field} matched no workload: check its match, or whether an earlier rule takes all of it"
            );
            Finding::warning(codes::RULE_UNUSED, message).at(field)
        })
        .collect()
}

fn one(
    estate: &Estate<'_>,
    policy: &Policy,
    position: usize,
    workload: &Workload<'_>,
) -> Result<Assessment, Vec<Finding>> {
    mark_is_there(estate, position, workload).map_err(|finding| vec![finding])?;
    let autoscaled = estate.surroundings.ranges.get(&position).copied();
    let facts = facts(workload, policy, autoscaled).map_err(|finding| vec![finding])?;
    if policy.excludes(workload.resource.effective_namespace()) {
        let decision = Decision::LeaveAlone(Reason::ExcludedNamespace);
        return Ok(Assessment {
            choice: None,
            facts,
            decision,
        });
    }
    let choice = choose(workload, policy, &facts)?;
    if choice.strategy != Strategy::Off {
        readable_replicas(workload).map_err(|finding| vec![finding])?;
    }
    let decision = decide(&facts, choice.strategy, choice.share);
    if matches!(&decision, Decision::Place(placement) if placement.has_sibling()) {
        room_for_sibling(estate, position, workload).map_err(|finding| vec![finding])?;
    }
    Ok(Assessment {
        choice: Some(choice),
        facts,
        decision,
    })
}

/// Without the mark nobody can tell the owner's total from what was written, so a workload that an
/// earlier run has divided and that has lost its mark must not be touched.
fn mark_is_there(
    estate: &Estate<'_>,
    position: usize,
    workload: &Workload<'_>,
) -> Result<(), Finding> {
    let sibling = estate.surroundings.siblings.of.get(&position);
    let sibling = sibling.and_then(|indices| indices.first());
    let trace = match (sibling, workload.resource.annotation(REPLICAS)?) {
        _ if workload.mark.is_some() => return Ok(()),
        (Some(&index), _) => format!("its sibling {}", estate.input.resources[index].name),
        (None, Some(_)) => format!("the annotation \"{REPLICAS}\""),
        (None, None) => return Ok(()),
    };
    let message = format!(
        "the annotation \"{APPLIED}\" is missing, but {trace} shows that an earlier run has \
         divided the replicas; restore it from version control, or remove all that was added and \
         write the total into spec.replicas"
    );
    let field = format!("metadata.annotations[\"{APPLIED}\"]");
    Err(Finding::error(codes::INVALID_ANNOTATION, message).at(field))
}

fn facts(
    workload: &Workload<'_>,
    policy: &Policy,
    autoscaled: Option<Range>,
) -> Result<Facts, Finding> {
    let declared = workload.declared.clone().unwrap_or_default();
    Ok(Facts {
        kind: workload.kind,
        replicas: autoscaled.map_or(declared.unwrap_or(1), |range| range.min),
        autoscaled,
        constraint: existing(workload.pod, &workload.owned, &policy.capacity.key)?,
    })
}

fn choose(workload: &Workload<'_>, policy: &Policy, facts: &Facts) -> Result<Choice, Vec<Finding>> {
    let resource = &workload.resource;
    let read = |key| {
        resource
            .annotation(key)
            .map_err(|error| vec![Finding::from(error)])
    };
    let subject = Subject {
        kind: workload.kind,
        namespace: resource.effective_namespace(),
        name: resource.name,
        labels: &workload.labels(),
        single: facts.is_single_replica(),
        annotations: Annotations {
            strategy: read(STRATEGY)?,
            on_demand_base: read(ON_DEMAND_BASE)?,
            on_demand_percent_above_base: read(ON_DEMAND_PERCENT_ABOVE_BASE)?,
        },
    };
    let keys = resource
        .annotation_keys()
        .map_err(|error| vec![Finding::from(error)])?;
    let mut problems = crate::config::misspelt_annotations(keys);
    match policy.choose(&subject) {
        Ok(choice) if problems.is_empty() => return Ok(choice),
        Ok(_) => {}
        Err(found) => problems.extend(found),
    }
    Err(problems.into_iter().map(finding).collect())
}

/// A problem of a configuration or an annotation as a finding.
pub fn finding(problem: ConfigProblem) -> Finding {
    let message = problem.to_string();
    Finding::error(problem.code, message).at(problem.path)
}

fn readable_replicas(workload: &Workload<'_>) -> Result<(), Finding> {
    match &workload.declared {
        Ok(_) => Ok(()),
        Err(bad) => Err(bad.into()),
    }
}

fn room_for_sibling(
    estate: &Estate<'_>,
    position: usize,
    workload: &Workload<'_>,
) -> Result<(), Finding> {
    let name = workload.resource.name;
    let sibling = sibling_name(name);
    if sibling.len() > MAX_NAME {
        let message = format!(
            "the sibling's name \"{sibling}\" would be longer than {MAX_NAME} \
             characters; shorten the name, or use strategy \"spread\""
        );
        return Err(Finding::error(codes::NAME_TOO_LONG, message).at("metadata.name"));
    }
    let Some(&taken) = estate.surroundings.siblings.taken.get(&position) else {
        return Ok(());
    };
    let other = &estate.input.resources[taken];
    let message = format!(
        "the name of the sibling, \"{}\", is taken by a Deployment that this function did not \
         make{}; rename it, or use strategy \"spread\"",
        other.name,
        other
            .file
            .map(|file| format!(" ({file})"))
            .unwrap_or_default()
    );
    Err(Finding::error(codes::NAME_TAKEN, message).at("metadata.name"))
}
