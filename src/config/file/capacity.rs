//! The node labels: values that a provider sets, and an on-demand side for every key.

use super::capacity_raw::{RawCapacity, RawNodeLabel, RawWords, is_capacity_value};
use super::label;
use super::report::Report;
use crate::config::{Capacity, NodeLabel, OnDemandNodes, WellKnownLabel, well_known_label};
use yaml_splice::Located;

/// The labels; only of use while `report` is empty.
pub(super) fn capacity(raw: Option<Located<RawCapacity>>, report: &mut Report<'_>) -> Capacity {
    let Some(raw) = raw else {
        return Capacity::default();
    };
    let is_complete = !report.is_incomplete(&raw);
    let RawCapacity {
        provider,
        key,
        on_demand,
        spot,
        on_demand_labelled,
        also_spot,
    } = raw.value;
    let preset = provider
        .as_ref()
        .map_or_else(Capacity::default, |provider| provider.value.capacity());
    let own = Own {
        key,
        on_demand,
        spot,
        labelled: on_demand_labelled,
        also_spot,
    };
    own.over(preset, is_complete, report)
}

/// What is written beside a preset, and wins over it.
struct Own {
    key: Option<Located<String>>,
    on_demand: Option<Located<RawWords>>,
    spot: Option<Located<RawWords>>,
    labelled: Option<Located<bool>>,
    also_spot: Option<Vec<Located<RawNodeLabel>>>,
}

impl Own {
    fn over(&self, preset: Capacity, is_complete: bool, report: &mut Report<'_>) -> Capacity {
        let before = report.count();
        let key = self.key.as_ref().map(|key| label_key(key, report));
        let on_demand = self.on_demand.as_ref().map(|raw| values(raw, report));
        let spot = self.spot.as_ref().map(|raw| values(raw, report));
        let also_spot = self.also_spot.as_deref();
        let also_spot = also_spot.map(|list| node_labels(list, report));
        let is_valid = is_complete && report.count() == before;
        let is_changed = key.as_ref().is_some_and(|key| *key != preset.key)
            || spot.as_ref().is_some_and(|spot| *spot != preset.spot);
        let capacity = Capacity {
            key: key.unwrap_or(preset.key),
            on_demand: OnDemandNodes::EveryOther,
            spot: spot.unwrap_or(preset.spot),
            also_spot: also_spot.unwrap_or(preset.also_spot),
        };
        if is_complete {
            let stated = match (&on_demand, &preset.on_demand) {
                (Some(values), _) => values.as_slice(),
                (None, OnDemandNodes::Labelled(values)) if !is_changed => values,
                _ => &[],
            };
            self.check_overlap(stated, &capacity, report);
        }
        let on_demand = if self.is_exclusion(&preset.on_demand, &capacity) {
            self.require_no_values(report);
            OnDemandNodes::EveryOther
        } else {
            match (on_demand, preset.on_demand) {
                (Some(values), _) => OnDemandNodes::Labelled(values),
                (None, preset @ OnDemandNodes::Labelled(_)) if !is_changed => preset,
                _ => {
                    if is_valid {
                        self.report_no_values(&capacity, report);
                    }
                    return capacity;
                }
            }
        };
        let capacity = Capacity {
            on_demand,
            ..capacity
        };
        if is_valid {
            self.check_known(&capacity, report);
        }
        capacity
    }

    /// Whether on-demand nodes are those that are not spot.
    fn is_exclusion(&self, preset: &OnDemandNodes, capacity: &Capacity) -> bool {
        let labelled = self.labelled.as_ref().map(|labelled| labelled.value);
        let by_preset = *preset == OnDemandNodes::EveryOther && self.on_demand.is_none();
        !capacity.also_spot.is_empty() || !labelled.unwrap_or(!by_preset)
    }

    /// Values that nothing reads are a misunderstanding.
    fn require_no_values(&self, report: &mut Report<'_>) {
        let is_false = self
            .labelled
            .as_ref()
            .is_some_and(|labelled| !labelled.value);
        if let Some(on_demand) = self.on_demand.as_ref().filter(|_| is_false) {
            let message = "onDemandLabelled: false says that on-demand nodes do not have the key, so \
                           their values are not read: remove one of the two";
            report.add(on_demand, message);
        }
    }

    /// A key or spot value of one's own says nothing about on-demand nodes.
    fn report_no_values(&self, capacity: &Capacity, report: &mut Report<'_>) {
        let key = &capacity.key;
        let remedy = match well_known_label(key) {
            Some(known) if known.on_demand.is_empty() => format!(
                "{} does not set it on them: add onDemandLabelled: false, or use provider: {}",
                known.written_by,
                known.preset.name()
            ),
            Some(known) => format!(
                "add onDemand: [{}], or use provider: {}",
                known.on_demand.join(", "),
                known.preset.name()
            ),
            None => {
                "add onDemand, or onDemandLabelled: false where they do not have the key".to_owned()
            }
        };
        let message = format!("no value says which nodes with \"{key}\" are on-demand; {remedy}");
        match (&self.key, &self.spot, &self.labelled) {
            (Some(at), _, _) => report.add(at, message),
            (None, Some(at), _) => report.add(at, message),
            (None, None, Some(at)) => report.add(at, message),
            (None, None, None) => {}
        }
    }

