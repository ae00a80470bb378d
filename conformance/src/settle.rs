//! Waiting until the controllers and the scheduler have nothing left to do.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use k8s_openapi::api::apps::v1::{Deployment, DeploymentStatus, StatefulSet, StatefulSetStatus};
use kube::api::ListParams;
use kube::{Api, Client};

use crate::census::Census;
use crate::karpenter::Karpenter;

/// Everything runs and nothing has moved for this long: settled.
const QUIET: Duration = Duration::from_millis(1200);
/// Some pods find no node and nothing has moved for this long: settled as well. The scheduler tries again after at
/// most 10 seconds of back-off.
const QUIET_WITH_PENDING: Duration = Duration::from_secs(12);
/// Karpenter looks for something to consolidate every 10 seconds, and thinks about it for another 15.
const QUIET_WITH_KARPENTER: Duration = Duration::from_secs(32);
/// Generous, because the machine may be busy with something else: what is measured does not depend on it.
const LIMIT: Duration = Duration::from_secs(900);
const LIMIT_WITH_KARPENTER: Duration = Duration::from_secs(1200);
const POLL: Duration = Duration::from_millis(200);

/// Waits until nothing moves any more in the namespace. Pods for which there is no node may be left.
pub async fn settle(
    client: &Client,
    namespace: &str,
    census: &Census,
    karpenter: Option<&Karpenter>,
) -> Result<()> {
    let limit = karpenter.map_or(LIMIT, |_| LIMIT_WITH_KARPENTER);
    let deadline = Instant::now() + limit;
    while Instant::now() < deadline {
        tokio::time::sleep(POLL).await;
        if is_settled(client, namespace, census, karpenter).await? {
            return Ok(());
        }
    }
    let (pods, moving, pending, changed) = census.activity();
    bail!(
        "{namespace} did not settle in {limit:?}: {pods} pods, {moving} moving, {pending} without a node, \
         last change {:?} ago\n{}",
        changed.elapsed(),
        karpenter.map(Karpenter::log_tail).unwrap_or_default()
    )
}

async fn is_settled(
    client: &Client,
    namespace: &str,
    census: &Census,
    karpenter: Option<&Karpenter>,
) -> Result<bool> {
    let (_, moving, pending, changed) = census.activity();
    let quiet = changed.elapsed();
    let wanted = match (karpenter, pending) {
        (Some(_), _) => QUIET_WITH_KARPENTER,
        (None, 1..) => QUIET_WITH_PENDING,
        (None, 0) => QUIET,
    };
    if moving > 0 || quiet < wanted {
        return Ok(false);
    }
    if let Some(karpenter) = karpenter
        && karpenter.is_busy().await?
    {
        return Ok(false);
    }
    Ok(pending > 0 || is_rolled_out_everywhere(client, namespace, census).await?)
}

async fn is_rolled_out_everywhere(
    client: &Client,
    namespace: &str,
    census: &Census,
) -> Result<bool> {
    let everything = ListParams::default();
    let deployments: Api<Deployment> = Api::namespaced(client.clone(), namespace);
    let sets: Api<StatefulSet> = Api::namespaced(client.clone(), namespace);
    let deployments = deployments.list(&everything).await?.items;
    let sets = sets.list(&everything).await?.items;
    // A status may be older than the loss of a pod; the pods themselves must be there, too.
    let wanted: i32 = deployments
        .iter()
        .map(wanted)
        .chain(sets.iter().map(wanted_of_set))
        .sum();
    Ok(usize::try_from(wanted) == Ok(census.activity().0)
        && deployments.iter().all(is_rolled_out)
        && sets.iter().all(is_set_rolled_out))
}

fn wanted(deployment: &Deployment) -> i32 {
    deployment
        .spec
        .as_ref()
        .and_then(|spec| spec.replicas)
        .unwrap_or(1)
}

fn wanted_of_set(set: &StatefulSet) -> i32 {
    set.spec
        .as_ref()
        .and_then(|spec| spec.replicas)
        .unwrap_or(1)
}

fn is_rolled_out(deployment: &Deployment) -> bool {
    let wanted = wanted(deployment);
    let done = |status: &DeploymentStatus| {
        status.observed_generation == deployment.metadata.generation
            && [
                status.replicas,
                status.updated_replicas,
                status.ready_replicas,
            ]
            .iter()
            .all(|count| count.unwrap_or(0) == wanted)
    };
    deployment.status.as_ref().is_some_and(done)
}

fn is_set_rolled_out(set: &StatefulSet) -> bool {
    let wanted = wanted_of_set(set);
    let done = |status: &StatefulSetStatus| {
        status.observed_generation == set.metadata.generation
            && status.current_revision == status.update_revision
            && status.replicas == wanted
            && status.ready_replicas.unwrap_or(0) == wanted
    };
    set.status.as_ref().is_some_and(done)
}
