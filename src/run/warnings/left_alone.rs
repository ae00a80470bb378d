//! What there is to know about a workload that is left alone.

use crate::findings::{Code, Finding};
use crate::placement::{Decision, Exclusion, Strategy};
use crate::room::{Capacities, Reach, constraints};
use yaml_splice::YamlError;

use super::Case;

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
