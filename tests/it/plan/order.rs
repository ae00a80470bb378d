//! What a plan says does not depend on the order of its input.

use serde_json::Value;

use super::stream::stream;
use super::{plan, workload};

/// Objects in both orders.
fn both_ways(objects: &[String]) -> [Value; 2] {
    let there = objects.join("---\n");
    let mut objects = objects.to_vec();
    objects.reverse();
    [plan(&there), plan(&objects.join("---\n"))]
}

#[test]
fn of_two_that_are_left_alone() {
    let chosen = workload("Deployment", "a", "  replicas: 3\n").replace(
        "    spec:\n",
        "    spec:\n      nodeSelector: {node.kubernetes.io/capacity: spot}\n",
    );
    let paused = workload("Deployment", "b", "  replicas: 3\n  paused: true\n");
    let [there, back] = both_ways(&[chosen, paused]);
    assert_eq!(there, back);
    let warnings = there["warnings"].as_array().unwrap().iter();
    let names: Vec<_> = warnings
        .map(|it| it["object"]["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["a", "b"]);
    for (at, workload) in there["workloads"].as_array().unwrap().iter().enumerate() {
        assert_eq!(workload["warnings"], serde_json::json!([at]));
    }
}

#[test]
fn of_nodes() {
    let node = |name: &str, capacity: &str| {
        format!(
            "apiVersion: v1\nkind: Node\nmetadata: {{name: {name}, labels: {{node.kubernetes.io/capacity: \
             {capacity}}}}}\nstatus: {{allocatable: {{cpu: 1, memory: 8Gi, pods: 2}}}}\n"
        )
    };
    let objects = [
        workload("Deployment", "web", "  replicas: 9\n"),
        node("a", "on-demand"),
        node("b", "on-demand"),
        node("c", "other"),
        node("d", "other"),
    ];
    let [there, back] = both_ways(&objects).map(|plan| plan["nodes"].clone());
    assert_eq!(there, back);
}

#[test]
fn of_two_hundred_mixed_manifests() {
    let objects: Vec<_> = stream().split("---\n").map(str::to_owned).collect();
    assert!(objects.len() > 100, "{}", objects.len());
    let [there, back] = both_ways(&objects);
    assert_eq!(there, back);
}
