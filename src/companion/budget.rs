//! The `PodDisruptionBudget` that guards a floor.

use crate::findings::Finding;
use crate::inventory::Workload;
use crate::krm::annotations::{CAPACITY_LABEL, CAPACITY_ON_DEMAND, POD_INDEX_LABEL};
use crate::krm::{Companion, Resource};
use crate::placement::{BudgetLimit, FloorBudget, GuardedPods};
use yaml_splice::Value;

use super::metadata::adopt;

/// The budget of `workload` as it should be; `existing` is the one that an earlier run made.
///
/// Pods that run and are not ready may always be evicted: a budget that nothing meets would keep
/// them on a node that drains. Source: `unhealthyPodEvictionPolicy`, on by default since
/// Kubernetes 1.27.
///
/// # Errors
/// Where YAML makes the metadata or the selector of the workload ambiguous.
pub fn budget_value(
    workload: &Workload<'_>,
    budget: FloorBudget,
    existing: Option<&Resource<'_>>,
) -> Result<Value, Finding> {
    let original = workload.resource.metadata();
    let metadata = original.map_or(Ok(Value::Null), Value::from_node)?;
    let (field, pods) = match budget.limit {
        BudgetLimit::MaxUnavailable(pods) => ("maxUnavailable", pods),
        BudgetLimit::MinAvailable(pods) => ("minAvailable", pods),
    };
    let spec = [
        (field, Value::Int(i64::from(pods))),
        ("selector", selector(workload, budget.pods)?),
        ("unhealthyPodEvictionPolicy", Value::text("AlwaysAllow")),
    ];
    let mut object = Value::mapping([
        ("apiVersion", Value::text(Companion::Budget.api_version())),
        ("kind", Value::text(Companion::Budget.kind())),
        ("metadata", metadata),
        ("spec", Value::mapping(spec)),
    ]);
    adopt(&mut object, Companion::Budget, workload, existing)?;
    Ok(object)
}

/// The selector of the workload, made narrower where not all of its pods are guarded.
fn selector(workload: &Workload<'_>, pods: GuardedPods) -> Result<Value, Finding> {
    let mut selector = workload.selector()?;
    match pods {
        GuardedPods::All => {}
        GuardedPods::Sibling => {
            let labels = selector.entry("matchLabels");
            *labels.entry(CAPACITY_LABEL) = Value::text(CAPACITY_ON_DEMAND);
        }
        GuardedPods::Members { from, to } => {
            let ordinals = (from..to).map(|ordinal| Value::text(ordinal.to_string()));
            selector.entry("matchExpressions").push(Value::mapping([
                ("key", Value::text(POD_INDEX_LABEL)),
                ("operator", Value::text("In")),
                ("values", Value::Sequence(ordinals.collect())),
            ]));
        }
    }
    Ok(selector)
}
