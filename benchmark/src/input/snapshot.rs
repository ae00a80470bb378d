//! Objects of a cluster, as `kubectl get -o json` prints them: nodes, Deployments with their
//! `ReplicaSets`, and the pods.

use serde_json::{Value, json};

/// How many objects follow one another: a node, three Deployments, their `ReplicaSets`, the pods.
const GROUP: usize = 20;

/// How many Deployments are among them.
const DEPLOYMENTS: usize = 3;

/// The object at `index`.
pub fn object(index: usize) -> Value {
    let (group, place) = (index / GROUP, index % GROUP);
    // The pods take turns.
    let member = (place + DEPLOYMENTS - 1) % DEPLOYMENTS;
    let name = format!("web-{group}-{member}");
    match place {
        0 => node(group),
        1..=3 => deployment(group, &name),
        4..=6 => replica_set(group, &name),
        _ => pod(group, &name, place),
    }
}

/// Every other node is an on-demand node.
fn node(group: usize) -> Value {
    let class = if group.is_multiple_of(2) {
        "on-demand"
    } else {
        "spot"
    };
    json!({
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": format!("node-{group}"),
            "labels": {
                "kubernetes.io/hostname": format!("node-{group}"),
                "node.kubernetes.io/capacity": class,
                "topology.kubernetes.io/zone": format!("zone-{}", group % 3)
            }
        },
        "spec": {"podCIDR": format!("10.0.{}.0/24", group % 256)},
        "status": {
            "allocatable": {"cpu": "8", "memory": "32Gi", "pods": "110"},
            "conditions": [{"type": "Ready", "status": "True", "reason": "KubeletReady"}]
        }
    })
}

fn deployment(group: usize, name: &str) -> Value {
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {
            "name": name,
            "namespace": namespace(group),
            "annotations": {
                "deployment.kubernetes.io/revision": "1",
                "spot-distribution.dev/applied": "strategy=spread replicas=4 floor=1"
            }
        },
        "spec": {
            "replicas": 4,
            "selector": {"matchLabels": {"app": name}},
            "template": {"metadata": {"labels": {"app": name}}, "spec": spec(None)}
        },
        "status": {"readyReplicas": 4, "replicas": 4, "updatedReplicas": 4}
    })
}

fn replica_set(group: usize, name: &str) -> Value {
    let labels = json!({"app": name, "pod-template-hash": "5d8c7f"});
    json!({
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {
            "name": format!("{name}-5d8c7f"),
            "namespace": namespace(group),
            "ownerReferences": [owner("Deployment", name)]
        },
        "spec": {
            "replicas": 4,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": spec(None)}
        },
        "status": {"readyReplicas": 4, "replicas": 4}
    })
}

fn pod(group: usize, name: &str, place: usize) -> Value {
    // Beside its own node, the one of the next group, which has the other type.
    let node = format!("node-{}", group + place % 2);
    json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": format!("{name}-5d8c7f-{place}"),
            "namespace": namespace(group),
            "labels": {"app": name, "pod-template-hash": "5d8c7f"},
            "ownerReferences": [owner("ReplicaSet", &format!("{name}-5d8c7f"))]
        },
        "spec": spec(Some(&node)),
        "status": {
            "phase": "Running",
            "conditions": [
                {"type": "PodScheduled", "status": "True"},
                {"type": "Ready", "status": "True"}
            ]
        }
    })
}

fn spec(node: Option<&str>) -> Value {
    let mut spec = json!({
        "containers": [{
            "name": "web",
            "image": "registry.example.com/shop/web:1.27.0",
            "ports": [{"name": "http", "containerPort": 8080}],
            "readinessProbe": {"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 5},
            "resources": {
                "requests": {"cpu": "250m", "memory": "128Mi"},
                "limits": {"memory": "256Mi"}
            }
        }],
        "restartPolicy": "Always"
    });
    if let Some(node) = node {
        spec["nodeName"] = Value::from(node);
    }
    spec
}

fn owner(kind: &str, name: &str) -> Value {
    json!({"apiVersion": "apps/v1", "kind": kind, "name": name, "controller": true})
}

fn namespace(group: usize) -> String {
    format!("team-{}", group % 50)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_pod_has_an_owner_above_it() {
        let objects: Vec<Value> = (0..2 * GROUP).map(object).collect();
        let of = |kind: &str| {
            let objects = objects.iter().filter(|object| object["kind"] == kind);
            objects.cloned().collect::<Vec<_>>()
        };
        let names = |kind: &str| {
            let names = of(kind).into_iter();
            names
                .map(|object| object["metadata"]["name"].to_string())
                .collect::<BTreeSet<_>>()
        };
        let owners = |kind: &str| {
            let owners = of(kind).into_iter();
            owners
                .map(|object| object["metadata"]["ownerReferences"][0]["name"].to_string())
                .collect::<BTreeSet<_>>()
        };
        assert_eq!(owners("Pod"), names("ReplicaSet"));
        assert_eq!(owners("ReplicaSet"), names("Deployment"));
        assert_eq!((of("Node").len(), of("Pod").len()), (2, 26));
    }
}
