//! Rules, from what is written to what is meant.

use super::raw::{RawMatch, RawRule};
use super::report::Report;
use super::selector::selector;
use super::validate::{globs, share_parts};
use crate::config::support::unsupported;
use crate::config::{Match, Rule};
use crate::placement::WorkloadKind;
use yaml_splice::Located;

impl Rule {
    pub(super) fn validate(raw: RawRule, report: &mut Report<'_>) -> Self {
        let matching = raw.matching.unwrap_or_default();
        if let Some(strategy) = raw.strategy {
            let kind = only_kind(&matching, report);
            if let Some(message) = kind.and_then(|kind| unsupported(strategy.value, kind)) {
                report.unsupported(&strategy, message);
            }
        }
        let share = raw.on_demand.unwrap_or_default();
        let (base, percent_above_base) = share_parts(&share, report);
        Self {
            matching: Match::validate(matching, report),
            strategy: raw.strategy.map(|strategy| strategy.value),
            base,
            percent_above_base,
        }
    }
}

/// The kind of workload that is all the rule can match, if there is one.
fn only_kind(matching: &RawMatch, report: &Report<'_>) -> Option<WorkloadKind> {
    let kinds = matching.kinds.as_ref()?;
    let first = kinds.value.first()?.value;
    let is_first = |kind: &Located<WorkloadKind>| kind.value == first;
    let is_only = kinds.value.iter().all(is_first) && !report.is_incomplete(kinds);
    is_only.then_some(first)
}

impl Match {
    fn validate(raw: RawMatch, report: &mut Report<'_>) -> Self {
        let kinds = raw.kinds.inspect(|kinds| not_empty(kinds, report));
        let kinds = kinds.map(|kinds| kinds.value.iter().map(|kind| kind.value).collect());
        let mut patterns = |raw: Option<Located<Vec<Located<String>>>>| {
            raw.map(|list| {
                not_empty(&list, report);
                globs(&list.value, report)
            })
        };
        Self {
            kinds,
            namespaces: patterns(raw.namespaces),
            names: patterns(raw.names),
            label_selector: raw.label_selector.map(|raw| selector(raw, report)),
        }
    }
}

fn not_empty<T>(list: &Located<Vec<T>>, report: &mut Report<'_>) {
    if list.value.is_empty() && !report.is_incomplete(list) {
        let message = "found an empty list, which matches nothing; leave the field out to match \
                       everything";
        report.add(list, message);
    }
}
