//! The function's admission policy in a cluster: there or not, and in effect.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use k8s_openapi::api::core::v1::Pod;
use kube::api::PostParams;
use kube::{Api, Client};
use serde_json::{Value, json};

use crate::render;
use crate::workload::Case;

/// The API server takes a moment until a policy that was created or deleted shows.
const EFFECT: Duration = Duration::from_secs(60);
/// No member of a tried workload has as high an ordinal.
const HIGH: &str = "99";

/// Whether the API server knows mutating admission policies without being asked to.
pub async fn is_served(client: &Client) -> Result<bool> {
    let group = client.list_api_group_resources("admissionregistration.k8s.io/v1");
    let resources = group.await?.resources;
    Ok(resources
        .iter()
        .any(|resource| resource.name == "mutatingadmissionpolicies"))
}

/// Makes sure that the cluster has the admission policy that belongs to the function's policy, or that it has none, and that this shows.
pub async fn ensure(client: &Client, policy: &Value, wanted: bool) -> Result<()> {
    let objects = render::admission_policy(policy)?;
    if wanted {
        render::apply(client, &objects).await?;
    } else {
        render::delete(client, &objects).await?;
    }
    let deadline = Instant::now() + EFFECT;
    while lifts_pin(client, policy).await? != wanted {
        if Instant::now() > deadline {
            bail!("the admission policy was applied or deleted, and that does not show");
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    Ok(())
}

/// Whether a member with a high ordinal comes out of admission with another node affinity than its template has.
async fn lifts_pin(client: &Client, policy: &Value) -> Result<bool> {
    let set = Case::stateful_set(3).manifest("default", "registry.invalid/app:1");
    let rendered = render::through_function(&[set], policy, &[])?;
    let template = &rendered.first().context("nothing rendered")?["spec"]["template"];
    let mut pod = template.clone();
    pod["metadata"]["generateName"] = json!("is-it-lifted-");
    pod["metadata"]["labels"]["apps.kubernetes.io/pod-index"] = json!(HIGH);
    // The policy is about members of StatefulSets and nothing else.
    pod["metadata"]["ownerReferences"] = json!([{
        "apiVersion": "apps/v1", "kind": "StatefulSet", "name": "tried", "controller": true,
        "uid": "00000000-0000-0000-0000-000000000000",
    }]);
    let pods: Api<Pod> = Api::namespaced(client.clone(), "default");
    let dry_run = PostParams {
        dry_run: true,
        ..PostParams::default()
    };
    let admitted = pods.create(&dry_run, &serde_json::from_value(pod)?).await?;
    let admitted: Value = serde_json::to_value(admitted)?;
    let affinity = |pod: &Value| pod["spec"]["affinity"]["nodeAffinity"].clone();
    Ok(affinity(&admitted) != affinity(template))
}
