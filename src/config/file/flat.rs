//! The flat form: a `ConfigMap` whose values are scalars.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, Visitor};

use super::capacity_raw::{RawCapacity, RawWords};
use super::raw::{RawDefaults, RawKindDefault, RawPrices, RawShare, RawSingleReplica, RawSpec};
use super::report::Report;
use super::words::{self, RawBase};
use crate::placement::Base;
use yaml_splice::Located;

/// A `ConfigMap` as orchestrators make it of `key=value` arguments.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct RawConfigMap {
    #[serde(rename = "apiVersion")]
    _api_version: Option<IgnoredAny>,
    #[serde(rename = "kind")]
    _kind: Option<IgnoredAny>,
    #[serde(rename = "metadata")]
    _metadata: Option<IgnoredAny>,
    /// The settings.
    pub data: Option<RawData>,
    #[serde(rename = "immutable")]
    _immutable: Option<IgnoredAny>,
}

/// The settings in flat form; the fields mean what their namesakes in `raw` mean.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct RawData {
    mode: Option<Located<AnyScalar>>,
    capacity_provider: Option<Located<AnyScalar>>,
    capacity_key: Option<Located<AnyScalar>>,
    capacity_on_demand: Option<Located<AnyScalar>>,
    capacity_spot: Option<Located<AnyScalar>>,
    capacity_on_demand_labelled: Option<Located<AnyScalar>>,
    single_replica_strategy: Option<Located<AnyScalar>>,
    deployment_strategy: Option<Located<AnyScalar>>,
    deployment_on_demand_base: Option<Located<AnyScalar>>,
    deployment_on_demand_percent_above_base: Option<Located<AnyScalar>>,
    stateful_set_strategy: Option<Located<AnyScalar>>,
    stateful_set_on_demand_base: Option<Located<AnyScalar>>,
    stateful_set_on_demand_percent_above_base: Option<Located<AnyScalar>>,
    exclude_namespaces: Option<Located<AnyScalar>>,
    on_demand_scales_to_zero: Option<Located<AnyScalar>>,
    node_loss_toleration_seconds: Option<Located<AnyScalar>>,
    on_demand_priority_class_name: Option<Located<AnyScalar>>,
    autoscaled_basis: Option<Located<AnyScalar>>,
    budget: Option<Located<AnyScalar>>,
    siblings_first: Option<Located<AnyScalar>>,
    headroom: Option<Located<AnyScalar>>,
    prices_cpu: Option<Located<AnyScalar>>,
    prices_memory: Option<Located<AnyScalar>>,
    spot_price_ratio: Option<Located<AnyScalar>>,
    notice_seconds: Option<Located<AnyScalar>>,
}

type Field<'a> = Option<&'a Located<AnyScalar>>;

impl RawData {
    /// The same settings in the form of the own kind.
    pub fn into_spec(self, report: &mut Report<'_>) -> RawSpec {
        let mut reader = Reader { report };
        RawSpec {
            mode: reader.value(self.mode.as_ref(), words::word),
            capacity: self.capacity(&mut reader),
            defaults: Some(self.defaults(&mut reader)),
            exclude_namespaces: reader.list(self.exclude_namespaces.as_ref()),
            rules: None,
            spot_tolerations: None,
            on_demand_scales_to_zero: reader
                .value(self.on_demand_scales_to_zero.as_ref(), words::boolean),
            node_loss_toleration_seconds: reader.read_unless_empty(
                self.node_loss_toleration_seconds.as_ref(),
                words::whole_number,
            ),
            on_demand_priority_class_name: reader
                .read_unless_empty(self.on_demand_priority_class_name.as_ref(), text),
            on_demand_pod_annotations: None,
            on_demand_tolerations: None,
            autoscaled_basis: reader.value(self.autoscaled_basis.as_ref(), words::word),
            budget: reader.value(self.budget.as_ref(), words::word),
            siblings_first: reader.value(self.siblings_first.as_ref(), words::boolean),
            headroom: reader.value(self.headroom.as_ref(), words::word),
            prices: Some(RawPrices {
                cpu: reader.read_unless_empty(self.prices_cpu.as_ref(), words::number),
                memory: reader.read_unless_empty(self.prices_memory.as_ref(), words::number),
            }),
            spot_price_ratio: reader.read(self.spot_price_ratio.as_ref(), words::number),
            notice_seconds: reader.read(self.notice_seconds.as_ref(), words::whole_number),
        }
    }