    /// The values of a well-known label are those that its provider sets.
    fn check_known(&self, capacity: &Capacity, report: &mut Report<'_>) {
        if let Some(known) = well_known_label(&capacity.key) {
            self.check_on_demand(known, capacity, report);
            if let Some(found) = stranger(&capacity.spot, known.spot) {
                let message = never_set(found, known, known.spot);
                self.add(self.spot.as_ref(), message, report);
            }
        }
    }

    fn check_on_demand(
        &self,
        known: &WellKnownLabel,
        capacity: &Capacity,
        report: &mut Report<'_>,
    ) {
        let OnDemandNodes::Labelled(on_demand) = &capacity.on_demand else {
            return;
        };
        let message = if known.on_demand.is_empty() {
            let (by, key) = (known.written_by, known.key);
            let preset = known.preset.name();
            format!(
                "{by} sets \"{key}\" on spot nodes only; use onDemandLabelled: false instead of \
                 onDemand, or provider: {preset}"
            )
        } else if let Some(found) = stranger(on_demand, known.on_demand) {
            never_set(found, known, known.on_demand)
        } else {
            return;
        };
        self.add(self.on_demand.as_ref(), message, report);
    }

    /// Adds a problem of a value that stands at `at` or, where it is a default, belongs to the key.
    fn add(&self, at: Option<&Located<RawWords>>, message: String, report: &mut Report<'_>) {
        match (at, &self.key) {
            (Some(at), _) => report.add(at, message),
            (None, Some(key)) => report.add(key, message),
            (None, None) => {}
        }
    }

    /// No node is of both types; `on_demand` are the values of the key on on-demand nodes, as far as they
    /// are given.
    fn check_overlap(&self, on_demand: &[String], capacity: &Capacity, report: &mut Report<'_>) {
        let both = |values: &[String]| {
            on_demand
                .iter()
                .find(|value| values.contains(value))
                .cloned()
        };
        let message = |both: &str| {
            format!("found \"{both}\" for both on-demand and spot nodes, expected two values")
        };
        if let Some(both) = both(&capacity.spot) {
            let at = self.spot.as_ref().or(self.on_demand.as_ref());
            self.add(at, message(&both), report);
        }
        let further = self.also_spot.iter().flatten().zip(&capacity.also_spot);
        for (raw, label) in further.filter(|(_, label)| label.key == capacity.key) {
            if let Some(both) = both(&label.values) {
                report.add(&raw.value.values, message(&both));
            }
        }
    }
}

fn stranger<'v>(values: &'v [String], known: &[&str]) -> Option<&'v String> {
    let mut values = values.iter();
    values.find(|value| !known.contains(&value.as_str()))
}

fn never_set(found: &str, known: &WellKnownLabel, accepted: &[&str]) -> String {
    let (by, key) = (known.written_by, known.key);
    let accepted = accepted.join(", ");
    format!("found \"{found}\", which {by} never sets for \"{key}\"; expected {accepted}")
}

fn label_key(key: &Located<String>, report: &mut Report<'_>) -> String {
    let found = &key.value;
    if !label::is_key(found) {
        let accepted = "a label key such as node.kubernetes.io/capacity";
        report.add(key, format!("found \"{found}\", expected {accepted}"));
    }
    found.clone()
}

fn values(raw: &Located<RawWords>, report: &mut Report<'_>) -> Vec<String> {
    let words = RawWords::located(raw);
    if words.is_empty() && !report.is_incomplete(raw) {
        report.add(raw, "found an empty list, expected at least one value");
    }
    for word in words.iter().filter(|word| !is_capacity_value(&word.value)) {
        let found = &word.value;
        let accepted = "a label value of 1 to 63 letters, digits, \"-\", \"_\" or \".\"";
        report.add(word, format!("found \"{found}\", expected {accepted}"));
    }
    words.into_iter().map(|word| word.value).collect()
}

fn node_labels(list: &[Located<RawNodeLabel>], report: &mut Report<'_>) -> Vec<NodeLabel> {
    list.iter()
        .map(|label| {
            let RawNodeLabel { key, values: raw } = &label.value;
            let found = NodeLabel {
                key: label_key(key, report),
                values: values(raw, report),
            };
            let known = well_known_label(&found.key);
            if let Some(known) = known
                && let Some(other) = stranger(&found.values, known.spot)
            {
                let message = never_set(other, known, known.spot);
                report.add(raw, message);
            }
            found
        })
        .collect()
}
