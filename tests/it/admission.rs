//! The admission policy finds what the function writes: for every form of node labels and any terms
//! of the owner's own, the pin of a pod is lifted in each term, and nothing else is.

use std::fs;
use std::path::Path;
use std::process::Command;

use proptest::prelude::*;
use serde_json::{Value, json};
use spot_distribution::admission::{ApiVersion, Lift, lifts, manifest};
use spot_distribution::config::Policy;
use spot_distribution::function;
use yaml_splice::Stream;

/// Every form in which nodes are distinguished.
const CAPACITIES: [&str; 4] = [
    "{}",
    "{key: karpenter.sh/capacity-type, onDemand: [on-demand, reserved], spot: spot}",
    "{key: cloud.google.com/gke-spot, spot: \"true\", onDemandLabelled: false}",
    "{key: karpenter.sh/capacity-type, onDemand: on-demand, spot: spot, alsoSpot: [{key: eks.amazonaws.com/capacityType, values: [SPOT]}]}",
];

/// Nodes with every combination of the labels that the forms know.
fn nodes() -> Vec<Value> {
    vec![
        json!({}),
        json!({"node.kubernetes.io/capacity": "on-demand"}),
        json!({"node.kubernetes.io/capacity": "spot"}),
        json!({"karpenter.sh/capacity-type": "on-demand"}),
        json!({"karpenter.sh/capacity-type": "reserved"}),
        json!({"karpenter.sh/capacity-type": "spot"}),
        json!({"eks.amazonaws.com/capacityType": "SPOT"}),
        json!({"eks.amazonaws.com/capacityType": "ON_DEMAND"}),
        json!({"cloud.google.com/gke-spot": "true"}),
    ]
}

fn config(capacity: &str) -> String {
    format!(
        "{{apiVersion: spot-distribution.dev/v1alpha1, kind: SpotDistribution, metadata: {{name: policy}}, spec: {{capacity: {capacity}}}}}"
    )
}

fn policy(capacity: &str) -> Policy {
    let text = config(capacity);
    let stream = Stream::parse(&text).unwrap();
    Policy::read(Some(stream.documents[0].root())).unwrap()
}

