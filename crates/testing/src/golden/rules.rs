//! The rules of the API's validation that concern placements.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::apps::v1::DeploymentStrategy;
use k8s_openapi::api::core::v1::{NodeSelectorTerm, PodSpec, Toleration, TopologySpreadConstraint};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use kube_core::labels::{Selector, SelectorExt};

use super::schema::{Budget, Placed};

type Labels = BTreeMap<String, String>;

/// What is wrong with a workload by itself.
pub fn rules(workload: &Placed) -> Vec<String> {
    let mut problems = Vec::new();
    let labels = pod_labels(workload);
    if !matches(&workload.selector, &labels) {
        problems.push("the selector does not match the labels of the pods".to_owned());
    }
    let pod = workload.template.spec.clone().unwrap_or_default();
    let spreads = pod.topology_spread_constraints.clone().unwrap_or_default();
    problems.extend(
        spreads
            .iter()
            .flat_map(|spread| spread_rules(spread, &labels)),
    );
    let keys: BTreeSet<_> = spreads
        .iter()
        .map(|spread| (&spread.topology_key, &spread.when_unsatisfiable))
        .collect();
    if keys.len() < spreads.len() {
        problems.push("two topology spread constraints over one key".to_owned());
    }
    problems.extend(affinity_rules(&pod));
    let tolerations = pod.tolerations.clone().unwrap_or_default();
    problems.extend(tolerations.iter().filter_map(toleration_rule));
    problems.extend(workload.strategy.as_ref().and_then(strategy_rule));
    problems
}

fn spread_rules(spread: &TopologySpreadConstraint, labels: &Labels) -> Vec<String> {
    let hard = spread.when_unsatisfiable == "DoNotSchedule";
    let selector = spread.label_selector.clone().unwrap_or_default();
    let mut selected: BTreeSet<_> = selector
        .match_labels
        .iter()
        .flat_map(BTreeMap::keys)
        .cloned()
        .collect();
    let expressions = selector.match_expressions.iter().flatten();
    selected.extend(expressions.map(|expression| expression.key.clone()));
    let mut keys = spread.match_label_keys.iter().flatten();
    let rules = [
        (spread.max_skew >= 1, "maxSkew below 1"),
        (
            hard || spread.when_unsatisfiable == "ScheduleAnyway",
            "whenUnsatisfiable unknown",
        ),
        (
            hard || spread.min_domains.is_none(),
            "minDomains on a soft constraint",
        ),
        (
            spread.min_domains.is_none_or(|domains| domains >= 1),
            "minDomains below 1",
        ),
        (
            !keys.any(|key| selected.contains(key)),
            "a key in matchLabelKeys and in labelSelector",
        ),
        (
            spread.match_label_keys.is_none() || spread.label_selector.is_some(),
            "matchLabelKeys without labelSelector",
        ),
        (
            spread.label_selector.is_none() || matches(&selector, labels),
            "labelSelector does not match its own pods",
        ),
    ];
    let broken = rules.into_iter().filter(|(kept, _)| !kept);
    broken
        .map(|(_, rule)| format!("spread over {}: {rule}", spread.topology_key))
        .collect()
}

fn affinity_rules(pod: &PodSpec) -> Vec<String> {
    let node_affinity = pod
        .affinity
        .as_ref()
        .and_then(|affinity| affinity.node_affinity.as_ref());
    let Some(affinity) = node_affinity else {
        return Vec::new();
    };
    let required = &affinity.required_during_scheduling_ignored_during_execution;
    let preferred = affinity
        .preferred_during_scheduling_ignored_during_execution
        .iter()
        .flatten();
    let mut problems = Vec::new();
    if required
        .as_ref()
        .is_some_and(|required| required.node_selector_terms.is_empty())
    {
        problems.push("a required node affinity without terms".to_owned());
    }
    for term in preferred
        .clone()
        .filter(|term| !(1..=100).contains(&term.weight))
    {
        problems.push(format!("a preferred term of weight {}", term.weight));
    }
    let terms = required
        .iter()
        .flat_map(|required| &required.node_selector_terms);
    let terms = terms.chain(preferred.map(|term| &term.preference));
    problems.extend(terms.filter_map(term_rule));
    problems
}

