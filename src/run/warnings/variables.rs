//! Variables that are filled in later, in fields that decide about a warning and nothing else: the
//! placement does not wait for them, but what rests on them cannot be checked.

use crate::findings::{Code, Finding};
use crate::inventory::{Inventory, Workload};
use crate::krm::Resource;
use crate::krm::template::{Variable, has_variable, may_have_variable};
use yaml_splice::{Kind, Node, Position, YamlError};

use super::belonging::{uncertain_budgets, uncertain_references};

/// What is read below the `spec` of a budget.
const BUDGET: [&[&str]; 2] = [&["minAvailable"], &["maxUnavailable"]];

/// What is read below the `spec` of a claim.
const CLAIM: [&[&str]; 1] = [&["accessModes"]];

/// What is read below the `spec` of a workload for warnings.
const WORKLOAD: [&[&str]; 10] = [
    &["paused"],
    &["podManagementPolicy"],
    &["strategy", "rollingUpdate", "maxSurge"],
    &["strategy", "rollingUpdate", "maxUnavailable"],
    &["updateStrategy", "type"],
    &["updateStrategy", "rollingUpdate", "partition"],
    &["updateStrategy", "rollingUpdate", "maxUnavailable"],
    &["template", "spec", "hostNetwork"],
    &["template", "spec", "schedulerName"],
    &["template", "spec", "terminationGracePeriodSeconds"],
];

/// What is read of a topology spread constraint for warnings.
const SPREAD: [&str; 5] = [
    "maxSkew",
    "minDomains",
    "nodeAffinityPolicy",
    "nodeTaintsPolicy",
    "whenUnsatisfiable",
];

/// Adds the variables in `workload` to `found`.
pub(super) fn of_workload(
    workload: &Workload<'_>,
    found: &mut Vec<Finding>,
) -> Result<(), YamlError> {
    let object = workload.resource.node;
    if may_have_variable(object.written()) {
        found.extend(of_fields(object, &WORKLOAD)?);
        found.extend(of_spread(workload)?);
    }
    Ok(())
}

/// The variables in the owner's own topology spread.
fn of_spread(workload: &Workload<'_>) -> Result<Vec<Finding>, YamlError> {
    let mut found = Vec::new();
    let pod = workload.pod.spec;
    for constraint in pod.items_at(&["topologySpreadConstraints"])? {
        let fields = constraint.pick(SPREAD)?.into_iter().flatten();
        let object = workload.resource.node;
        let variables = fields.filter_map(|field| Variable::first(object, field));
        found.extend(variables.map(|variable| of_variable(&variable, NOT_CHECKED)));
    }
    Ok(found)
}

/// The variables in budgets that select pods of a workload, in claims, in what tells whether a budget or an
/// autoscaler belongs to a workload, or what drives one, and in the types of objects.
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
        .chain(uncertain_references(inventory))
        .chain(open_maxima(inventory))
        .chain(open_types(inventory));
    for finding in belonging {
        // Several workloads may have one autoscaler.
        if !all.contains(&finding) {
            all.push(finding);
        }
    }
    all
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

/// Objects that may be workloads, or belong to one, once their type is filled in.
fn open_types(inventory: &Inventory<'_>) -> impl Iterator<Item = Finding> {
    let resources = inventory.input.resources.iter();
    let open = resources.filter(|it| has_variable(it.kind) || has_variable(it.api_version));
    open.filter_map(|resource| {
        let mut fields = ["apiVersion", "kind"].into_iter();
        let variable = fields.find_map(|field| Variable::at(resource.node, &[field]))?;
        let effect = "what the object is is not known, and it is passed through";
        Some(of_variable(&variable, effect).about(resource))
    })
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

pub(super) fn of_variable(Variable { field, node }: &Variable<'_>, effect: &str) -> Finding {
    finding(field.clone(), node.written(), node.position(), effect)
}
