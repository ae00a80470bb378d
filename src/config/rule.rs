//! Rules: the exceptions from the defaults.

use std::collections::BTreeMap;

use kube_core::{Selector, SelectorExt};

use super::Glob;
use super::raw::{RawMatch, RawRule};
use super::report::Report;
use super::selector::selector;
use super::validate::{globs, share_parts, unsupported};
use crate::placement::{Base, Strategy, WorkloadKind};
use yaml_splice::Located;

/// An exception from the defaults; what it leaves open falls back to them, field by field.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// The workloads that it is for.
    pub matching: Match,
    /// Their strategy.
    pub strategy: Option<Strategy>,
    /// The count of their on-demand replicas that comes first.
    pub base: Option<Base>,
    /// How much of the replicas above the base stays on-demand too, 0 to 100 percent.
    pub percent_above_base: Option<u8>,
}

/// The workloads that a rule is for: every condition must hold, `None` always does.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Match {
    /// One of these kinds.
    pub kinds: Option<Vec<WorkloadKind>>,
    /// A namespace that one of these matches.
    pub namespaces: Option<Vec<Glob>>,
    /// A name that one of these matches.
    pub names: Option<Vec<Glob>>,
    /// Labels of the workload's own that this selects.
    pub label_selector: Option<Selector>,
}

impl Match {
    /// Whether every condition holds; a workload without labels has an empty map.
    pub fn matches(
        &self,
        kind: WorkloadKind,
        namespace: &str,
        name: &str,
        labels: &BTreeMap<String, String>,
    ) -> bool {
        let any = |globs: &Option<Vec<Glob>>, text| {
            let globs = globs.as_ref();
            globs.is_none_or(|globs| globs.iter().any(|glob| glob.matches(text)))
        };
        let selector = self.label_selector.as_ref();
        self.kinds
            .as_ref()
            .is_none_or(|kinds| kinds.contains(&kind))
            && any(&self.namespaces, namespace)
            && any(&self.names, name)
            && selector.is_none_or(|selector| selector.matches(labels))
    }
}

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
