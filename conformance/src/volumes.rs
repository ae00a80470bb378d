//! Volumes that exist in one zone each, as the disks of a cloud do.

use serde_json::{Value, json};

use crate::workload::ZONAL;

/// A storage class that binds a claim where its pod is first scheduled, and enough volumes in every zone for
/// `members` claims.
pub fn zonal(namespace: &str, members: u32) -> Vec<Value> {
    let class = json!({
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": ZONAL},
        "provisioner": "kubernetes.io/no-provisioner",
        "volumeBindingMode": "WaitForFirstConsumer",
    });
    let volumes = ["a", "b", "c"]
        .into_iter()
        .flat_map(|zone| (0..members).map(move |index| volume(namespace, zone, index)));
    std::iter::once(class).chain(volumes).collect()
}

fn volume(namespace: &str, zone: &str, index: u32) -> Value {
    let in_zone = json!([{"matchExpressions": [
        {"key": "topology.kubernetes.io/zone", "operator": "In", "values": [zone]},
    ]}]);
    json!({
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": format!("{namespace}-{zone}-{index}")},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "capacity": {"storage": "1Gi"},
            "storageClassName": ZONAL,
            "persistentVolumeReclaimPolicy": "Retain",
            "hostPath": {"path": "/nothing"},
            "nodeAffinity": {"required": {"nodeSelectorTerms": in_zone}},
        },
    })
}
