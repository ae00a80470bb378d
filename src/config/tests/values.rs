//! Values that are of the right type and still wrong.

use super::{own, problem};

#[test]
fn a_single_replica_cannot_be_divided() {
    assert_eq!(
        problem("{defaults: {singleReplica: {strategy: spread}}}"),
        "spec.defaults.singleReplica.strategy: found \"spread\", expected one of on-demand, \
         prefer-on-demand, spot, off: a single replica cannot be divided"
    );
}

#[test]
fn a_strategy_for_the_other_kind_is_an_error_in_a_rule_for_one_kind() {
    assert_eq!(
        problem("{rules: [{match: {kinds: [StatefulSet]}, strategy: floor}]}"),
        "spec.rules[0].strategy: \"floor\" is for Deployments, a StatefulSet keeps its floor with \
         \"ordinals\""
    );
    assert_eq!(
        problem("{rules: [{match: {kinds: [Deployment]}, strategy: ordinals}]}"),
        "spec.rules[0].strategy: \"ordinals\" is for StatefulSets, a Deployment keeps its floor with \
         \"floor\""
    );
    assert_eq!(
        problem("{defaults: {deployment: {strategy: ordinals}}}"),
        "spec.defaults.deployment.strategy: \"ordinals\" is for StatefulSets, a Deployment keeps its \
         floor with \"floor\""
    );
    assert!(
        own("spec: {rules: [{match: {kinds: [StatefulSet, Deployment]}, strategy: floor}]}")
            .is_ok()
    );
}

#[test]
fn values_out_of_range_or_of_the_wrong_form() {
    let seconds = "expected a whole number from 0 to 2147483647";
    let ratio = "expected a number above 0 and at most 1";
    let base = "expected a whole number from 0 to 2147483647, \"majority\" or \"majority+1\"";
    let value = "expected a label value of 1 to 63 letters, digits, \"-\", \"_\" or \".\"";
    let class = "the name of a priority class: lower-case letters, digits, \"-\" and \".\"";
    let empty =
        "found an empty list, which matches nothing; leave the field out to match everything";
    for (spec, expected) in [
        ("{nodeLossTolerationSeconds: -5}", format!("spec.nodeLossTolerationSeconds: found -5, {seconds}")),
        ("{noticeSeconds: 2147483648}", format!("spec.noticeSeconds: found 2147483648, {seconds}")),
        ("{noticeSeconds: \"5\"}", "spec.noticeSeconds: found \"5\", expected a whole number".into()),
        ("{spotPriceRatio: 0}", format!("spec.spotPriceRatio: found 0, {ratio}")),
        ("{spotPriceRatio: 1.01}", format!("spec.spotPriceRatio: found 1.01, {ratio}")),
        ("{spotPriceRatio: .nan}", format!("spec.spotPriceRatio: found NaN, {ratio}")),
        ("{onDemandScalesToZero: 1}", "spec.onDemandScalesToZero: found 1, expected true or false".into()),
        ("{onDemandPriorityClassName: A}", format!("spec.onDemandPriorityClassName: found \"A\", expected {class}")),
        ("{capacity: {key: a b}}", "spec.capacity.key: found \"a b\", expected a label key such as node.kubernetes.io/capacity".into()),
        ("{capacity: {spot: \"\"}}", format!("spec.capacity.spot: found \"\", {value}")),
        ("{capacity: {onDemand: true}}", "spec.capacity.onDemand: found true, expected a string or a list of strings".into()),
        ("{capacity: {onDemand: spot}}", "spec.capacity.onDemand: found \"spot\" for both on-demand and spot nodes, expected two values".into()),
        ("{rules: [{onDemand: {base: -1}}]}", format!("spec.rules[0].onDemand.base: found -1, {base}")),
        ("{rules: [{onDemand: {base: majorty}}]}", format!("spec.rules[0].onDemand.base: found \"majorty\", {base}; did you mean \"majority\"?")),
        ("{rules: [{match: {names: []}}]}", format!("spec.rules[0].match.names: {empty}")),
        ("{rules: [{match: {kinds: []}}]}", format!("spec.rules[0].match.kinds: {empty}")),
        ("{rules: web}", "spec.rules: found \"web\", expected a list".into()),
    ] {
        assert_eq!(problem(spec), expected, "{spec}");
    }
}

#[test]
fn label_selectors_are_checked_as_the_api_server_does() {
    let rule = |selector: &str| format!("{{rules: [{{match: {{labelSelector: {selector}}}}}]}}");
    let path = "spec.rules[0].match.labelSelector";
    for (selector, expected) in [
        (
            "{matchLabels: {a b: c}}",
            ".matchLabels.a b: found \"a b\", expected a label key such as app or example.com/app",
        ),
        (
            "{matchLabels: {example.com/a: x-}}",
            ".matchLabels[\"example.com/a\"]: found \"x-\", expected a label value of at most 63 letters, digits, \"-\", \"_\" or \".\"",
        ),
        (
            "{matchExpressions: [{key: a, operator: in, values: [b]}]}",
            ".matchExpressions[0].operator: found \"in\", expected one of In, NotIn, Exists, DoesNotExist; did you mean \"In\"?",
        ),
        (
            "{matchExpressions: [{key: a, operator: In}]}",
            ".matchExpressions[0].operator: \"In\" needs at least one value",
        ),
        (
            "{matchExpressions: [{key: a, operator: Exists, values: [b]}]}",
            ".matchExpressions[0].values[0]: \"Exists\" takes no values",
        ),
        (
            "{matchExpressions: [{operator: Exists}]}",
            ".matchExpressions[0]: missing field \"key\"",
        ),
        (
            "{matchLabel: {}}",
            ".matchLabel: unknown field \"matchLabel\", expected one of matchLabels, matchExpressions; did you mean \"matchLabels\"?",
        ),
    ] {
        assert_eq!(
            problem(&rule(selector)),
            format!("{path}{expected}"),
            "{selector}"
        );
    }
}

#[test]
fn tolerations_are_checked_as_the_api_server_does() {
    for (toleration, expected) in [
        (
            "{key: a, operater: Exists}",
            ".operater: unknown field \"operater\", expected one of key, operator, value, effect, tolerationSeconds; did you mean \"operator\"?",
        ),
        (
            "{key: a, operator: exists}",
            ".operator: found \"exists\", expected one of Exists, Equal; did you mean \"Exists\"?",
        ),
        (
            "{key: a, effect: NoSchedul}",
            ".effect: found \"NoSchedul\", expected one of NoSchedule, PreferNoSchedule, NoExecute; did you mean \"NoSchedule\"?",
        ),
        (
            "{value: a}",
            ": without a key the operator must be \"Exists\"",
        ),
        (
            "{key: a, operator: Exists, value: b}",
            ".value: the operator \"Exists\" takes no value",
        ),
        ("{key: a b}", ".key: found \"a b\", expected a taint key"),
        (
            "{key: a, effect: NoSchedule, tolerationSeconds: 5}",
            ".tolerationSeconds: tolerationSeconds needs the effect \"NoExecute\"",
        ),
    ] {
        let found = problem(&format!("{{spotTolerations: [{toleration}]}}"));
        assert_eq!(
            found,
            format!("spec.spotTolerations[0]{expected}"),
            "{toleration}"
        );
    }
    assert!(own("spec: {spotTolerations: [{operator: Exists}, {key: a}]}").is_ok());
}
