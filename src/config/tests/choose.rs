//! Annotations, then the first matching rule, then the defaults.

use std::collections::BTreeMap;

use crate::config::*;
use crate::placement::{Base, Share, Strategy, WorkloadKind};
use yaml_splice::Stream;

const NO_LABELS: &BTreeMap<String, String> = &BTreeMap::new();

fn policy(spec: &str) -> Policy {
    let source = format!(
        "apiVersion: spot-distribution.dev/v1alpha1\nkind: SpotDistribution\nspec: {spec}\n"
    );
    let stream = Stream::parse(&source).unwrap();
    Policy::read(Some(stream.documents[0].root())).unwrap()
}

fn deployment(name: &str) -> Subject<'_> {
    Subject {
        kind: WorkloadKind::Deployment,
        namespace: "default",
        name,
        labels: NO_LABELS,
        single: false,
        annotations: Annotations::default(),
    }
}

fn stateful_set(name: &str) -> Subject<'_> {
    Subject {
        kind: WorkloadKind::StatefulSet,
        ..deployment(name)
    }
}

fn share(base: Base, percent_above_base: u8) -> Share {
    Share {
        base,
        percent_above_base,
    }
}

fn shown(problems: Result<Choice, Vec<ConfigProblem>>) -> Vec<String> {
    let problems = problems.unwrap_err();
    problems
        .iter()
        .map(|it| format!("{}: {it}", it.code))
        .collect()
}

#[test]
fn without_rules_and_annotations_the_defaults_hold() {
    let policy = Policy::default();
    let choice = policy.choose(&deployment("web")).unwrap();
    assert_eq!(choice.strategy, Strategy::Floor);
    assert_eq!(choice.share, share(Base::Count(1), 20));
    assert_eq!((choice.origin, choice.rule), (Origin::Default, None));
    let choice = policy.choose(&stateful_set("db")).unwrap();
    assert_eq!(choice.strategy, Strategy::Ordinals);
    assert_eq!(choice.share, share(Base::Majority, 0));
    let single = Subject {
        single: true,
        ..deployment("web")
    };
    assert_eq!(policy.choose(&single).unwrap().strategy, Strategy::OnDemand);
}

#[test]
fn the_first_matching_rule_wins() {
    let policy = policy(
        "{rules: [{match: {names: [api]}}, {match: {names: ['w*']}, strategy: spot}, {strategy: off}]}",
    );
    let choice = policy.choose(&deployment("web")).unwrap();
    assert_eq!(
        (choice.strategy, choice.origin),
        (Strategy::Spot, Origin::Rule(1))
    );
    assert_eq!(choice.origin.to_string(), "rule 1");
    assert_eq!(choice.rule, Some(1));
    let choice = policy.choose(&deployment("other")).unwrap();
    assert_eq!(
        (choice.strategy, choice.origin),
        (Strategy::Off, Origin::Rule(2))
    );
}

#[test]
fn a_rule_without_a_strategy_keeps_the_default_and_changes_the_share() {
    let policy = policy("{rules: [{onDemand: {base: 3}}]}");
    let choice = policy.choose(&deployment("web")).unwrap();
    assert_eq!(
        (choice.strategy, choice.origin),
        (Strategy::Floor, Origin::Default)
    );
    assert_eq!(choice.share, share(Base::Count(3), 20));
    assert_eq!(choice.rule, Some(0));
    let single = Subject {
        single: true,
        ..deployment("web")
    };
    assert_eq!(policy.choose(&single).unwrap().strategy, Strategy::OnDemand);
}

#[test]
fn a_rule_with_a_strategy_holds_for_a_single_replica_too() {
    let policy = policy("{rules: [{strategy: spot}]}");
    let single = Subject {
        single: true,
        ..deployment("web")
    };
    assert_eq!(policy.choose(&single).unwrap().strategy, Strategy::Spot);
}

#[test]
fn annotations_win_field_by_field() {
    let policy = policy("{rules: [{strategy: spot, onDemand: {base: 3, percentAboveBase: 40}}]}");
    let annotations = Annotations {
        strategy: Some("spread"),
        on_demand_base: Some("majority"),
        on_demand_percent_above_base: None,
    };
    let choice = policy
        .choose(&Subject {
            annotations,
            ..deployment("web")
        })
        .unwrap();
    assert_eq!(
        (choice.strategy, choice.origin),
        (Strategy::Spread, Origin::Annotation)
    );
    assert_eq!(choice.share, share(Base::Majority, 40));
    assert_eq!(choice.rule, Some(0));
    let annotations = Annotations {
        on_demand_percent_above_base: Some("0"),
        ..Annotations::default()
    };
    let choice = policy
        .choose(&Subject {
            annotations,
            ..deployment("web")
        })
        .unwrap();
    assert_eq!(
        (choice.strategy, choice.origin),
        (Strategy::Spot, Origin::Rule(0))
    );
    assert_eq!(choice.share, share(Base::Count(3), 0));
}