fn term_rule(term: &NodeSelectorTerm) -> Option<String> {
    let mut expressions = term.match_expressions.iter().flatten();
    let broken = expressions.find(|expression| {
        let values = expression.values.as_ref().map_or(0, Vec::len);
        match expression.operator.as_str() {
            "In" | "NotIn" => values == 0,
            "Exists" | "DoesNotExist" => values > 0,
            "Gt" | "Lt" => values != 1,
            _ => true,
        }
    });
    broken.map(|expression| {
        format!(
            "{} {} with wrong values",
            expression.key, expression.operator
        )
    })
}

fn toleration_rule(toleration: &Toleration) -> Option<String> {
    let exists = toleration.operator.as_deref() == Some("Exists");
    let valued = toleration
        .value
        .as_deref()
        .is_some_and(|value| !value.is_empty());
    let seconds = toleration.toleration_seconds.is_some();
    let broken = (exists && valued)
        || (!exists && toleration.key.as_deref().unwrap_or_default().is_empty())
        || (seconds && toleration.effect.as_deref() != Some("NoExecute"));
    broken.then(|| format!("toleration {toleration:?}"))
}

fn strategy_rule(strategy: &DeploymentStrategy) -> Option<String> {
    let rolling = strategy.rolling_update.as_ref()?;
    let zero = |amount: &Option<IntOrString>| match amount {
        Some(IntOrString::Int(count)) => *count == 0,
        Some(IntOrString::String(text)) => text == "0%",
        None => false,
    };
    if strategy.type_.as_deref() == Some("Recreate") {
        return Some("Recreate with rollingUpdate".to_owned());
    }
    (zero(&rolling.max_surge) && zero(&rolling.max_unavailable))
        .then(|| "maxSurge and maxUnavailable both 0".to_owned())
}

/// A sibling must not select the pods of its original, and the original's selector goes on to
/// cover the sibling's pods.
pub fn beside_original(workload: &Placed, placed: &[Placed]) -> Vec<String> {
    let Some(base_of) = &workload.base_of else {
        return Vec::new();
    };
    let mut problems = Vec::new();
    let originals = placed.iter().filter(|other| {
        other.name == *base_of
            && other.namespace == workload.namespace
            && other.base_of.is_none()
            && other.kind == "Deployment"
    });
    for original in originals {
        if matches(&workload.selector, &pod_labels(original)) {
            problems.push("the sibling selects the original's pods".to_owned());
        }
        if !matches(&original.selector, &pod_labels(workload)) {
            problems.push("the original does not select the sibling's pods".to_owned());
        }
    }
    problems
}

/// A pod that a budget of ours and another one select cannot be evicted.
pub fn budgets(workload: &Placed, budgets: &[Budget]) -> Vec<String> {
    let labels = pod_labels(workload);
    let selecting = budgets.iter().filter(|budget| {
        budget.namespace == workload.namespace && matches(&budget.selector, &labels)
    });
    let selecting: Vec<_> = selecting.collect();
    if selecting.len() > 1 && selecting.iter().any(|budget| budget.is_ours) {
        let names = selecting.iter().map(|budget| budget.name.as_str());
        return vec![format!("several budgets: {:?}", names.collect::<Vec<_>>())];
    }
    Vec::new()
}

fn pod_labels(workload: &Placed) -> Labels {
    let metadata = workload.template.metadata.clone().unwrap_or_default();
    metadata.labels.unwrap_or_default()
}

fn matches(selector: &LabelSelector, labels: &Labels) -> bool {
    Selector::try_from(selector.clone())
        .unwrap()
        .matches(labels)
}
