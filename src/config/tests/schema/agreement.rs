//! What the schema and the reader say of the same configuration.

use std::fs;

use serde::Deserialize;
use serde_json::Value;
use walkdir::WalkDir;

use super::{config, is_combination, openapi_validator, read, validator};

/// A `spec` in YAML.
fn spec(yaml: &str) -> Value {
    config(&serde_yaml::from_str(yaml).unwrap())
}

/// The configurations of the own kind in a file.
fn configurations(text: &str) -> Vec<Value> {
    if !text.contains("kind: SpotDistribution\n") {
        return Vec::new();
    }
    let documents = serde_yaml::Deserializer::from_str(text);
    let documents = documents.map(|document| Value::deserialize(document).unwrap());
    documents
        .filter(|document| document["kind"] == "SpotDistribution")
        .collect()
}

/// The same without what is null, which the validator does not know as `nullable`.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(_, value)| !value.is_null());
            let fields = fields.map(|(key, value)| (key.clone(), without_nulls(value)));
            Value::Object(fields.collect())
        }
        other => other.clone(),
    }
}

#[test]
fn every_committed_configuration_is_valid() {
    let mut checked = 0;
    let files = ["examples", "fn-config"].into_iter().flat_map(WalkDir::new);
    for file in files.map(Result::unwrap) {
        let path = file.path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        for config in configurations(&fs::read_to_string(path).unwrap()) {
            let found = validator()
                .validate(&config)
                .map_err(|error| error.to_string());
            assert_eq!(found, Ok(()), "{}", path.display());
            let plain = without_nulls(&config);
            let found = openapi_validator()
                .validate(&plain)
                .map_err(|error| error.to_string());
            assert_eq!(found, Ok(()), "{}", path.display());
            assert_eq!(read(&config).map(drop), Ok(()), "{}", path.display());
            checked += 1;
        }
    }
    assert!(checked >= 6, "only {checked} configurations found");
}

#[test]
fn what_both_refuse() {
    let validator = validator();
    for wrong in [
        "{moed: check}",
        "{mode: dry-run}",
        "{mode: 1}",
        "{capacity: {key: a b}}",
        "{capacity: {key: example.com/}}",
        "{capacity: {onDemand: ''}}",
        "{capacity: {spot: -spot}}",
        "{capacity: {spots: spot}}",
        "{capacity: {onDemand: []}}",
        "{capacity: {onDemand: [a, -b]}}",
        "{capacity: {provider: azure}}",
        "{capacity: {onDemandLabelled: 'no'}}",
        "{capacity: {alsoSpot: [{key: a}]}}",
        "{prices: {cpu: 0}}",
        "{autoscaledBasis: average}",
        "{defaults: {singleReplica: {strategy: spread}}}",
        "{defaults: {singleReplica: {strategy: floor}}}",
        "{defaults: {statefulSet: {strategy: floor}}}",
        "{defaults: {deployment: {strategy: flor}}}",
        "{defaults: {deployment: {onDemand: {base: -1}}}}",
        "{defaults: {deployment: {onDemand: {base: 1.5}}}}",
        "{defaults: {deployment: {onDemand: {base: 2147483648}}}}",
        "{defaults: {deployment: {onDemand: {base: '1'}}}}",
        "{defaults: {deployment: {onDemand: {base: most}}}}",
        "{defaults: {deployment: {onDemand: {percentAboveBase: 101}}}}",
        "{defaults: {deployment: {onDemand: {percentAboveBase: -1}}}}",
        "{excludeNamespaces: kube-system}",
        "{excludeNamespaces: [Kube]}",
        "{rules: {}}",
        "{rules: [nonsense]}",
        "{rules: [null]}",
        "{rules: [{match: {kinds: [Deploymet]}}]}",
        "{rules: [{match: {kinds: []}}]}",
        "{rules: [{match: {names: []}}]}",
        "{rules: [{match: {namespaces: ['']}}]}",
        "{rules: [{match: {labelSelector: {matchLabels: {a b: c}}}}]}",
        "{rules: [{match: {labelSelector: {matchLabels: {a: x-}}}}]}",
        "{rules: [{match: {labelSelector: {matchLabels: {a: 1}}}}]}",
        "{rules: [{match: {labelSelector: {matchLabel: {}}}}]}",
        "{rules: [{match: {labelSelector: {matchExpressions: [{operator: Exists}]}}}]}",
        "{rules: [{match: {labelSelector: {matchExpressions: [{key: a, operator: in, values: [b]}]}}}]}",
        "{spotTolerations: [{key: a, operater: Exists}]}",
        "{spotTolerations: [{key: a, operator: exists}]}",
        "{spotTolerations: [{key: a, effect: NoSchedul}]}",
        "{spotTolerations: [{key: a b}]}",
        "{spotTolerations: [{key: a, value: true}]}",
        "{onDemandScalesToZero: 1}",
        "{nodeLossTolerationSeconds: -5}",
        "{noticeSeconds: 2147483648}",
        "{noticeSeconds: '5'}",
        "{onDemandPriorityClassName: A}",
        "{spotPriceRatio: 0}",
        "{spotPriceRatio: 1.01}",
        "5",
    ] {
        let config = spec(wrong);
        assert!(!validator.is_valid(&config), "the schema accepts {wrong}");
        assert!(read(&config).is_err(), "the reader accepts {wrong}");
        // OpenAPI 3.0 says nothing of keys.
        let keys = wrong.contains("matchLabels: {a b:");
        assert_eq!(
            openapi_validator().is_valid(&config),
            keys,
            "OpenAPI: {wrong}"
        );
    }
}

