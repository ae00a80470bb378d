//! What depends on the place in the file: defaults, and the strategies that are accepted there.

use serde_json::{Value, json};

use super::super::kind::ConfigKind;
use super::presets;
use crate::config::{Capacity, Glob, KindDefault, OnDemandNodes, Policy};
use crate::placement::{Base, Strategy};

/// Fills in names, defaults and accepted strategies.
pub(super) fn fill(schema: &mut Value) {
    let form = ConfigKind::SpotDistribution;
    schema["title"] = form.kind().into();
    only(schema, "apiVersion", form.api_version());
    only(schema, "kind", form.kind());
    for (path, value) in defaults() {
        at(schema, &format!("spec.{path}"))["default"] = value;
    }
    if let Value::Object(provider) = at(schema, "spec.capacity.provider") {
        presets::spell_out(provider);
    }
    let single = at(schema, "spec.defaults.singleReplica.strategy");
    refuse(
        single,
        &[Strategy::Floor, Strategy::Ordinals, Strategy::Spread],
    );
    let deployment = at(schema, "spec.defaults.deployment.strategy");
    refuse(deployment, &[Strategy::Ordinals]);
    let stateful_set = at(schema, "spec.defaults.statefulSet.strategy");
    refuse(stateful_set, &[Strategy::Floor]);
}

/// The schema of the field with this path.
fn at<'s>(schema: &'s mut Value, path: &str) -> &'s mut Value {
    let pointer = format!("/properties/{}", path.replace('.', "/properties/"));
    let found = schema.pointer_mut(&pointer);
    found.unwrap_or_else(|| panic!("no field {path} in the schema"))
}

fn only(schema: &mut Value, path: &str, word: &str) {
    let field = at(schema, path);
    field["enum"] = json!([word]);
    field["default"] = json!(word);
}

/// Takes strategies out of an `enum`.
fn refuse(field: &mut Value, refused: &[Strategy]) {
    for strategy in refused {
        let words = field["enum"].as_array().cloned().unwrap_or_default();
        let place = words.iter().position(|word| word == strategy.name());
        for keyword in ["enum", "enumDescriptions"] {
            if let (Some(place), Some(list)) = (place, field[keyword].as_array_mut()) {
                list.remove(place);
            }
        }
    }
}

/// The default of every field below `spec` that has one.
fn defaults() -> Vec<(String, Value)> {
    // Without `..`, so that a new field is not forgotten.
    let Policy {
        mode,
        provider,
        capacity:
            Capacity {
                key,
                on_demand,
                spot,
                also_spot,
            },
        single_replica,
        deployment,
        stateful_set,
        exclude_namespaces,
        rules,
        spot_tolerations,
        on_demand_scales_to_zero,
        node_loss_toleration_seconds,
        on_demand_priority_class_name,
        on_demand_pod_annotations,
        on_demand_tolerations,
        autoscaled_basis,
        budget,
        siblings_first,
        headroom,
        prices,
        spot_price_ratio,
        notice_seconds,
    } = Policy::default();
    assert!(
        rules.is_empty(),
        "rules have no form in the schema's default"
    );
    assert!(
        also_spot.is_empty() && prices.is_none(),
        "neither labels nor prices have a form in the schema's default"
    );
    let (on_demand, is_labelled) = match on_demand {
        OnDemandNodes::Labelled(values) => (values, true),
        OnDemandNodes::EveryOther => (Vec::new(), false),
    };
    let namespaces: Vec<_> = exclude_namespaces.iter().map(Glob::pattern).collect();
    let mut defaults = vec![
        ("mode".to_owned(), json!(mode)),
        ("capacity.provider".to_owned(), json!(provider)),
        ("capacity.key".to_owned(), json!(key)),
        ("capacity.onDemand".to_owned(), json!(on_demand.join(","))),
        ("capacity.spot".to_owned(), json!(spot.join(","))),
        ("capacity.onDemandLabelled".to_owned(), json!(is_labelled)),
        ("capacity.alsoSpot".to_owned(), json!([])),
        (
            "defaults.singleReplica.strategy".to_owned(),
            json!(single_replica),
        ),
        ("excludeNamespaces".to_owned(), json!(namespaces)),
        ("rules".to_owned(), json!([])),
        ("spotTolerations".to_owned(), json!(spot_tolerations)),
        (
            "onDemandScalesToZero".to_owned(),
            json!(on_demand_scales_to_zero),
        ),
        (
            "nodeLossTolerationSeconds".to_owned(),
            json!(node_loss_toleration_seconds),
        ),
        (
            "onDemandPriorityClassName".to_owned(),
            json!(on_demand_priority_class_name),
        ),
        (
            "onDemandPodAnnotations".to_owned(),
            json!(on_demand_pod_annotations),
        ),
        (
            "onDemandTolerations".to_owned(),
            json!(on_demand_tolerations),
        ),
        ("autoscaledBasis".to_owned(), json!(autoscaled_basis)),
        ("budget".to_owned(), json!(budget)),
        ("siblingsFirst".to_owned(), json!(siblings_first)),
        ("headroom".to_owned(), json!(headroom)),
        ("prices.cpu".to_owned(), json!(null)),
        ("prices.memory".to_owned(), json!(null)),
        ("spotPriceRatio".to_owned(), json!(spot_price_ratio)),
        ("noticeSeconds".to_owned(), json!(notice_seconds)),
    ];
    defaults.extend(of_kind("deployment", deployment));
    defaults.extend(of_kind("statefulSet", stateful_set));
    defaults
}

fn of_kind(kind: &str, default: KindDefault) -> [(String, Value); 3] {
    let base = match default.share.base {
        Base::Count(count) => json!(count),
        word => json!(word.to_string()),
    };
    [
        ("strategy", json!(default.strategy)),
        ("onDemand.base", base),
        (
            "onDemand.percentAboveBase",
            json!(default.share.percent_above_base),
        ),
    ]
    .map(|(field, value)| (format!("defaults.{kind}.{field}"), value))
}
