//! The node labels: presets, values of providers, and on-demand nodes without a label.

use super::{own, problem};
use crate::config::*;

fn policy(capacity: &str) -> Policy {
    own(&format!("spec: {{capacity: {capacity}}}")).unwrap()
}

fn labelled(values: &[&str]) -> OnDemandNodes {
    OnDemandNodes::Labelled(values.iter().map(|value| (*value).to_owned()).collect())
}

#[test]
fn a_preset_sets_labels_tolerations_and_notice() {
    for provider in Provider::ALL {
        let policy = policy(&format!("{{provider: {}}}", provider.name()));
        assert_eq!(policy.provider, Some(provider));
        assert_eq!(policy.capacity, provider.capacity());
        assert_eq!(policy.spot_tolerations, provider.spot_tolerations());
        assert_eq!(policy.notice_seconds, provider.notice_seconds());
    }
}

#[test]
fn what_is_written_beside_a_preset_wins() {
    let policy = own("
spec:
  capacity: {provider: eks, onDemand: [ON_DEMAND, CAPACITY_BLOCK], alsoSpot: []}
  spotTolerations: []
  noticeSeconds: 60
");
    let policy = policy.unwrap();
    let capacity = Capacity {
        on_demand: labelled(&["ON_DEMAND", "CAPACITY_BLOCK"]),
        also_spot: Vec::new(),
        ..Provider::Eks.capacity()
    };
    assert_eq!(policy.capacity, capacity);
    assert_eq!(policy.notice_seconds, 60);
    let aks = own("spec: {capacity: {provider: aks}, spotTolerations: []}").unwrap();
    assert_eq!(aks.spot_tolerations, []);
}

#[test]
fn every_form_of_on_demand_nodes() {
    let lists = policy("{key: k, onDemand: [a, b], spot: [c, d]}").capacity;
    assert_eq!(lists.on_demand, labelled(&["a", "b"]));
    assert_eq!(lists.spot, ["c", "d"]);
    let every_other = policy("{key: k, spot: c, onDemandLabelled: false}").capacity;
    assert_eq!(every_other.on_demand, OnDemandNodes::EveryOther);
    let two = policy("{key: k, onDemand: a, spot: c, alsoSpot: [{key: l, values: [x]}]}").capacity;
    assert_eq!(two.on_demand, OnDemandNodes::EveryOther);
    assert_eq!(two.keys().collect::<Vec<_>>(), ["k", "l"]);
}

#[test]
fn a_key_needs_an_on_demand_side() {
    let none = "no value says which nodes with";
    for (capacity, field, remedy) in [
        (
            "{key: a}",
            "key",
            "\"a\" are on-demand; add onDemand, or onDemandLabelled: false where they do not have the key",
        ),
        (
            "{spot: s}",
            "spot",
            "\"node.kubernetes.io/capacity\" are on-demand; add onDemand, or onDemandLabelled: false where they do not have the key",
        ),
        (
            "{key: karpenter.sh/capacity-type}",
            "key",
            "\"karpenter.sh/capacity-type\" are on-demand; add onDemand: [on-demand, reserved], or use provider: karpenter",
        ),
        (
            "{key: cloud.google.com/gke-spot, spot: 'true'}",
            "key",
            "\"cloud.google.com/gke-spot\" are on-demand; GKE does not set it on them: add onDemandLabelled: false, or use provider: gke",
        ),
        (
            "{provider: eks, onDemandLabelled: true, alsoSpot: []}",
            "onDemandLabelled",
            "\"eks.amazonaws.com/capacityType\" are on-demand; add onDemand: [ON_DEMAND, CAPACITY_BLOCK], or use provider: eks",
        ),
    ] {
        let expected = format!("spec.capacity.{field}: {none} {remedy}");
        assert_eq!(problem(&format!("{{capacity: {capacity}}}")), expected);
    }
}

#[test]
fn values_that_a_provider_never_sets() {
    for (capacity, expected) in [
        (
            "{key: karpenter.sh/capacity-type, onDemand: ON_DEMAND}",
            "onDemand: found \"ON_DEMAND\", which Karpenter never sets for \"karpenter.sh/capacity-type\"; expected on-demand, reserved",
        ),
        (
            "{key: eks.amazonaws.com/capacityType, onDemand: ON_DEMAND}",
            "key: found \"spot\", which EKS never sets for \"eks.amazonaws.com/capacityType\"; expected SPOT",
        ),
        (
            "{key: cloud.google.com/gke-spot, onDemand: 'false', spot: 'true'}",
            "onDemand: GKE sets \"cloud.google.com/gke-spot\" on spot nodes only; use onDemandLabelled: false instead of onDemand, or provider: gke",
        ),
        (
            "{alsoSpot: [{key: eks.amazonaws.com/capacityType, values: spot}]}",
            "alsoSpot[0].values: found \"spot\", which EKS never sets for \"eks.amazonaws.com/capacityType\"; expected SPOT",
        ),
        (
            "{onDemand: a, onDemandLabelled: false}",
            "onDemand: onDemandLabelled: false says that on-demand nodes do not have the key, so their values are not read: remove one of the two",
        ),
    ] {
        let expected = format!("spec.capacity.{expected}");
        assert_eq!(problem(&format!("{{capacity: {capacity}}}")), expected);
    }
}

#[test]
fn no_value_is_of_both_types() {
    let both = "found \"on-demand\" for both on-demand and spot nodes, expected two values";
    let also = "alsoSpot: [{key: node.kubernetes.io/capacity, values: [spot, on-demand]}]";
    for (capacity, field) in [
        (
            "onDemand: on-demand, spot: [spot, on-demand]".to_owned(),
            "spot",
        ),
        (also.to_owned(), "alsoSpot[0].values"),
        (
            format!("onDemand: [base, on-demand], {also}"),
            "alsoSpot[0].values",
        ),
        (
            "key: k, onDemand: on-demand, spot: on-demand, alsoSpot: [{key: l, values: x}]"
                .to_owned(),
            "spot",
        ),
    ] {
        let expected = format!("spec.capacity.{field}: {both}");
        let found = problem(&format!("{{capacity: {{{capacity}}}}}"));
        assert_eq!(found, expected, "{capacity}");
    }
    let other = "key: k, onDemand: a, spot: b, alsoSpot: [{key: l, values: [a]}]";
    assert!(own(&format!("spec: {{capacity: {{{other}}}}}")).is_ok());
}

#[test]
fn spread_needs_the_key_on_every_node() {
    let found = problem("{capacity: {provider: aks}, rules: [{strategy: spread}]}");
    let (path, message) = found.split_once(": ").unwrap();
    assert_eq!(path, "spec.rules[0].strategy");
    assert!(message.starts_with("\"spread\" needs the capacity key on every node"));
    assert!(message.contains("use \"floor\" for Deployments"));
}

#[test]
fn spread_needs_one_value_on_each_side() {
    let found = problem("{capacity: {provider: karpenter}, rules: [{strategy: spread}]}");
    assert_eq!(
        found,
        "spec.rules[0].strategy: \"spread\" counts each value of the capacity key as a domain and needs \
         two of them, but \"karpenter.sh/capacity-type\" has the values on-demand, reserved, spot; name \
         one for onDemand and one for spot if the nodes have no others; use \"floor\" for Deployments, \
         \"ordinals\" for StatefulSets, or \"on-demand\""
    );
    let one = "{capacity: {provider: karpenter, onDemand: on-demand}, rules: [{strategy: spread}]}";
    assert!(own(&format!("spec: {one}")).is_ok());
}

#[test]
fn the_page_of_each_provider_shows_its_preset_written_out() {
    for provider in Provider::ALL {
        let name = provider.name();
        let path = format!("docs/providers/{name}.md");
        let page = std::fs::read_to_string(&path).unwrap();
        let preset = format!("capacity: {{provider: {name}}}");
        let stands_for = format!("`{preset}` stands for:\n\n```yaml\n");
        let (_, block) = page.split_once(&stands_for).unwrap();
        let (written_out, _) = block.split_once("```").unwrap();
        let expanded = Policy {
            provider: Some(provider),
            ..own(written_out).unwrap()
        };
        assert_eq!(
            own(&format!("spec: {{{preset}}}")).unwrap(),
            expanded,
            "{path}"
        );
    }
}
