//! Strategies in every order over one input: each change gives what the new strategy alone would
//! give, whatever came before, and taking everything back gives the original bytes.

use serde_json::Value;
use spot_distribution::function;
use yaml_splice::{Stream, decode};

const STRATEGIES: [&str; 6] = [
    "on-demand",
    "prefer-on-demand",
    "floor",
    "spread",
    "spot",
    "off",
];

/// Workloads with constraints and annotations of their own, in block and in flow style.
const DEPLOYMENTS: &str = r"- apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: block # the name
    namespace: shop
    annotations:
      team: shop
      argocd.argoproj.io/sync-wave: '3' # after the database
      config.kubernetes.io/depends-on: apps/namespaces/shop/StatefulSet/db
  spec:
    replicas: 10 # ten
    selector:
      matchLabels:
        app: block
    template:
      metadata:
        labels:
          app: block
      spec:
        affinity:
          nodeAffinity:
            requiredDuringSchedulingIgnoredDuringExecution:
              nodeSelectorTerms:
              - matchExpressions:
                - key: kubernetes.io/arch
                  operator: In
                  values: [amd64]
        tolerations:
        - key: gpu
          operator: Exists
        # behind the tolerations
        containers:
        - name: block
          image: block
# between the items
- {apiVersion: apps/v1, kind: Deployment, metadata: {name: flow, namespace: shop}, spec: {replicas: 4, selector: {matchLabels: {app: flow}}, template: {metadata: {labels: {app: flow}}, spec: {containers: [{name: flow, image: flow}]}}}}
- apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: bare
  spec:
    replicas: 3
    selector: {matchLabels: {app: bare}}
    template:
      metadata: {labels: {app: bare}}
      spec:
        containers: [{name: bare, image: bare}]
";

/// A `StatefulSet` beside the Deployments; it cannot have `floor`.
const STATEFUL_SET: &str = r"- apiVersion: apps/v1
  kind: StatefulSet
  metadata:
    name: db
  spec:
    serviceName: db
    replicas: 5
    selector:
      matchLabels:
        app: db
    template:
      metadata:
        labels:
          app: db
      spec:
        topologySpreadConstraints:
          - topologyKey: topology.kubernetes.io/zone
            maxSkew: 1
            whenUnsatisfiable: DoNotSchedule
            labelSelector: {matchLabels: {app: db}}
        containers:
          - name: db
            image: db
";

/// Numbers as hardly anybody writes them: Kubernetes takes the first, and tools mend the others.
const NUMBERS: &str = r"- apiVersion: apps/v1
  kind: StatefulSet
  metadata:
    name: members
  spec:
    replicas: 1e1
    selector: {matchLabels: {app: members}}
    template:
      metadata: {labels: {app: members}}
      spec:
        containers: [{name: members, image: members}]
- apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: bare
    namespace: shop
    annotations:
      argocd.argoproj.io/sync-wave: 3
  spec:
    replicas: 4
    selector: {matchLabels: {app: bare}}
    template:
      metadata: {labels: {app: bare}}
      spec:
        containers: [{name: bare, image: bare}]
- apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: plus
    namespace: shop
    annotations: {argocd.argoproj.io/sync-wave: +03}
  spec:
    replicas: 4
    selector: {matchLabels: {app: plus}}
    template:
      metadata: {labels: {app: plus}}
      spec:
        containers: [{name: plus, image: plus}]
";

/// Everything that comes on top of a strategy.
const SETTINGS: &str = "spotTolerations: [{key: spot, operator: Exists, effect: NoSchedule}]
    nodeLossTolerationSeconds: 30
    onDemandPriorityClassName: stays
    onDemandScalesToZero: true
    budget: floor
    headroom: capacity-buffer
    siblingsFirst: true
    ";

/// The items as the function leaves them under `strategy`.
fn under(strategy: &str, settings: &str, items: &str) -> String {
    let stateful = if strategy == "floor" {
        "ordinals"
    } else {
        strategy
    };
    let head = format!(
        r#"apiVersion: config.kubernetes.io/v1
kind: ResourceList
functionConfig:
  apiVersion: spot-distribution.dev/v1alpha1
  kind: SpotDistribution
  spec:
    {settings}defaults:
      deployment: {{strategy: "{strategy}"}}
      statefulSet: {{strategy: "{stateful}"}}
items:
"#
    );
    let input = format!("{head}{items}");
    let response = function::run(input.as_bytes());
    assert!(response.is_success(), "{:?}", response.findings());
    let output = response.output().unwrap().to_string();
    let items = output.strip_prefix(&head).unwrap_or_default();
    let end = items.find("results:\n").unwrap_or(items.len());
    items[..end].to_owned()
}

/// What the items say, whatever the order of their keys.
fn meaning(items: &str) -> Value {
    let stream = Stream::parse(items).unwrap();
    decode(stream.documents[0].root()).unwrap()
}

/// Three strategies after each other, the second without the settings of the others.
fn every_order_of_three(items: &str) {
    let alone = STRATEGIES.map(|strategy| under(strategy, SETTINGS, items));
    let expected = alone.each_ref().map(|items| meaning(items));
    for (first, after_first) in STRATEGIES.iter().zip(&alone) {
        for second in STRATEGIES {
            let after_second = under(second, "", after_first);
            for (third, expected) in STRATEGIES.iter().zip(&expected) {
                let order = format!("{first}, then {second}, then {third}");
                let after_third = under(third, SETTINGS, &after_second);
                assert_eq!(&meaning(&after_third), expected, "{order}");
                assert_eq!(under("off", "", &after_third), items, "{order}, then off");
            }
        }
    }
}

#[test]
fn deployments_do_not_remember_earlier_strategies() {
    every_order_of_three(DEPLOYMENTS);
}

#[test]
fn stateful_sets_do_not_remember_earlier_strategies() {
    every_order_of_three(STATEFUL_SET);
}

#[test]
fn numbers_come_back_as_they_were_written() {
    every_order_of_three(NUMBERS);
    for strategy in ["floor", "spread", "spot", "off"] {
        let once = under(strategy, SETTINGS, NUMBERS);
        assert_eq!(under(strategy, SETTINGS, &once), once, "{strategy}");
        assert!(once.contains("replicas: 1e1"), "{strategy}");
    }
}
