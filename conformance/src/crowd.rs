//! Somebody else's pods, which take room that the workloads under test might want.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::nodes::{Capacity, Layout};

/// A Deployment of `replicas` pods of `cpu` each that run on nodes of this capacity only.
pub fn manifest(
    namespace: &str,
    layout: &Layout,
    capacity: Capacity,
    replicas: usize,
    cpu: &str,
) -> Value {
    let name = format!("{capacity}-crowd");
    let labels = json!({"app": name});
    let selector: BTreeMap<_, _> = layout.labels.of(capacity, 0).into_iter().collect();
    let pod = json!({
        "nodeSelector": selector,
        "tolerations": layout.tolerations(),
        "containers": [{
            "name": "app", "image": "registry.invalid/other:1", "resources": {"requests": {"cpu": cpu}},
        }],
    });
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": pod},
        },
    })
}
