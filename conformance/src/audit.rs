//! What the function's `audit` says about the cluster, from the same objects that `kubectl get -o json` would print.

use std::collections::HashMap;
use std::ffi::OsStr;

use anyhow::{Context, Result, ensure};
use kube::api::{ApiResource, DynamicObject, ListParams, TypeMeta};
use kube::core::GroupVersionKind;
use kube::{Api, Client};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::render;

/// What it says about one workload.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Audited {
    /// Ready replicas on on-demand nodes.
    pub on_demand: u32,
    /// Ready replicas on spot nodes.
    pub spot: u32,
    /// Ready replicas on nodes of neither kind.
    pub elsewhere: u32,
    /// The floor that the workload promises, if it carries a mark.
    pub floor: Option<u32>,
    /// Whether that floor holds; nothing where none is promised.
    pub holds: Option<bool>,
}

/// What is asked for, as `kubectl get nodes,pods,...` does: group, version, kind, and whether it has a namespace.
const KINDS: [(&str, &str, &str, bool); 7] = [
    ("", "v1", "Node", false),
    ("", "v1", "Pod", true),
    ("apps", "v1", "Deployment", true),
    ("apps", "v1", "StatefulSet", true),
    ("apps", "v1", "ReplicaSet", true),
    ("autoscaling", "v2", "HorizontalPodAutoscaler", true),
    ("policy", "v1", "PodDisruptionBudget", true),
];

/// Every object of a namespace, and the nodes, as one `kind: List`.
pub async fn snapshot(client: &Client, namespace: &str) -> Result<Value> {
    let mut items = Vec::new();
    for (group, version, kind, namespaced) in KINDS {
        let kind = GroupVersionKind::gvk(group, version, kind);
        let resource = ApiResource::from_gvk(&kind);
        let api: Api<DynamicObject> = if namespaced {
            Api::namespaced_with(client.clone(), namespace, &resource)
        } else {
            Api::all_with(client.clone(), &resource)
        };
        for mut object in api.list(&ListParams::default()).await?.items {
            // The items of a list do not say what they are; kubectl adds it.
            object.types = Some(TypeMeta {
                api_version: resource.api_version.clone(),
                kind: resource.kind.clone(),
            });
            items.push(serde_json::to_value(object)?);
        }
    }
    Ok(json!({"apiVersion": "v1", "kind": "List", "items": items}))
}

/// The workloads of the snapshot by name, as `audit` sees them. A cluster that has no pod or no node is none yet.
pub fn audit(snapshot: &Value, policy: &Value) -> Result<HashMap<String, Audited>> {
    let has = |kind: &str| {
        let items = snapshot["items"].as_array().into_iter().flatten();
        items.into_iter().any(|item| item["kind"] == kind)
    };
    if !has("Pod") || !has("Node") {
        return Ok(HashMap::new());
    }
    let config = render::configuration(policy)?;
    let args: [&OsStr; 6] = [
        "audit".as_ref(),
        "-o".as_ref(),
        "json".as_ref(),
        "--config".as_ref(),
        config.path().as_os_str(),
        "-".as_ref(),
    ];
    let output = render::output(&args, &snapshot.to_string())?;
    let said = String::from_utf8_lossy(&output.stderr);
    let audit: Value = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("audit did not print JSON: {said}"))?;
    let found = workloads(&audit)?;
    let broken = found.values().any(|it| it.holds == Some(false));
    ensure!(
        output.status.code() == Some(i32::from(broken)),
        "audit ended with {}, and a floor does not hold: {broken}; {said}",
        output.status
    );
    Ok(found)
}

fn workloads(audit: &Value) -> Result<HashMap<String, Audited>> {
    let workloads = audit["workloads"].as_array().context("no workloads")?;
    let read = |workload: &Value| {
        let name = workload["name"].as_str().context("no name")?;
        Ok((name.to_owned(), serde_json::from_value(workload.clone())?))
    };
    workloads.iter().map(read).collect()
}
