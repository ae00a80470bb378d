//! Variables that are filled in later, in fields that decide about a warning and nothing else: the
//! placement does not wait for them, but what rests on them cannot be checked.

use crate::findings::{Code, Finding};
use crate::inventory::{Coverage, Inventory, Workload, WorkloadId};
use crate::krm::Resource;
use crate::krm::template::{Variable, has_variable, may_have_variable};
use yaml_splice::{Kind, Node, Position, YamlError};

use super::scene::several;

/// What is read below the `spec` of a budget.
const BUDGET: [&[&str]; 2] = [&["minAvailable"], &["maxUnavailable"]];

/// What is read below the `spec` of a claim.
const CLAIM: [&[&str]; 1] = [&["accessModes"]];

/// What is read below the `spec` of a workload for warnings.
const WORKLOAD: [&[&str]; 7] = [
    &["paused"],
    &["strategy", "rollingUpdate", "maxSurge"],
    &["strategy", "rollingUpdate", "maxUnavailable"],
    &["updateStrategy", "rollingUpdate", "partition"],
    &["updateStrategy", "rollingUpdate", "maxUnavailable"],
    &["template", "spec", "hostNetwork"],
    &["template", "spec", "terminationGracePeriodSeconds"],
];

/// Adds the variables in `workload` to `found`.
pub(super) fn of_workload(
    workload: &Workload<'_>,
    found: &mut Vec<Finding>,
) -> Result<(), YamlError> {
    found.extend(of_fields(workload.resource.node, &WORKLOAD)?);
    Ok(())
}

/// The variables in budgets that select pods of a workload, in claims, and in what tells whether a budget or an
/// autoscaler belongs to a workload.
pub fn of_variables(inventory: &Inventory<'_>) -> Vec<Finding> {
    let budgets = inventory.related.budgets.iter();
    let budgets = budgets.filter(|coverage| !coverage.workloads.is_empty());
    let budgets = budgets.map(|coverage| (&coverage.resource, &BUDGET[..]));
    let resources = inventory.input.resources.iter();
    let is_claim = |resource: &&Resource<'_>| resource.is("", "PersistentVolumeClaim");
    let claims = resources.filter(is_claim).map(|claim| (claim, &CLAIM[..]));
    let all = budgets.chain(claims);
    let mut all: Vec<_> = all
        .flat_map(|(resource, fields)| {
            let found = of_fields(resource.node, fields).unwrap_or_else(|error| vec![error.into()]);
            found.into_iter().map(|finding| finding.about(resource))
        })
        .collect();
    let belonging = uncertain_budgets(inventory)
        .chain(uncertain_autoscalers(inventory))
        .chain(open_maxima(inventory));
    for finding in belonging {
        // Several workloads may have one autoscaler.
        if !all.contains(&finding) {
            all.push(finding);
        }
    }
    all
}

/// Budgets of which a variable decides whether they select the pods of a workload.
fn uncertain_budgets(inventory: &Inventory<'_>) -> impl Iterator<Item = Finding> {
    inventory.related.budgets.iter().filter_map(|coverage| {
        let Coverage {
            budget,
            resource,
            uncertain,
            ..
        } = coverage;
        let namespace = || Variable::at(resource.node, &["metadata", "namespace"]);
        let variable = budget.variable.clone().or_else(namespace)?;
        let which = which(inventory, uncertain)?;
        let effect = format!("whether it selects the pods of {which} is not known");
        Some(of_variable(&variable, &effect).about(resource))
    })
}

/// Autoscalers of which a variable decides whether they scale a workload.
fn uncertain_autoscalers(inventory: &Inventory<'_>) -> impl Iterator<Item = Finding> {
    inventory.related.may_scale.iter().filter_map(|may_scale| {
        let variable = may_scale.variable.as_ref()?;
        let which = which(inventory, &may_scale.workloads)?;
        let effect = format!("whether it scales {which} is not known, and its replicas count");
        Some(of_variable(variable, &effect).about(&may_scale.resource))
    })
}

/// Autoscalers that have a variable in place of their maximum.
fn open_maxima(inventory: &Inventory<'_>) -> impl Iterator<Item = Finding> {
    let related = &inventory.related;
    let workloads = inventory.workloads.enumerate();
    workloads.filter_map(|(id, _)| {
        let (autoscaler, open) = related.open_maxima.get(&id)?;
        let found = finding(open.field.clone(), &open.found, open.at, NOT_CHECKED);
        Some(found.about(autoscaler))
    })
}

/// `Deployment/web`, or `3 workloads (such as Deployment/web)`; nothing where there are none.
fn which(inventory: &Inventory<'_>, workloads: &[WorkloadId]) -> Option<String> {
    let first = &inventory.workloads[*workloads.first()?];
    Some(several(first, workloads.len()))
}

/// The variables in `fields` below the `spec` of `object`.
fn of_fields(object: Node<'_>, fields: &[&[&str]]) -> Result<Vec<Finding>, YamlError> {
    let mut found = Vec::new();
    if !may_have_variable(object.written()) {
        return Ok(found);
    }
    let Some(spec) = object.get_non_null("spec")? else {
        return Ok(found);
    };
    for path in fields {
        let Some(node) = spec.at(path)? else {
            continue;
        };
        let scalar = (node.kind() == Kind::Scalar).then_some(node);
        let mut values = node.items().chain(scalar);
        let variable = values.find(|node| has_variable(node.text()));
        found.extend(variable.map(|node| {
            let field = format!("spec.{}", path.join("."));
            finding(field, node.written(), node.position(), NOT_CHECKED)
        }));
    }
    Ok(found)
}

const NOT_CHECKED: &str = "what depends on it is not checked";

fn finding(field: String, found: &str, at: Position, effect: &str) -> Finding {
    let message = format!("{field}: found {found}, a variable that is filled in later: {effect}");
    let finding = Finding::warning(Code::UnresolvedVariable, message);
    finding.located(Some(at)).at(field)
}

fn of_variable(Variable { field, node }: &Variable<'_>, effect: &str) -> Finding {
    finding(field.clone(), node.written(), node.position(), effect)
}
