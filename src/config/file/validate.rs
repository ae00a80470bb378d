//! From what is written to what is meant: ranges, names and combinations.

use std::collections::BTreeMap;

use super::capacity::capacity;
use super::label;
use super::raw::{RawDefaults, RawKindDefault, RawPrices, RawShare, RawSpec};
use super::report::Report;
use super::toleration::tolerations;
use super::words::LARGEST;
use crate::config::support::{unfit_for_spread, unsupported};
use crate::config::{Glob, KindDefault, Policy, Prices, Provider, Rule};
use crate::krm::annotations::PREFIX;
use crate::placement::{Base, Share, Strategy, WorkloadKind};
use yaml_splice::Located;

impl RawSpec {
    /// The policy, with the defaults filled in; only of use while `report` is empty.
    pub fn validate(self, report: &mut Report<'_>) -> Policy {
        let defaults = Policy::default();
        let strategies = self.strategies();
        let kinds = self.defaults.unwrap_or_default();
        let namespaces = self.exclude_namespaces;
        let class_name = self.on_demand_priority_class_name;
        let loss_seconds = self.node_loss_toleration_seconds;
        let rules = self.rules.unwrap_or_default().into_iter();
        let provider = self.capacity.as_ref();
        let provider = provider.and_then(|raw| raw.value.provider.as_ref().map(|raw| raw.value));
        let notice = provider.map_or(defaults.notice_seconds, Provider::notice_seconds);
        let capacity = capacity(self.capacity, report);
        if let Some(message) = unfit_for_spread(&capacity) {
            let spread = |found: &&Located<Strategy>| found.value == Strategy::Spread;
            for found in strategies.iter().filter(spread) {
                report.unsupported(found, message.as_str());
            }
        }
        Policy {
            mode: self.mode.unwrap_or_default(),
            provider,
            capacity,
            single_replica: single_replica(&kinds, report).unwrap_or(defaults.single_replica),
            deployment: kind_default(kinds.deployment, WorkloadKind::Deployment, report),
            stateful_set: kind_default(kinds.stateful_set, WorkloadKind::StatefulSet, report),
            exclude_namespaces: namespaces
                .map_or(defaults.exclude_namespaces, |list| globs(&list, report)),
            rules: rules.map(|rule| Rule::validate(rule, report)).collect(),
            spot_tolerations: match self.spot_tolerations {
                None => provider.map_or(Vec::new(), Provider::spot_tolerations),
                given => tolerations(given, report),
            },
            on_demand_scales_to_zero: self
                .on_demand_scales_to_zero
                .unwrap_or(defaults.on_demand_scales_to_zero),
            node_loss_toleration_seconds: whole(loss_seconds, LARGEST, report),
            on_demand_priority_class_name: class_name.and_then(|name| class(name, report)),
            on_demand_pod_annotations: annotations(self.on_demand_pod_annotations, report),
            on_demand_tolerations: tolerations(self.on_demand_tolerations, report),
            autoscaled_basis: self.autoscaled_basis.unwrap_or_default(),
            budget: self.budget.unwrap_or_default(),
            siblings_first: self.siblings_first.unwrap_or(defaults.siblings_first),
            headroom: self.headroom.unwrap_or_default(),
            prices: self.prices.and_then(|raw| prices(&raw, report)),
            spot_price_ratio: self
                .spot_price_ratio
                .and_then(|ratio| price_ratio(&ratio, report))
                .unwrap_or(defaults.spot_price_ratio),
            notice_seconds: whole(self.notice_seconds, LARGEST, report).unwrap_or(notice),
        }
    }

    /// Every strategy that workloads with several replicas may get.
    fn strategies(&self) -> Vec<Located<Strategy>> {
        let defaults = self.defaults.as_ref();
        let deployment = defaults.and_then(|defaults| defaults.deployment.as_ref()?.strategy);
        let stateful_set = defaults.and_then(|defaults| defaults.stateful_set.as_ref()?.strategy);
        let rules = self.rules.iter().flatten();
        [deployment, stateful_set]
            .into_iter()
            .chain(rules.map(|rule| rule.strategy))
            .flatten()
            .collect()
    }
}