#[test]
fn every_wrong_annotation_is_reported() {
    let annotations = Annotations {
        strategy: Some("on-demnd"),
        on_demand_base: Some("-1"),
        on_demand_percent_above_base: Some("20%"),
    };
    let subject = Subject {
        annotations,
        ..deployment("web")
    };
    let expected = [
        "invalid-annotation: metadata.annotations[\"spot-distribution.dev/strategy\"]: found \
         \"on-demnd\", expected one of on-demand, prefer-on-demand, floor, ordinals, spread, spot, off; did \
         you mean \"on-demand\"?",
        "invalid-annotation: metadata.annotations[\"spot-distribution.dev/on-demand-base\"]: found \
         \"-1\", expected a whole number from 0 to 2147483647, \"majority\" or \"majority+1\"",
        "invalid-annotation: \
         metadata.annotations[\"spot-distribution.dev/on-demand-percent-above-base\"]: found \
         \"20%\", expected a whole number from 0 to 100",
    ];
    assert_eq!(shown(Policy::default().choose(&subject)), expected);
}

#[test]
fn floor_for_a_stateful_set_names_ordinals() {
    let annotations = Annotations {
        strategy: Some("floor"),
        ..Annotations::default()
    };
    let subject = Subject {
        annotations,
        ..stateful_set("db")
    };
    let advice = "\"floor\" is for Deployments, a StatefulSet keeps its floor with \"ordinals\"";
    let expected = format!(
        "unsupported-strategy: metadata.annotations[\"spot-distribution.dev/strategy\"]: the \
         annotation asks for floor on a StatefulSet: {advice}"
    );
    assert_eq!(shown(Policy::default().choose(&subject)), [expected]);
    let policy = policy("{rules: [{match: {names: [x]}}, {strategy: floor}]}");
    let expected = format!(
        "unsupported-strategy: spec.rules[1].strategy: rule 1 of the configuration asks for floor \
         on a StatefulSet: {advice}"
    );
    assert_eq!(shown(policy.choose(&stateful_set("db"))), [expected]);
    assert!(policy.choose(&deployment("web")).is_ok());
}

#[test]
fn rules_match_by_kind_namespace_and_labels() {
    let policy = policy(
        "{rules: [
          {match: {kinds: [StatefulSet], namespaces: [prod, 'stage-*']}, strategy: off},
          {match: {labelSelector: {matchExpressions: [{key: tier, operator: NotIn, values: [web]}]}}, strategy: spot},
        ]}",
    );
    let rule = |subject| policy.matching_rule(&subject);
    assert_eq!(
        rule(Subject {
            namespace: "prod",
            ..stateful_set("db")
        }),
        Some(0)
    );
    assert_eq!(
        rule(Subject {
            namespace: "stage-1",
            ..stateful_set("db")
        }),
        Some(0)
    );
    assert_eq!(
        rule(Subject {
            namespace: "prod",
            ..deployment("web")
        }),
        Some(1)
    );
    let labels = BTreeMap::from([("tier".to_owned(), "web".to_owned())]);
    assert_eq!(
        rule(Subject {
            labels: &labels,
            ..deployment("web")
        }),
        None
    );
}

#[test]
fn unknown_names_with_the_prefix_are_found_wherever_they_stand() {
    let of = |names: &[&str]| -> Vec<String> {
        let prefixed = names.iter();
        prefixed
            .map(|name| format!("spot-distribution.dev/{name}"))
            .collect()
    };
    let unknown = |place: Place, names: &[&str]| {
        let keys = of(names);
        place.unknown(keys.iter().map(String::as_str))
    };
    let settings = ["strategy", "on-demand-base", "on-demand-percent-above-base"];
    let written = ["applied", "replicas", "sibling-of"];
    assert_eq!(unknown(Place::Annotations, &settings), []);
    assert_eq!(unknown(Place::Annotations, &written), []);
    let in_template = ["computed-for-replicas", "spot-from-ordinal"];
    assert_eq!(unknown(Place::TemplateAnnotations, &in_template), []);
    assert_eq!(Place::Labels.unknown(["example.com/strategy"]), []);
    for name in ["percent", "base", "stratgy", "unrelated"] {
        for place in [Place::OF_WORKLOADS, Place::OF_TEMPLATES].concat() {
            assert_eq!(unknown(place, &[name]).len(), 1, "{name} {place:?}");
        }
    }
    let found = unknown(Place::Annotations, &["onDemandBase"]);
    let expected = "metadata.annotations[\"spot-distribution.dev/onDemandBase\"]: unknown \
                    annotation \"spot-distribution.dev/onDemandBase\", expected one of \
                    spot-distribution.dev/strategy, spot-distribution.dev/on-demand-base, \
                    spot-distribution.dev/on-demand-percent-above-base on the workload; did you \
                    mean \"spot-distribution.dev/on-demand-base\"?";
    assert_eq!(found[0].to_string(), expected);
    let found = unknown(Place::TemplateAnnotations, &["strategy"]);
    let expected = "spec.template.metadata.annotations[\"spot-distribution.dev/strategy\"]: \
                    \"spot-distribution.dev/strategy\" is not read here, set it as an annotation of \
                    the workload itself";
    assert_eq!(found[0].to_string(), expected);
}
