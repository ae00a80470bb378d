//! Label selectors with the checks of the API server.
//!
//! Source: `ValidateLabelSelector` in
//! `staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/validation/validation.go`.

use kube_core::{Expression, Selector};

use super::label;
use super::raw::{RawRequirement, RawSelector, SelectorOperator};
use super::report::Report;
use yaml_splice::Located;

/// The selector; only of use while `report` is empty.
pub(super) fn selector(raw: RawSelector, report: &mut Report<'_>) -> Selector {
    let labels = raw.match_labels.unwrap_or_default().into_iter();
    let equal = labels.map(|(key, value)| {
        let place = value.with(key);
        check_key(&place, report);
        check_value(&value, report);
        Expression::Equal(place.value, value.value)
    });
    let mut expressions: Vec<_> = equal.collect();
    for requirement in raw.match_expressions.unwrap_or_default() {
        expressions.push(expression(requirement, report));
    }
    expressions.into_iter().collect()
}

fn expression(raw: RawRequirement, report: &mut Report<'_>) -> Expression {
    let RawRequirement {
        key,
        operator,
        values,
    } = raw;
    check_key(&key, report);
    let values = values.unwrap_or_default();
    for value in &values {
        check_value(value, report);
    }
    let first = values.first().map(|value| value.with(()));
    let texts = values.into_iter().map(|value| value.value).collect();
    let wants_values = matches!(
        operator.value,
        SelectorOperator::In | SelectorOperator::NotIn
    );
    let name = operator.value;
    match first {
        None if wants_values => {
            report.add(&operator, format!("\"{name:?}\" needs at least one value"));
        }
        Some(first) if !wants_values => {
            report.add(&first, format!("\"{name:?}\" takes no values"));
        }
        _ => {}
    }
    match operator.value {
        SelectorOperator::In => Expression::In(key.value, texts),
        SelectorOperator::NotIn => Expression::NotIn(key.value, texts),
        SelectorOperator::Exists => Expression::Exists(key.value),
        SelectorOperator::DoesNotExist => Expression::DoesNotExist(key.value),
    }
}

fn check_key(key: &Located<String>, report: &mut Report<'_>) {
    if !label::is_key(&key.value) {
        let found = &key.value;
        let message =
            format!("found \"{found}\", expected a label key such as app or example.com/app");
        report.add(key, message);
    }
}

fn check_value(value: &Located<String>, report: &mut Report<'_>) {
    if !label::is_value(&value.value) {
        let found = &value.value;
        let accepted = "a label value of at most 63 letters, digits, \"-\", \"_\" or \".\"";
        report.add(value, format!("found \"{found}\", expected {accepted}"));
    }
}