/// Annotations by name; only of use while `report` is empty.
fn annotations(
    raw: Option<Located<BTreeMap<String, Located<String>>>>,
    report: &mut Report<'_>,
) -> BTreeMap<String, String> {
    let raw = raw.map(|raw| raw.value).unwrap_or_default();
    for (key, value) in &raw {
        if !label::is_key(&key.to_ascii_lowercase()) {
            report.add(
                value,
                format!("found \"{key}\", expected an annotation name"),
            );
        } else if key.starts_with(PREFIX) {
            let message = format!("found \"{key}\", but annotations with \"{PREFIX}\" are ours");
            report.add(value, message);
        }
    }
    let entries = raw.into_iter();
    entries.map(|(key, value)| (key, value.value)).collect()
}

/// Both prices, where both are given and valid.
fn prices(raw: &RawPrices, report: &mut Report<'_>) -> Option<Prices> {
    let cpu = raw.cpu.as_ref().and_then(|raw| price(raw, report));
    let memory = raw.memory.as_ref().and_then(|raw| price(raw, report));
    Some(Prices {
        cpu: cpu?,
        memory: memory?,
    })
}

fn price(raw: &Located<f64>, report: &mut Report<'_>) -> Option<f64> {
    let price = raw.value;
    if price > 0.0 && price.is_finite() {
        return Some(price);
    }
    report.add(raw, format!("found {price}, expected a number above 0"));
    None
}

fn single_replica(raw: &RawDefaults, report: &mut Report<'_>) -> Option<Strategy> {
    let strategy = raw.single_replica.as_ref()?.strategy?;
    let name = strategy.value;
    if name.divides() {
        let accepted = "one of on-demand, prefer-on-demand, spot, off";
        let message =
            format!("found \"{name}\", expected {accepted}: a single replica cannot be divided");
        report.add(&strategy, message);
    }
    Some(name)
}

fn kind_default(
    raw: Option<RawKindDefault>,
    kind: WorkloadKind,
    report: &mut Report<'_>,
) -> KindDefault {
    let defaults = Policy::default().of_kind(kind);
    let raw = raw.unwrap_or_default();
    if let Some(strategy) = raw.strategy
        && let Some(message) = unsupported(strategy.value, kind)
    {
        report.unsupported(&strategy, message);
    }
    let share = raw.on_demand.unwrap_or_default();
    let (base, percent_above_base) = share_parts(&share, report);
    KindDefault {
        strategy: raw
            .strategy
            .map_or(defaults.strategy, |strategy| strategy.value),
        share: Share {
            base: base.unwrap_or(defaults.share.base),
            percent_above_base: percent_above_base.unwrap_or(defaults.share.percent_above_base),
        },
    }
}

/// Base and percent, each where it is given and valid.
pub(super) fn share_parts(raw: &RawShare, report: &mut Report<'_>) -> (Option<Base>, Option<u8>) {
    let base = raw.base.as_ref();
    let base = base.and_then(|base| report.check(base, base.value.read()));
    (base, whole(raw.percent_above_base, 100, report))
}

/// A whole number from 0 to `largest`.
fn whole<N: TryFrom<i64>>(
    raw: Option<Located<i64>>,
    largest: i64,
    report: &mut Report<'_>,
) -> Option<N> {
    let raw = raw?;
    let number = Some(raw.value).filter(|number| (0..=largest).contains(number));
    let number = number.and_then(|number| N::try_from(number).ok());
    if number.is_none() {
        let found = raw.value;
        let message = format!("found {found}, expected a whole number from 0 to {largest}");
        report.add(&raw, message);
    }
    number
}

fn price_ratio(raw: &Located<f64>, report: &mut Report<'_>) -> Option<f64> {
    let ratio = raw.value;
    // Not a number fails both comparisons.
    if ratio > 0.0 && ratio <= 1.0 {
        return Some(ratio);
    }
    let message = format!("found {ratio}, expected a number above 0 and at most 1");
    report.add(raw, message);
    None
}

fn class(name: Located<String>, report: &mut Report<'_>) -> Option<String> {
    if label::is_dns_name(&name.value) {
        return Some(name.value);
    }
    let found = &name.value;
    let accepted = "the name of a priority class: lower-case letters, digits, \"-\" and \".\"";
    report.add(&name, format!("found \"{found}\", expected {accepted}"));
    None
}

/// The valid ones of a list of globs.
pub(super) fn globs(raw: &[Located<String>], report: &mut Report<'_>) -> Vec<Glob> {
    for pattern in raw.iter().filter(|glob| !Glob::is_valid(&glob.value)) {
        let found = &pattern.value;
        let accepted = "lower-case letters, digits, \"-\", \".\", and the globs \"*\" and \"?\"";
        report.add(pattern, format!("found \"{found}\", expected {accepted}"));
    }
    raw.iter().map(|glob| Glob::new(&glob.value)).collect()
}