#[test]
fn what_both_accept() {
    let validator = validator();
    for right in [
        "null",
        "{}",
        "{rules: null, mode: null, capacity: null, spotTolerations: null}",
        "{mode: check, onDemandScalesToZero: true, nodeLossTolerationSeconds: 0, noticeSeconds: 2147483647}",
        "{capacity: {key: cloud.google.com/gke-spot, spot: 'true', onDemandLabelled: false}}",
        "{capacity: {provider: eks}, budget: floor, headroom: capacity-buffer, siblingsFirst: true}",
        "{capacity: {key: a, onDemand: [b, c], alsoSpot: [{key: d, values: [e, f]}]}}",
        "{prices: {cpu: 0.03}, autoscaledBasis: maximum, onDemandPodAnnotations: {a/b: 'c d'}}",
        "{onDemandTolerations: [{key: a, operator: Exists}]}",
        "{capacity: {onDemand: ON_DEMAND}}",
        "{defaults: {singleReplica: {strategy: 'off'}, statefulSet: {strategy: on-demand}}}",
        "{defaults: {deployment: {onDemand: {base: 0, percentAboveBase: 100}}}}",
        "{defaults: {deployment: {onDemand: {base: 2147483647}}}}",
        "{excludeNamespaces: []}",
        "{rules: [{}]}",
        "{rules: [{match: {kinds: [StatefulSet, Deployment], names: ['a?-*']}, strategy: floor}]}",
        "{rules: [{match: {labelSelector: {matchLabels: {example.com/a: ''}}}}]}",
        "{spotTolerations: [{operator: Exists}, {key: a, value: b, effect: NoExecute, tolerationSeconds: -1}]}",
        "{spotPriceRatio: 1}",
        "{onDemandPriorityClassName: high.example.com}",
    ] {
        let config = spec(right);
        assert_eq!(read(&config).map(drop), Ok(()), "{right}");
        let found = validator
            .validate(&config)
            .map_err(|error| error.to_string());
        assert_eq!(found, Ok(()), "{right}");
    }
}

#[test]
fn combinations_are_for_the_reader() {
    let validator = validator();
    for wrong in [
        "{capacity: {spot: on-demand, onDemand: on-demand}}",
        "{capacity: {key: a}}",
        "{capacity: {onDemandLabelled: false}, rules: [{strategy: spread}]}",
        "{rules: [{match: {kinds: [StatefulSet]}, strategy: floor}]}",
        "{rules: [{match: {labelSelector: {matchExpressions: [{key: a, operator: In}]}}}]}",
        "{rules: [{match: {labelSelector: {matchExpressions: [{key: a, operator: Exists, values: [b]}]}}}]}",
        "{spotTolerations: [{value: a}]}",
        "{spotTolerations: [{key: a, operator: Exists, value: b}]}",
        "{spotTolerations: [{key: a, effect: NoSchedule, tolerationSeconds: 5}]}",
    ] {
        let config = spec(wrong);
        assert!(validator.is_valid(&config), "{wrong}");
        assert!(is_combination(&read(&config).unwrap_err()), "{wrong}");
    }
}

#[test]
fn the_head_is_checked() {
    let validator = validator();
    let good = config(&Value::Null);
    for (field, value) in [
        ("apiVersion", "v1"),
        ("kind", "SpotDistributon"),
        ("sepc", ""),
    ] {
        let mut config = good.clone();
        config[field] = value.into();
        assert!(!validator.is_valid(&config), "{config}");
        assert!(read(&config).is_err(), "{config}");
    }
    let mut free = good;
    free["metadata"] = serde_json::json!({ "name": "policy", "unheard": ["of"] });
    assert!(validator.is_valid(&free));
}
