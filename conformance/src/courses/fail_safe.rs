//! Whatever is wrong with the admission policy, or beside it: no member lands on spot that should not, and nothing is
//! refused or Pending that would have run.

use anyhow::{Result, ensure};
use k8s_openapi::api::core::v1::Pod;
use kube::Api;
use kube::api::ListParams;
use serde_json::{Value, json};

use super::life::apply_on_all_nodes;
use super::nodes::lose_all_spot;
use crate::guarantee::Moment;
use crate::policy::{self, Neighbour};
use crate::record::Expect;
use crate::render;
use crate::run::Run;

/// What the template says about the first ordinal that may use spot.
const FROM: &str = "spot-distribution.dev/spot-from-ordinal";

/// Unbound, deleted in operation, beside other policies, and pods that are not meant.
pub async fn fail_safe(run: &mut Run) -> Result<()> {
    apply_on_all_nodes(run).await?;
    run.unbind_policy().await?;
    let (rollout, exact) = (Moment::Rollout, Expect::Exact);
    let step = "the policy is not bound, rollout";
    run.step(step, rollout, exact, Run::rollout).await?;
    run.set_policy(true).await?;
    let step = "the policy is bound again, rollout";
    run.step(step, rollout, exact, Run::rollout).await?;
    beside_others(run).await?;
    let step = "pods that are not meant";
    run.step(step, Moment::Nodes, Expect::Running, apply_strangers)
        .await?;
    strangers_are_as_written(run).await?;
    let step = "the policy is deleted while a rollout goes on";
    run.step(step, rollout, Expect::Running, delete_in_rollout)
        .await?;
    let step = "all spot nodes lost";
    run.step(step, Moment::Nodes, Expect::Running, lose_all_spot)
        .await
}

/// Other policies change the same pods, before ours or after it.
async fn beside_others(run: &mut Run) -> Result<()> {
    for (neighbour, step, expect) in [
        (
            Neighbour::Toleration,
            "another policy adds a toleration, rollout",
            Expect::Exact,
        ),
        (
            Neighbour::Term,
            "another policy adds to the terms, rollout",
            Expect::Running,
        ),
    ] {
        policy::add_neighbour(&run.client, neighbour).await?;
        run.step(step, Moment::Rollout, expect, Run::rollout)
            .await?;
        policy::remove_neighbour(&run.client, neighbour).await?;
    }
    Ok(())
}

async fn delete_in_rollout(run: &mut Run) -> Result<()> {
    run.rollout().await?;
    run.set_policy(false).await
}

/// A member whose annotation is no number, a pod of a Deployment that looks like a member, and a member of somebody
/// else's set that carries the annotation.
fn strangers(run: &Run) -> Result<Vec<Value>> {
    let mut set = run.set_of_three("no-number")?;
    set["spec"]["template"]["metadata"]["annotations"][FROM] = json!("three");
    let mut deployment = run.set_of_three("no-member")?;
    deployment["kind"] = json!("Deployment");
    let labels = &mut deployment["spec"]["template"]["metadata"]["labels"];
    labels["apps.kubernetes.io/pod-index"] = json!("7");
    if let Some(spec) = deployment["spec"].as_object_mut() {
        spec.remove("serviceName");
    }
    let mut foreign = run.set_of_three("foreign")?;
    let in_zone = json!([{"matchExpressions": [
        {"key": "topology.kubernetes.io/zone", "operator": "In", "values": ["a", "b"]},
    ]}]);
    foreign["spec"]["template"]["metadata"]["annotations"][FROM] = json!("0");
    foreign["spec"]["template"]["spec"]["affinity"] = json!({"nodeAffinity": {
        "requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": in_zone},
    }});
    Ok(vec![set, deployment, foreign])
}

async fn apply_strangers(run: &mut Run) -> Result<()> {
    render::apply(&run.client, &strangers(run)?).await
}

/// Every pod of them runs, with the node affinity that was written.
async fn strangers_are_as_written(run: &Run) -> Result<()> {
    let pods: Api<Pod> = Api::namespaced(run.client.clone(), &run.namespace);
    for written in strangers(run)? {
        let name = written["metadata"]["name"].as_str().unwrap_or_default();
        let of_it = ListParams::default().labels(&format!("app={name}"));
        let found = pods.list(&of_it).await?.items;
        ensure!(found.len() == 3, "{name} has {} pods of 3", found.len());
        for pod in found {
            let pod = serde_json::to_value(pod)?;
            let affinity = |of: &Value| of["affinity"]["nodeAffinity"].clone();
            let (wanted, is) = (
                affinity(&written["spec"]["template"]["spec"]),
                affinity(&pod["spec"]),
            );
            ensure!(is == wanted, "{name}: {is} instead of {wanted}");
            ensure!(!pod["spec"]["nodeName"].is_null(), "{name} is Pending");
        }
    }
    Ok(())
}
