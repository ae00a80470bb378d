//! Tolerations with the checks of the API server.
//!
//! Source: `ValidateTolerations` in `pkg/apis/core/validation/validation.go`.

use k8s_openapi::api::core::v1::Toleration;

use super::label;
use super::raw::{RawToleration, TaintEffect, TolerationOperator};
use super::report::Report;
use yaml_splice::Located;

/// The tolerations; only of use while `report` is empty.
pub(super) fn tolerations(
    raw: Option<Vec<Located<RawToleration>>>,
    report: &mut Report<'_>,
) -> Vec<Toleration> {
    let raw = raw.unwrap_or_default().into_iter();
    raw.map(|raw| {
        check(&raw, report);
        typed(raw.value)
    })
    .collect()
}

fn check(raw: &Located<RawToleration>, report: &mut Report<'_>) {
    let complete = !report.is_incomplete(raw);
    let RawToleration {
        key,
        operator,
        value,
        effect,
        toleration_seconds,
    } = &raw.value;
    let exists = operator.is_some_and(|operator| operator.value == TolerationOperator::Exists);
    let named = key.as_ref().filter(|key| !key.value.is_empty());
    match named {
        Some(key) if !label::is_key(&key.value) => {
            let found = &key.value;
            report.add(key, format!("found \"{found}\", expected a taint key"));
        }
        None if !exists && complete => {
            report.add(raw, "without a key the operator must be \"Exists\"");
        }
        _ => {}
    }
    if let Some(value) = value.as_ref().filter(|value| !value.value.is_empty()) {
        if exists {
            report.add(value, "the operator \"Exists\" takes no value");
        } else if !label::is_value(&value.value) {
            let found = &value.value;
            report.add(value, format!("found \"{found}\", expected a taint value"));
        }
    }
    if let Some(seconds) = toleration_seconds
        && *effect != Some(TaintEffect::NoExecute)
        && complete
    {
        report.add(seconds, "tolerationSeconds needs the effect \"NoExecute\"");
    }
}

fn typed(raw: RawToleration) -> Toleration {
    Toleration {
        effect: raw.effect.map(|effect| format!("{effect:?}")),
        key: raw.key.map(|key| key.value),
        operator: raw.operator.map(|operator| format!("{:?}", operator.value)),
        toleration_seconds: raw.toleration_seconds.map(|seconds| seconds.value),
        value: raw.value.map(|value| value.value),
    }
}
