//! PodDisruptionBudgets: how many pods of a workload may be down at once.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use kube_core::labels::{Selector, SelectorExt};

use crate::inventory::selector::may_select;
use crate::inventory::{IntOrPercent, Workload, WorkloadId};
use crate::krm::Resource;
use crate::krm::annotations::CAPACITY_LABEL;
use crate::krm::template::Variable;
use crate::placement::WorkloadKind;
use yaml_splice::{YamlError, decode};

use super::Covered;

/// What a budget limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// `minAvailable`
    MinAvailable(IntOrPercent),
    /// `maxUnavailable`
    MaxUnavailable(IntOrPercent),
}

impl Limit {
    /// How many of `expected` healthy pods may be evicted. Percentages round up, for both.
    ///
    /// Source: `getExpectedPodCount` in Kubernetes' `pkg/controller/disruption/disruption.go`.
    pub fn allowed_disruptions(self, expected: u32) -> u32 {
        match self {
            Self::MinAvailable(pods) => expected.saturating_sub(pods.rounded_up(expected)),
            Self::MaxUnavailable(pods) => pods.rounded_up(expected).min(expected),
        }
    }

    /// The field that holds it.
    pub fn field(self) -> &'static str {
        match self {
            Self::MinAvailable(_) => "spec.minAvailable",
            Self::MaxUnavailable(_) => "spec.maxUnavailable",
        }
    }
}

/// A PodDisruptionBudget of the input.
#[derive(Debug, Clone)]
pub struct Budget<'d> {
    /// What it limits, and as it is written; `None` where it names no limit that can be read. Pods
    /// that it selects count as covered all the same.
    pub limit: Option<(Limit, &'d str)>,
    /// The first variable in its selector.
    pub variable: Option<Variable<'d>>,
    /// `None` where a variable stands in place of what has to be read.
    selector: Option<Selector>,
    written: LabelSelector,
    label: Option<(String, String)>,
    /// Whether its selector can tell a sibling's pods from its original's.
    tells_siblings: bool,
}

impl<'d> Budget<'d> {
    /// Reads `resource` as a PodDisruptionBudget. `None` for other kinds, and for one without a
    /// selector: it covers nothing.
    ///
    /// # Errors
    /// As [`Node::get`].
    pub fn read(resource: &Resource<'d>) -> Result<Option<Self>, YamlError> {
        if !resource.is("policy", "PodDisruptionBudget") {
            return Ok(None);
        }
        let spec = |key| resource.node.at(&["spec", key]);
        let (min, max) = (spec("minAvailable")?, spec("maxUnavailable")?);
        let limit = min
            .and_then(|node| Some((Limit::MinAvailable(IntOrPercent::read(node)?), node)))
            .or_else(|| {
                max.and_then(|node| Some((Limit::MaxUnavailable(IntOrPercent::read(node)?), node)))
            });
        let Some(node) = spec("selector")? else {
            return Ok(None);
        };
        let variable = Variable::first(resource.node, node);
        let written = decode::<LabelSelector>(node).ok();
        let selector = written.clone().map(Selector::try_from);
        let selector = selector.and_then(Result::ok);
        if selector.is_none() && variable.is_none() {
            return Ok(None);
        }
        let written = written.unwrap_or_default();
        let label = written
            .match_labels
            .as_ref()
            .and_then(BTreeMap::first_key_value);
        Ok(Some(Self {
            limit: limit.map(|(limit, node)| (limit, node.text())),
            variable,
            selector,
            label: label.map(|(key, value)| (key.clone(), value.clone())),
            tells_siblings: asks_for(&written, CAPACITY_LABEL),
            written,
        }))
    }

    /// One label that every selected pod has, to look only at those; empty where all may be.
    pub fn label(&self) -> (&str, &str) {
        let label = self.label.as_ref();
        label.map_or(("", ""), |(key, value)| (key, value))
    }

    /// Whether its selector looks at the label `key`.
    pub fn asks_for(&self, key: &str) -> bool {
        asks_for(&self.written, key)
    }

    /// Which pods of `workload` it selects, if any.
    pub fn covers(&self, id: WorkloadId, workload: &Workload<'_>) -> Option<Covered> {
        let selector = self.selector.as_ref()?;
        let original = selector.matches(&workload.pod_labels());
        let sibling = match workload.kind {
            WorkloadKind::Deployment if self.tells_siblings => {
                selector.matches(&workload.sibling_pod_labels())
            }
            WorkloadKind::Deployment => original,
            WorkloadKind::StatefulSet => false,
        };
        (original || sibling).then_some(Covered {
            id,
            original,
            sibling,
        })
    }

    /// Whether it may select pods of `workload`, depending on what the variables of both become.
    pub fn may_cover(&self, workload: &Workload<'_>) -> bool {
        let may_match = |labels| may_select(&self.written, &labels);
        may_match(workload.pod_labels())
            || (workload.kind == WorkloadKind::Deployment
                && may_match(workload.sibling_pod_labels()))
    }
}

fn asks_for(selector: &LabelSelector, key: &str) -> bool {
    let labels = selector.match_labels.iter().flat_map(BTreeMap::keys);
    let expressions = selector.match_expressions.iter().flatten();
    let mut keys = labels.chain(expressions.map(|expression| &expression.key));
    keys.any(|asked| asked == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allowed_disruptions_at_the_boundary() {
        use IntOrPercent::{Int, Percent};
        use Limit::{MaxUnavailable, MinAvailable};
        for (limit, expected, allowed) in [
            (MinAvailable(Int(2)), 3, 1),
            (MinAvailable(Int(3)), 3, 0),
            (MinAvailable(Int(4)), 3, 0),
            (MinAvailable(Percent(50)), 3, 1),
            (MinAvailable(Percent(67)), 3, 0),
            (MinAvailable(Percent(100)), 10, 0),
            (MaxUnavailable(Int(0)), 10, 0),
            (MaxUnavailable(Int(1)), 1, 1),
            (MaxUnavailable(Percent(0)), 10, 0),
            (MaxUnavailable(Percent(1)), 10, 1),
        ] {
            assert_eq!(
                limit.allowed_disruptions(expected),
                allowed,
                "{limit:?} of {expected}"
            );
        }
    }
}
