//! What a configuration sets, and what it leaves to the defaults.

use super::{FLAT_FILE, OWN_FILE, flat, own, problem, read, with_root};
use crate::config::*;
use crate::placement::{Base, Strategy, WorkloadKind};

#[test]
fn what_sets_nothing_is_the_defaults() {
    assert_eq!(Policy::read(None), Ok(Policy::default()));
    for source in ["null", "{}", "--- # nothing\n"] {
        assert_eq!(read(source), Ok(Policy::default()), "{source}");
    }
    for rest in [
        "",
        "spec:\n",
        "spec: {}\n",
        "spec: {mode: null, rules: }\n",
        "status: {x: 1}\n",
    ] {
        assert_eq!(own(rest), Ok(Policy::default()), "{rest}");
    }
    for rest in [
        "",
        "data:\n",
        "data: {}\n",
        "data: {mode: ~}\n",
        "immutable: true\n",
    ] {
        assert_eq!(flat(rest), Ok(Policy::default()), "{rest}");
    }
}

#[test]
fn the_committed_configurations_are_exactly_the_defaults() {
    assert_eq!(read(OWN_FILE), Ok(Policy::default()));
    assert_eq!(read(FLAT_FILE), Ok(Policy::default()));
}

#[test]
fn the_committed_configurations_name_every_field() {
    let accepted = |problem: String| -> Vec<String> {
        let (_, list) = problem.split_once("expected one of ").unwrap();
        let list = list.split(';').next().unwrap();
        list.split(", ").map(ToOwned::to_owned).collect()
    };
    let keys = |source: &str, field: &str| -> Vec<String> {
        with_root(source, |root| {
            let node = root.get(field).unwrap().unwrap();
            node.entries()
                .map(|(key, _)| key.text().to_owned())
                .collect()
        })
    };
    assert_eq!(keys(OWN_FILE, "spec"), accepted(problem("{?: 1}")));
    let unknown = flat("data: {?: 1}").unwrap_err().remove(0);
    assert_eq!(keys(FLAT_FILE, "data"), accepted(unknown));
}

#[test]
fn metadata_is_free_form() {
    let metadata = "
metadata:
  name: policy
  annotations: {config.kubernetes.io/function: \"exec: {path: x}\"}
  unheard: [of]
";
    assert_eq!(own(metadata), Ok(Policy::default()));
}

#[test]
fn every_field_is_read() {
    let policy = own("
spec:
  mode: check
  capacity: {key: example.com/capacity, onDemand: regular, spot: preemptible}
  defaults:
    singleReplica: {strategy: off}
    deployment: {strategy: spread, onDemand: {base: 2}}
    statefulSet: {strategy: on-demand, onDemand: {percentAboveBase: 50}}
  excludeNamespaces: [kube-*]
  rules:
    - match:
        kinds: [Deployment]
        namespaces: [prod]
        names: [web-?]
        labelSelector:
          matchLabels: {tier: web}
          matchExpressions:
            - {key: team, operator: In, values: [a, b]}
      strategy: spot
      onDemand: {base: majority, percentAboveBase: 5}
  spotTolerations:
    - {key: spot, operator: Equal, value: \"true\", effect: NoExecute, tolerationSeconds: 5}
  onDemandScalesToZero: true
  nodeLossTolerationSeconds: 30
  onDemandPriorityClassName: important
  onDemandPodAnnotations: {a: b}
  onDemandTolerations: [{key: base, operator: Exists}]
  autoscaledBasis: maximum
  prices: {cpu: 0.03, memory: 0.004}
  spotPriceRatio: 1
  noticeSeconds: 30
")
    .unwrap();
    assert_eq!(policy.mode, Mode::Check);
    assert_eq!(policy.capacity.key, "example.com/capacity");
    let regular = OnDemandNodes::Labelled(vec!["regular".to_owned()]);
    assert_eq!(policy.capacity.on_demand, regular);
    assert_eq!(policy.capacity.spot, ["preemptible"]);
    assert_eq!(policy.single_replica, Strategy::Off);
    assert_eq!(policy.deployment.strategy, Strategy::Spread);
    assert_eq!(policy.deployment.share.base, Base::Count(2));
    assert_eq!(policy.deployment.share.percent_above_base, 20);
    assert_eq!(policy.stateful_set.share.base, Base::Majority);
    assert_eq!(policy.stateful_set.share.percent_above_base, 50);
    assert!(policy.excludes("kube-system") && !policy.excludes("default"));
    let rule = &policy.rules[0];
    assert_eq!(rule.matching.kinds, Some(vec![WorkloadKind::Deployment]));
    assert_eq!(rule.strategy, Some(Strategy::Spot));
    assert_eq!(
        (rule.base, rule.percent_above_base),
        (Some(Base::Majority), Some(5))
    );
    let labels = |team: &str| {
        let pairs = [("tier", "web"), ("team", team)];
        pairs
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into()
    };
    let matches = |name, team| {
        let labels = labels(team);
        rule.matching
            .matches(WorkloadKind::Deployment, "prod", name, &labels)
    };
    assert!(matches("web-1", "a") && !matches("web-1", "c") && !matches("api", "a"));
    let toleration = &policy.spot_tolerations[0];
    assert_eq!(toleration.key.as_deref(), Some("spot"));
    assert_eq!(toleration.operator.as_deref(), Some("Equal"));
    assert_eq!(toleration.value.as_deref(), Some("true"));
    assert_eq!(toleration.effect.as_deref(), Some("NoExecute"));
    assert_eq!(toleration.toleration_seconds, Some(5));
    assert!(policy.on_demand_scales_to_zero);
    assert_eq!(policy.node_loss_toleration_seconds, Some(30));
    assert_eq!(
        policy.on_demand_priority_class_name.as_deref(),
        Some("important")
    );
    assert_eq!(policy.on_demand_pod_annotations["a"], "b");
    assert_eq!(policy.on_demand_tolerations[0].key.as_deref(), Some("base"));
    assert_eq!(policy.autoscaled_basis, AutoscaledBasis::Maximum);
    let prices = Prices {
        cpu: 0.03,
        memory: 0.004,
    };
    assert_eq!(policy.prices, Some(prices));
    assert_eq!((policy.spot_price_ratio, policy.notice_seconds), (1.0, 30));
}