/// The required terms of a StatefulSet of three after a run.
fn placed(capacity: &str, terms: &Value) -> Vec<Value> {
    let affinity = json!({"nodeAffinity": {
        "requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}});
    let object = json!({
        "apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "db"},
        "spec": {"replicas": 3, "selector": {"matchLabels": {"app": "db"}}, "template": {
            "metadata": {"labels": {"app": "db"}},
            "spec": {"affinity": affinity, "containers": [{"name": "db", "image": "db"}]}}}});
    let list = format!(
        "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig: {}\nitems:\n- {object}\n",
        config(capacity)
    );
    let response = function::run(list.as_bytes());
    assert!(response.is_success(), "{:?}", response.findings());
    let output = response.output().unwrap().to_string();
    let list: Value = serde_yaml::from_str(&output).unwrap();
    let template = &list["items"][0]["spec"]["template"];
    let path = "/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms";
    template.pointer(path).unwrap().as_array().unwrap().clone()
}

/// What the policy makes of `term`: the replacement of the values that it finds.
fn lifted(term: &Value, lift: &Lift) -> Option<Value> {
    let expressions = term["matchExpressions"].as_array()?;
    let at = expressions.len().checked_sub(lift.from_end)?;
    let written = json!({
        "key": lift.written.key,
        "operator": lift.written.operator.name(),
        "values": lift.written.values,
    });
    let mut term = term.clone();
    (expressions[at] == written).then(|| {
        term["matchExpressions"][at]["values"] = json!(lift.values);
        term
    })
}

/// Whether a node with the labels `node` meets the last `count` expressions of `term`.
fn meets(node: &Value, term: &Value, count: usize) -> bool {
    let expressions = term["matchExpressions"].as_array().unwrap();
    expressions.iter().rev().take(count).all(|expression| {
        let value = &node[expression["key"].as_str().unwrap()];
        let is_in = expression["values"].as_array().unwrap().contains(value);
        is_in == (expression["operator"] == "In")
    })
}

fn terms() -> impl Strategy<Value = Value> {
    let expression = prop_oneof![
        Just(json!({"key": "topology.kubernetes.io/zone", "operator": "In", "values": ["a"]})),
        Just(json!({"key": "disk", "operator": "Exists"})),
        Just(json!({"key": "arch", "operator": "NotIn", "values": ["arm64", "spot"]})),
    ];
    let term = prop_oneof![
        proptest::collection::vec(expression, 1..4)
            .prop_map(|expressions| json!({"matchExpressions": expressions})),
        Just(
            json!({"matchFields": [{"key": "metadata.name", "operator": "NotIn", "values": ["n"]}]})
        ),
        Just(json!({})),
    ];
    proptest::collection::vec(term, 0..4).prop_map(Value::Array)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_policy_lifts_what_the_function_writes(form in 0..CAPACITIES.len(), own in terms()) {
        let capacity = CAPACITIES[form];
        let lifts = lifts(&policy(capacity).capacity);
        for term in placed(capacity, &own) {
            if term.as_object().unwrap().is_empty() {
                continue;
            }
            let mut free = term.clone();
            for lift in &lifts {
                free = lifted(&free, lift).expect("ours is where the policy looks");
            }
            for node in nodes() {
                let (before, after) = (meets(&node, &term, lifts.len()), meets(&node, &free, lifts.len()));
                let is_spot = policy(capacity).capacity.preferred_spot().iter().any(|spot| {
                    let value = &node[&spot.key];
                    spot.values.iter().any(|known| value == known)
                });
                prop_assert!(!(before && is_spot), "{node} meets {term}");
                prop_assert_eq!(after, before || is_spot, "{} {}", node, free);
            }
        }
    }
}

#[test]
fn the_manifest_says_every_lift() {
    for capacity in CAPACITIES {
        let capacity = policy(capacity).capacity;
        let text = manifest(&capacity, ApiVersion::V1);
        for lift in lifts(&capacity) {
            let key = format!(
                "size(t.matchExpressions) - {}].key == '{}'",
                lift.from_end, lift.written.key
            );
            assert!(text.contains(&key), "{text}");
            for value in lift.values {
                assert!(text.contains(&format!("'{value}'")), "{text}");
            }
        }
        let documents: Vec<Value> = serde_yaml::Deserializer::from_str(&text)
            .map(|document| serde::Deserialize::deserialize(document).unwrap())
            .collect();
        assert_eq!(documents[0]["kind"], "MutatingAdmissionPolicy");
        assert_eq!(
            documents[1]["spec"]["policyName"],
            documents[0]["metadata"]["name"]
        );
        let version = &documents[0]["metadata"]["labels"]["app.kubernetes.io/version"];
        assert_eq!(*version, env!("CARGO_PKG_VERSION"));
    }
}

fn printed(arguments: &[&str]) -> String {
    let program = env!("CARGO_BIN_EXE_spot-distribution");
    let output = Command::new(program)
        .arg("admission-policy")
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_api_version_is_printed() {
    for version in ["v1", "v1beta1", "v1alpha1"] {
        let text = printed(&["--api-version", version]);
        let expected = format!("apiVersion: admissionregistration.k8s.io/{version}\n");
        assert_eq!(text.matches(&expected).count(), 2, "{text}");
    }
}

#[test]
fn the_examples_hold_what_is_printed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/admission-policy");
    for file in [
        "kustomize/admission-policy.yaml",
        "kpt/admission-policy.yaml",
    ] {
        let committed = fs::read_to_string(root.join(file)).unwrap();
        assert_eq!(committed, printed(&[]), "{file}: print it again");
    }
}
