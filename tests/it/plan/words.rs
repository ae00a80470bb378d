//! Words agree with the numbers before them.

use serde_json::Value;

use super::{plan, run, shown, workload};

/// A plan with its line breaks as blanks.
fn words(text: &str) -> String {
    let table = shown(".", &["plan", "-"], text);
    table.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn node(name: &str, state: &str) -> String {
    format!(
        "---\napiVersion: v1\nkind: Node\nmetadata: {{name: {name}, labels: {{node.kubernetes.io/capacity: \
         on-demand, topology.kubernetes.io/zone: a}}}}\nspec: {{{state}}}\nstatus: {{allocatable: {{cpu: 100m, \
         memory: 8Gi, pods: 110}}}}\n"
    )
}

fn contains(text: &str, expected: &[&str]) {
    for expected in expected {
        assert!(text.contains(expected), "{expected}: {text}");
    }
}

/// One replica that requests this many millicores.
fn single(millicores: u32) -> String {
    let requests =
        format!("image: x, resources: {{requests: {{cpu: {millicores}m, memory: 1Mi}}}}");
    workload("Deployment", "web", "  replicas: 1\n").replace("image: shop/web", &requests)
}

#[test]
fn one_node_and_one_pod() {
    let open = node("a", "");
    let closed = |name| node(name, "unschedulable: true");
    let found = words(&[single(500), open.clone(), closed("b")].concat());
    let expected = [
        "1 on-demand node in 1 zone has 0.1 cores",
        "; 1 more is cordoned or not ready.",
        "By an estimate 1 of 1 pod finds no room in ordinary times",
    ];
    contains(&found, &expected);
    let found = words(&[single(10), open.clone(), closed("b"), closed("c")].concat());
    let expected = [
        "; 2 more are cordoned or not ready.",
        "By an estimate the only pod fits in ordinary times.",
    ];
    contains(&found, &expected);
    let found = words(&[on_spot(2), open].concat());
    contains(&found, &["No pod needs room in ordinary times."]);
}

/// A workload that its owner puts on spot nodes.
fn on_spot(replicas: u32) -> String {
    let spot = "namespace: shop, annotations: {spot-distribution.dev/strategy: spot}}";
    let text = workload("Deployment", "tiny", &format!("  replicas: {replicas}\n"));
    text.replacen("namespace: shop}", spot, 1)
}

#[test]
fn one_workload_of_two() {
    let found = words(&format!("{}---\n{}", single(10), on_spot(2)));
    contains(
        &found,
        &["1 of 2 workloads keeps at least one replica for certain"],
    );
}

/// What the placement of `text` is, in the words of `check`.
fn placement(text: &str) -> String {
    String::from_utf8(run(".", &["check", "-"], text).stdout).unwrap()
}

#[test]
fn one_replica_and_one_member() {
    let two = workload("Deployment", "web", "  replicas: 2\n");
    contains(&placement(&two), &["web-on-demand; the other prefers spot"]);
    let three = workload("Deployment", "web", "  replicas: 3\n");
    contains(
        &placement(&three),
        &["web-on-demand; the other 2 prefer spot"],
    );
    let annotation = "namespace: shop, annotations: {spot-distribution.dev/on-demand-base: \"1\"}}";
    let set = workload("StatefulSet", "db", "  replicas: 3\n");
    let set = set.replacen("namespace: shop}", annotation, 1);
    contains(
        &placement(&set),
        &["1 of 3 members, the one below ordinal 1, must run"],
    );
    let autoscaler = "---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\n\
        metadata: {name: db, namespace: shop}\nspec: {scaleTargetRef: {apiVersion: apps/v1, kind: StatefulSet, \
        name: db}, minReplicas: 3, maxReplicas: 9}\n";
    contains(
        &placement(&format!("{set}{autoscaler}")),
        &["the member below ordinal 1 must run on on-demand nodes, however many there are"],
    );
}

/// Kubernetes would reject it, but no words are left out of a sentence for it.
#[test]
fn a_spread_over_no_key() {
    let spread = "    spec:\n      topologySpreadConstraints: [{maxSkew: 1}]\n";
    let web = workload("Deployment", "web", "  replicas: 9\n").replace("    spec:\n", spread);
    let plan = plan(&web);
    let mut warnings = plan["warnings"].as_array().unwrap().iter();
    let about = |warning: &&Value| warning["code"] == "spread-blocks-drain";
    let message = warnings.find(about).unwrap()["message"].as_str().unwrap();
    assert!(
        message.starts_with("the topology spread counts cordoned nodes"),
        "{message}"
    );
}
