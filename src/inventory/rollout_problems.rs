//! What the API server rejects in `spec.strategy` of a Deployment. A sibling's rollouts are made from
//! it, so it has to be right where there is one.

use crate::findings::{Code, Finding};
use crate::krm::template::has_variable;
use yaml_splice::{Node, YamlError};

use super::Workload;
use super::int_or_percent::IntOrPercent;

const TYPE: &str = "spec.strategy.type";
const ROLLING_UPDATE: &str = "spec.strategy.rollingUpdate";
const MAX_SURGE: &str = "spec.strategy.rollingUpdate.maxSurge";
const MAX_UNAVAILABLE: &str = "spec.strategy.rollingUpdate.maxUnavailable";

impl Workload<'_> {
    /// Everything that is wrong with how it rolls out. A variable as a limit is warned about
    /// elsewhere: the sibling has a limit of its own, or copies it.
    ///
    /// Source: `ValidateDeploymentStrategy` in Kubernetes' `pkg/apis/apps/validation/validation.go`.
    ///
    /// # Errors
    /// As [`Node::get`].
    pub fn rollout_problems(&self) -> Result<Vec<Finding>, YamlError> {
        let Some(strategy) = self.spec.get_non_null("strategy")? else {
            return Ok(Vec::new());
        };
        let [rolling, kind] = strategy.pick(["rollingUpdate", "type"])?;
        match kind.map(|kind| (kind, kind.text())) {
            Some((_, "Recreate")) => Ok(rolling.map(beside_recreate).into_iter().collect()),
            None | Some((_, "RollingUpdate" | "")) => rolling.map_or(Ok(Vec::new()), limits),
            Some((kind, name)) if has_variable(name) => Ok(vec![Finding::unresolved_variable(
                TYPE,
                &written(kind),
                kind.position(),
            )]),
            Some((kind, _)) => Ok(vec![bad(TYPE, kind, "RollingUpdate or Recreate")]),
        }
    }
}

/// What is wrong with the limits of `rolling`.
fn limits(rolling: Node<'_>) -> Result<Vec<Finding>, YamlError> {
    let [surge, unavailable] = rolling.pick(["maxSurge", "maxUnavailable"])?;
    let mut problems = Vec::new();
    problems.extend(surge.and_then(|surge| {
        let expected = "a whole number from 0 on, without quotes, or a percentage such as 25%";
        is_bad(surge, u32::MAX).then(|| bad(MAX_SURGE, surge, expected))
    }));
    problems.extend(unavailable.and_then(|unavailable| {
        let expected = "a whole number from 0 on, without quotes, or a percentage from 0% to 100%";
        is_bad(unavailable, 100).then(|| bad(MAX_UNAVAILABLE, unavailable, expected))
    }));
    let is_none = |limit: &Node<'_>| IntOrPercent::read(*limit).is_some_and(IntOrPercent::is_none);
    if surge.as_ref().is_some_and(is_none)
        && let Some(unavailable) = unavailable.filter(is_none)
    {
        let expected = "more than none where maxSurge is none";
        problems.push(bad(MAX_UNAVAILABLE, unavailable, expected));
    }
    Ok(problems)
}

/// Whether the API server rejects `limit`, or it is more than `most_percent`. A variable is filled in later.
fn is_bad(limit: Node<'_>, most_percent: u32) -> bool {
    match IntOrPercent::read(limit) {
        Some(IntOrPercent::Percent(percent)) => percent > most_percent,
        Some(IntOrPercent::Int(_)) => false,
        None => !has_variable(limit.text()),
    }
}

fn beside_recreate(rolling: Node<'_>) -> Finding {
    let message = format!("{ROLLING_UPDATE}: found beside type Recreate, which has no limits");
    let finding = Finding::error(Code::InvalidManifest, message);
    finding.located(Some(rolling.position())).at(ROLLING_UPDATE)
}

fn bad(field: &'static str, node: Node<'_>, expected: &str) -> Finding {
    let message = format!("{field}: found {}, expected {expected}", written(node));
    let finding = Finding::error(Code::InvalidManifest, message);
    finding.located(Some(node.position())).at(field)
}

fn written(node: Node<'_>) -> String {
    node.resolved().written().chars().take(60).collect()
}
