//! Variables that are filled in later in what tells what belongs together: a rule, a budget or an autoscaler and a
//! workload.

use std::collections::BTreeSet;

use crate::config::Origin;
use crate::findings::Finding;
use crate::inventory::{Coverage, Inventory, Related, Workload, WorkloadId, namespace_variable};
use crate::krm::template::Variable;

use super::Case;
use super::scene::several;
use super::variables::of_variable;

/// A rule of the policy of which a variable decides whether it is for the workload.
pub fn of_rule(case: Case<'_, '_>) -> Option<Finding> {
    let choice = case.assessment.choice.as_ref()?;
    let index = choice.possible_rule?;
    if choice.origin == Origin::Annotation {
        return None;
    }
    let rule = &case.additions.policy.rules[index].matching;
    let asked = [
        ("namespace", rule.namespaces.is_some()),
        ("name", rule.names.is_some()),
        ("labels", rule.label_selector.is_some()),
    ];
    let object = case.workload().resource.node;
    let mut asked = asked.into_iter().filter(|(_, is_asked)| *is_asked);
    let variable = asked.find_map(|(field, _)| Variable::at(object, &["metadata", field]))?;
    let effect =
        format!("whether spec.rules[{index}] matches it is not known, and it is passed over");
    Some(of_variable(&variable, &effect))
}

/// Budgets of which a variable, their own or a workload's, decides whether they select the pods of a workload.
pub fn uncertain_budgets(inventory: &Inventory<'_>) -> impl Iterator<Item = Finding> {
    let mut named = BTreeSet::new();
    let budgets = inventory.related.budgets.iter();
    budgets.flat_map(move |coverage| {
        let Coverage {
            resource,
            uncertain,
            ..
        } = coverage;
        if let Some(variable) = variable_of_budget(inventory, coverage) {
            let finding = which(inventory, uncertain).map(|which| {
                let effect = format!("whether it selects the pods of {which} is not known");
                of_variable(&variable, &effect).about(resource)
            });
            return finding.into_iter().collect::<Vec<_>>();
        }
        // Of a variable in their labels each of many budgets may depend: the first is named.
        let found = uncertain.iter().filter_map(|id| {
            let workload = &inventory.workloads[*id];
            let variable = variable_of_pods(coverage, workload)?;
            if !named.insert(*id) {
                return None;
            }
            let name = resource.name;
            let effect =
                format!("whether PodDisruptionBudget {name} selects its pods is not known");
            Some(of_variable(&variable, &effect).about(&workload.resource))
        });
        found.collect()
    })
}

/// The variable of a budget on which it depends whether it selects the pods of a workload.
fn variable_of_budget<'d>(
    inventory: &Inventory<'d>,
    coverage: &Coverage<'d>,
) -> Option<Variable<'d>> {
    let mut workloads = coverage
        .uncertain
        .iter()
        .map(|id| &inventory.workloads[*id]);
    let namespace =
        || workloads.find_map(|it| namespace_variable(&coverage.resource, &it.resource));
    coverage.budget.variable.clone().or_else(namespace)
}

/// The variable of `workload` on which it depends whether the budget selects its pods.
fn variable_of_pods<'d>(
    Coverage {
        budget, resource, ..
    }: &Coverage<'d>,
    workload: &Workload<'d>,
) -> Option<Variable<'d>> {
    let namespace = namespace_variable(&workload.resource, resource);
    namespace.or_else(|| {
        let object = workload.resource.node;
        let labels = workload.pod.metadata?.get_non_null("labels").ok()??;
        labels.entries().find_map(|(key, value)| {
            let value = budget.asks_for(key.text()).then_some(value);
            let value = || value.and_then(|value| Variable::first(object, value));
            Variable::first(object, key).or_else(value)
        })
    })
}

/// Autoscalers, and what drives workloads, of which a variable decides whether they mean a workload.
pub fn uncertain_references(inventory: &Inventory<'_>) -> impl Iterator<Item = Finding> {
    let Related {
        may_scale,
        may_drive,
        ..
    } = &inventory.related;
    let scale = may_scale
        .iter()
        .map(|it| (it, "scales", "its replicas count"));
    let drive = may_drive
        .iter()
        .map(|it| (it, "drives", "it counts as not driven"));
    scale.chain(drive).filter_map(|(may, verb, meanwhile)| {
        let variable = may.variable.as_ref()?;
        let first = &inventory.workloads[*may.workloads.first()?];
        let resource = &may.resource;
        if may.is_of_workload {
            let (kind, name) = (resource.kind, resource.name);
            let effect = format!("whether {kind} {name} {verb} it is not known, and {meanwhile}");
            return Some(of_variable(variable, &effect).about(&first.resource));
        }
        let which = several(first, may.workloads.len());
        let effect = format!("whether it {verb} {which} is not known, and {meanwhile}");
        Some(of_variable(variable, &effect).about(resource))
    })
}

/// `Deployment/web`, or `3 workloads (such as Deployment/web)`; nothing where there are none.
fn which(inventory: &Inventory<'_>, workloads: &[WorkloadId]) -> Option<String> {
    let first = &inventory.workloads[*workloads.first()?];
    Some(several(first, workloads.len()))
}