    fn capacity(&self, reader: &mut Reader<'_, '_>) -> Option<Located<RawCapacity>> {
        let fields = [
            &self.capacity_provider,
            &self.capacity_key,
            &self.capacity_on_demand,
            &self.capacity_spot,
            &self.capacity_on_demand_labelled,
        ];
        let given = fields.into_iter().flatten().last()?;
        Some(given.with(RawCapacity {
            provider: reader.read_unless_empty(self.capacity_provider.as_ref(), words::word),
            key: reader.read(self.capacity_key.as_ref(), text),
            on_demand: reader.words(self.capacity_on_demand.as_ref()),
            spot: reader.words(self.capacity_spot.as_ref()),
            on_demand_labelled:
                reader.read(self.capacity_on_demand_labelled.as_ref(), words::boolean),
            also_spot: None,
        }))
    }

    fn defaults(&self, reader: &mut Reader<'_, '_>) -> RawDefaults {
        let strategy = self.single_replica_strategy.as_ref();
        RawDefaults {
            single_replica: Some(RawSingleReplica {
                strategy: reader.read(strategy, words::strategy),
            }),
            deployment: Some(reader.kind(
                self.deployment_strategy.as_ref(),
                self.deployment_on_demand_base.as_ref(),
                self.deployment_on_demand_percent_above_base.as_ref(),
            )),
            stateful_set: Some(reader.kind(
                self.stateful_set_strategy.as_ref(),
                self.stateful_set_on_demand_base.as_ref(),
                self.stateful_set_on_demand_percent_above_base.as_ref(),
            )),
        }
    }
}

/// Reads flat values and reports those that cannot be read.
struct Reader<'r, 'd> {
    report: &'r mut Report<'d>,
}

impl Reader<'_, '_> {
    fn read<T>(
        &mut self,
        field: Field<'_>,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<Located<T>> {
        let field = field?;
        let text = field.node(self.report.config()).text();
        let value = self.report.check(field, parse(text))?;
        Some(field.with(value))
    }

    /// A value that is never found wrong later.
    fn value<T>(
        &mut self,
        field: Field<'_>,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        self.read(field, parse).map(|located| located.value)
    }

    /// Where nothing is a value of its own: `key=` on a command line takes the setting away.
    fn read_unless_empty<T>(
        &mut self,
        field: Field<'_>,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<Located<T>> {
        let empty = field?.node(self.report.config()).text().is_empty();
        self.read(field.filter(|_| !empty), parse)
    }

    /// Comma separated; an empty text is an empty list.
    fn list(&mut self, field: Field<'_>) -> Option<Vec<Located<String>>> {
        let field = field?;
        let text = field.node(self.report.config()).text();
        let items = text
            .split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty());
        Some(items.map(|item| field.with(item.to_owned())).collect())
    }

    /// One word, or several with commas between them.
    fn words(&mut self, field: Field<'_>) -> Option<Located<RawWords>> {
        let mut list = self.list(field)?;
        let words = match list.pop() {
            Some(only) if list.is_empty() => RawWords::One(only.value),
            popped => {
                list.extend(popped);
                RawWords::List(list)
            }
        };
        Some(field?.with(words))
    }

    fn kind(
        &mut self,
        strategy: Field<'_>,
        base: Field<'_>,
        percent_above_base: Field<'_>,
    ) -> RawKindDefault {
        let strategy = self.read(strategy, words::strategy);
        let base = self.read(base, |text| words::base(text).map(raw_base));
        let percent_above_base = self.read(percent_above_base, words::whole_number);
        RawKindDefault {
            strategy,
            on_demand: Some(RawShare {
                base,
                percent_above_base,
            }),
        }
    }
}

fn raw_base(base: Base) -> RawBase {
    match base {
        Base::Count(count) => RawBase::Count(count.into()),
        word => RawBase::Word(word.to_string()),
    }
}

// The signature is that of the other readers, which can fail.
#[expect(clippy::unnecessary_wraps)]
fn text(text: &str) -> Result<String, String> {
    Ok(text.to_owned())
}

/// Any scalar; what it says is read from its text, so that `on`, `1` and `"1"` are what the user
/// typed.
#[derive(Debug, Clone, Copy)]
struct AnyScalar;

impl<'de> Deserialize<'de> for AnyScalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl Visitor<'_> for ScalarVisitor {
    type Value = AnyScalar;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a string, a number or a boolean")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<AnyScalar, E> {
        Ok(AnyScalar)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<AnyScalar, E> {
        Ok(AnyScalar)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<AnyScalar, E> {
        Ok(AnyScalar)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<AnyScalar, E> {
        Ok(AnyScalar)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<AnyScalar, E> {
        Ok(AnyScalar)
    }
}
