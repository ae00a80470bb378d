//! Variables that are filled in later, in fields that decide about a warning and nothing else: the
//! placement does not wait for them, but what rests on them cannot be checked.

use crate::findings::{Code, Finding};
use crate::inventory::{Inventory, Workload};
use crate::krm::Resource;
use crate::krm::template::{has_variable, may_have_variable};
use yaml_splice::{Kind, Node, YamlError};

/// What is read of a budget.
const BUDGET: [&[&str]; 2] = [&["spec", "minAvailable"], &["spec", "maxUnavailable"]];

/// What is read of a claim.
const CLAIM: [&[&str]; 1] = [&["spec", "accessModes"]];

/// What is read of a workload for warnings.
const WORKLOAD: [&[&str]; 7] = [
    &["spec", "paused"],
    &["spec", "strategy", "rollingUpdate", "maxSurge"],
    &["spec", "strategy", "rollingUpdate", "maxUnavailable"],
    &["spec", "updateStrategy", "rollingUpdate", "partition"],
    &["spec", "updateStrategy", "rollingUpdate", "maxUnavailable"],
    &["spec", "template", "spec", "hostNetwork"],
    &["spec", "template", "spec", "terminationGracePeriodSeconds"],
];

/// The variables in `workload`.
pub(super) fn of_workload(workload: &Workload<'_>) -> Result<Vec<Finding>, YamlError> {
    found(workload.resource.node, &WORKLOAD)
}

/// The variables in budgets that select pods of a workload, and in claims.
pub fn of_variables(inventory: &Inventory<'_>) -> Vec<Finding> {
    let budgets = inventory.related.budgets.iter();
    let budgets = budgets.filter(|coverage| !coverage.workloads.is_empty());
    let budgets = budgets.map(|coverage| (&coverage.resource, &BUDGET[..]));
    let resources = inventory.input.resources.iter();
    let is_claim = |resource: &&Resource<'_>| resource.is("", "PersistentVolumeClaim");
    let claims = resources.filter(is_claim).map(|claim| (claim, &CLAIM[..]));
    let all = budgets.chain(claims);
    all.flat_map(|(resource, fields)| {
        let found = found(resource.node, fields).unwrap_or_else(|error| vec![error.into()]);
        found.into_iter().map(|finding| finding.about(resource))
    })
    .collect()
}

fn found(object: Node<'_>, fields: &[&[&str]]) -> Result<Vec<Finding>, YamlError> {
    let mut found = Vec::new();
    if !may_have_variable(object.written()) {
        return Ok(found);
    }
    for path in fields {
        let Some(node) = object.at(path)? else {
            continue;
        };
        let mut values: Vec<_> = node.items().collect();
        if node.kind() == Kind::Scalar {
            values.push(node);
        }
        let variable = values.into_iter().find(|node| has_variable(node.text()));
        found.extend(variable.map(|node| finding(path.join("."), node)));
    }
    Ok(found)
}

fn finding(field: String, node: Node<'_>) -> Finding {
    let message = format!(
        "{field}: found {}, a variable that is filled in later: what depends on it is not checked",
        node.written()
    );
    let finding = Finding::warning(Code::UnresolvedVariable, message);
    finding.located(Some(node.position())).at(field)
}
