//! All problems in one run, each with its place.

use super::{own, problems, with_root};
use crate::config::*;

#[test]
fn all_problems_come_in_one_run_in_the_order_of_the_file() {
    let found = problems(
        "  moed: check
  capacity: {onDemand: on-demand, spot: on-demand}
  defaults:
    statefulSet: {strategy: floor}
    deployment: {onDemand: {base: 1.5, percentAboveBase: 101}}
  rules:
    - nonsense
    - {match: {kinds: [Deploymet, StatefulSet], names: [Web]}, strategy: flor}
  noticeSeconds: -1
",
    );
    let expected = [
        "spec.moed (line 4, column 3): unknown field \"moed\", expected one of mode, capacity, \
         defaults, excludeNamespaces, rules, spotTolerations, onDemandScalesToZero, \
         nodeLossTolerationSeconds, onDemandPriorityClassName, onDemandPodAnnotations, \
         onDemandTolerations, autoscaledBasis, budget, siblingsFirst, headroom, prices, spotPriceRatio, \
         noticeSeconds; \
         did you mean \"mode\"?",
        "spec.capacity.spot (line 5, column 41): found \"on-demand\" for both on-demand and spot \
         nodes, expected two values",
        "spec.defaults.statefulSet.strategy (line 7, column 29): \"floor\" is for Deployments, a \
         StatefulSet keeps its floor with \"ordinals\"",
        "spec.defaults.deployment.onDemand.base (line 8, column 35): found 1.5, expected a whole \
         number from 0 to 2147483647, \"majority\" or \"majority+1\"",
        "spec.defaults.deployment.onDemand.percentAboveBase (line 8, column 58): found 101, \
         expected a whole number from 0 to 100",
        "spec.rules[0] (line 10, column 7): found \"nonsense\", expected a mapping",
        "spec.rules[1].match.kinds[0] (line 11, column 24): found \"Deploymet\", expected one of \
         Deployment, StatefulSet; did you mean \"Deployment\"?",
        "spec.rules[1].match.names[0] (line 11, column 57): found \"Web\", expected lower-case \
         letters, digits, \"-\", \".\", and the globs \"*\" and \"?\"",
        "spec.rules[1].strategy (line 11, column 74): found \"flor\", expected one of on-demand, \
         prefer-on-demand, floor, ordinals, spread, spot, off; did you mean \"floor\"?",
        "spec.noticeSeconds (line 12, column 18): found -1, expected a whole number from 0 to \
         2147483647",
    ];
    assert_eq!(found, expected);
}

#[test]
fn paths_begin_at_the_configuration_wherever_it_stands() {
    let source =
        "items: []\nfunctionConfig:\n  apiVersion: v1\n  kind: ConfigMap\n  data: {mode: x}\n";
    let found = with_root(source, |root| {
        Policy::read(root.get("functionConfig").unwrap()).unwrap_err()
    });
    let shown = "data.mode (line 5, column 16): found \"x\", expected one of enforce, check";
    assert_eq!(found[0].to_string(), shown);
    assert_eq!(found[0].code.name(), "invalid-config");
}

#[test]
fn unknown_names_of_the_configuration_itself() {
    let kinds = "expected one of SpotDistribution, ConfigMap";
    let versions = "expected one of spot-distribution.dev/v1alpha1, v1";
    for (source, expected) in [
        (
            "{apiVersion: v1, kind: Secret}",
            vec!["kind: found \"Secret\", expected \"ConfigMap\""],
        ),
        (
            "{apiVersion: spot-distribution.dev/v1alpha1, kind: SpotDistributon}",
            vec![
                "kind: found \"SpotDistributon\", expected \"SpotDistribution\"; did you mean \"SpotDistribution\"?",
            ],
        ),
        (
            "{apiVersion: spot-distribution.dev/v1, kind: SpotDistribution, spec: {mode: 1}}",
            vec![
                "apiVersion: found \"spot-distribution.dev/v1\", expected \"spot-distribution.dev/v1alpha1\"; did you mean \"spot-distribution.dev/v1alpha1\"?",
                "spec.mode: found 1, expected one of enforce, check",
            ],
        ),
        (
            "{apiVersion: spot-distribution.dev/v1alpha1, kind: ConfigMap}",
            vec!["apiVersion: found \"spot-distribution.dev/v1alpha1\", expected \"v1\""],
        ),
        (
            "{apiVersion: apps/v1, kind: Deployment}",
            vec![
                &format!("apiVersion: found \"apps/v1\", {versions}"),
                &format!("kind: found \"Deployment\", {kinds}"),
            ],
        ),
        (
            "{kind: ConfigMap}",
            vec!["missing field \"apiVersion\", expected v1"],
        ),
        (
            "{apiVersion: v1, kind: 5}",
            vec!["kind: found 5, expected a string"],
        ),
        ("[]", vec!["found a list, expected a mapping"]),
        ("5", vec!["found 5, expected a mapping"]),
    ] {
        let problems = with_root(source, |root| Policy::read(Some(root)).unwrap_err());
        let shown = problems.into_iter().map(|problem| {
            let unplaced = ConfigProblem {
                at: None,
                ..problem
            };
            unplaced.to_string()
        });
        assert_eq!(shown.collect::<Vec<_>>(), expected, "{source}");
    }
}

#[test]
fn an_unknown_key_beside_spec_is_an_error() {
    let found = own("sepc: {mode: check}").unwrap_err();
    let expected = "sepc (line 3, column 1): unknown field \"sepc\", expected one of apiVersion, \
                    kind, metadata, spec, status; did you mean \"spec\"?";
    assert_eq!(found, [expected]);
}

#[test]
fn a_duplicate_key_is_an_error() {
    let found = problems("  mode: check\n  mode: enforce\n");
    let expected =
        "spec.mode (line 5, column 3): duplicate key \"mode\", first at line 4, column 3";
    assert_eq!(found, [expected]);
}

#[test]
fn more_than_a_hundred_problems_end_with_a_word_about_the_rest() {
    let rules = "    - {onDemand: {base: -1}}\n".repeat(150);
    let found = problems(&format!("  rules:\n{rules}"));
    assert_eq!(found.len(), 101);
    assert_eq!(found[100], "more than 100 problems, the rest is not shown");
    assert!(found[99].starts_with("spec.rules[99]"), "{}", found[99]);
}
