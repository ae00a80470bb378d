//! What there is to know about a workload that is left alone.

use crate::findings::{Code, Finding};
use crate::krm::template::Variable;
use crate::placement::{Decision, Exclusion, Strategy};
use crate::room::{Capacities, Reach, constraints};
use yaml_splice::{Node, YamlError};

use super::Case;
use super::variables::of_variable;

/// The terms of a required node affinity, below a pod spec.
const TERMS: [&str; 4] = [
    "affinity",
    "nodeAffinity",
    "requiredDuringSchedulingIgnoredDuringExecution",
    "nodeSelectorTerms",
];

/// Whoever put a workload on spot nodes only may not know that the policy would keep some of it.
pub(super) fn spot_only(case: Case<'_, '_>) -> Result<Option<Finding>, YamlError> {
    let Decision::LeaveAlone(Exclusion::Constrained(constraint)) = case.assessment.decision else {
        return Ok(None);
    };
    let strategy = case
        .assessment
        .choice
        .as_ref()
        .map(|choice| choice.strategy);
    let promises = !matches!(
        strategy,
        None | Some(Strategy::Off | Strategy::Spot | Strategy::PreferOnDemand)
    );
    if let Some(variable) = variable_value(case).filter(|_| promises) {
        let effect = "on which nodes its pods may run is not known";
        return Ok(Some(of_variable(&variable, effect)));
    }
    let capacities = Capacities::of(&case.additions.policy.capacity);
    let reach = capacities.reach(&constraints(case.workload().pod.spec)?);
    let spot_only = Reach {
        on_demand: false,
        spot: true,
    };
    Ok((promises && reach == spot_only).then(|| {
        let message = format!(
            "it sets {constraint} that allows spot nodes only: none of it survives the loss of every spot \
             node; remove it, or use strategy spot if that is meant"
        );
        Finding::warning(Code::SpotOnly, message).at(constraint.field())
    }))
}

/// The variable in what the pods require of a capacity key.
fn variable_value<'d>(case: Case<'_, 'd>) -> Option<Variable<'d>> {
    let (object, pod) = (case.workload().resource.node, case.workload().pod.spec);
    let capacity = &case.additions.policy.capacity;
    let is_capacity = |key: &str| capacity.keys().any(|own| own == key);
    let selector = pod.get_non_null("nodeSelector").ok().flatten();
    let labels = selector.into_iter().flat_map(Node::entries);
    let mut values = labels.filter(|(key, _)| is_capacity(key.text()));
    let value = values.find_map(|(_, value)| Variable::first(object, value));
    value.or_else(|| {
        let terms = pod.items_at(&TERMS).ok()?;
        let lists = terms.filter_map(|term| term.items_at(&["matchExpressions"]).ok());
        let mut expressions = lists.flatten().filter(|expression| {
            let key = expression.text_at(&["key"]);
            key.is_ok_and(is_capacity)
        });
        expressions.find_map(|expression| Variable::first(object, expression))
    })
}
