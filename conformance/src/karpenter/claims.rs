//! The NodeClaims: what Karpenter has asked its provider for.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::Result;
use kube::api::{ApiResource, DeleteParams, DynamicObject, ListParams, Patch, PatchParams};
use kube::core::GroupVersionKind;
use kube::{Api, Client, ResourceExt};
use serde_json::{Value, json};
use tokio_util::task::AbortOnDropHandle;

/// A claim that is not launched by then asks for what is not to be had: the provider launches in less than a second.
const LAUNCHED_WITHIN: Duration = Duration::from_secs(15);
const PAUSE: Duration = Duration::from_secs(1);

/// The claims of one control plane.
#[derive(Clone)]
pub struct Claims(Api<DynamicObject>);

impl Claims {
    /// Those that this client sees.
    pub fn new(client: Client) -> Self {
        let kind = GroupVersionKind::gvk("karpenter.sh", "v1", "NodeClaim");
        Self(Api::all_with(client, &ApiResource::from_gvk(&kind)))
    }

    /// All of them.
    pub async fn list(&self) -> Result<Vec<DynamicObject>> {
        Ok(self.0.list(&ListParams::default()).await?.items)
    }

    /// The claim that this node was bought for.
    pub async fn of(&self, node: &str) -> Result<Option<DynamicObject>> {
        let is_it = |claim: &DynamicObject| claim.data["status"]["nodeName"] == node;
        Ok(self.list().await?.into_iter().find(is_it))
    }

    /// Those for which nothing was bought yet.
    async fn unlaunched(&self) -> Result<Vec<DynamicObject>> {
        let mut claims = self.list().await?;
        claims.retain(|claim| !claim.data["status"]["providerID"].is_string());
        Ok(claims)
    }

    /// Deletes the claim; Karpenter drains its node first.
    pub async fn delete(&self, name: &str) -> Result<()> {
        self.0.delete(name, &DeleteParams::default()).await?;
        Ok(())
    }

    /// Takes a claim away without its node being drained.
    pub async fn forget(&self, name: &str) -> Result<()> {
        let at_once = Patch::Merge(json!({"metadata": {"finalizers": null}}));
        ignore_missing(self.0.patch(name, &PatchParams::default(), &at_once).await)?;
        ignore_missing(self.0.delete(name, &DeleteParams::default()).await)
    }

    /// Forgets the claims for which nothing was bought yet.
    pub async fn forget_unlaunched(&self) -> Result<()> {
        for claim in self.unlaunched().await? {
            self.forget(&claim.name_any()).await?;
        }
        Ok(())
    }

    /// Whether Karpenter is still buying or giving back nodes.
    pub async fn are_moving(&self) -> Result<bool> {
        let settled = |claim: &DynamicObject| {
            let conditions = claim.data["status"]["conditions"].as_array();
            let is_ready = |one: &Value| one["type"] == "Initialized" && one["status"] == "True";
            claim.metadata.deletion_timestamp.is_none()
                && conditions.into_iter().flatten().any(is_ready)
        };
        Ok(!self.list().await?.iter().all(settled))
    }
}

/// Forgets, as long as it lives, the claims that are never launched. A provider says that capacity is insufficient, and
/// Karpenter drops the claim; the one of its tests panics, and Karpenter waits for that claim for five minutes. It
/// makes such claims without spot capacity, too: a replacement that is cheaper than an on-demand node has to be spot.
///
/// Source: `toNode` in `kwok/cloudprovider/cloudprovider.go` and `computeConsolidation` in
/// `pkg/controllers/disruption/consolidation.go` of Karpenter 1.14.
pub struct InsufficientCapacity {
    _watch: AbortOnDropHandle<()>,
}

impl InsufficientCapacity {
    /// Begins.
    pub fn watch(claims: Claims) -> Self {
        let watch = tokio::spawn(forget_the_stuck(claims));
        Self {
            _watch: AbortOnDropHandle::new(watch),
        }
    }
}

async fn forget_the_stuck(claims: Claims) {
    let mut since: HashMap<String, Instant> = HashMap::new();
    loop {
        tokio::time::sleep(PAUSE).await;
        // What failed is tried again after the pause.
        let Ok(unlaunched) = claims.unlaunched().await else {
            continue;
        };
        let names: Vec<String> = unlaunched.iter().map(ResourceExt::name_any).collect();
        since.retain(|name, _| names.contains(name));
        for name in names {
            let first = since.entry(name.clone()).or_insert_with(Instant::now);
            if first.elapsed() > LAUNCHED_WITHIN {
                let _ = claims.forget(&name).await;
            }
        }
    }
}

fn ignore_missing<T>(result: kube::Result<T>) -> Result<()> {
    match result {
        Err(kube::Error::Api(status)) if status.code == 404 => Ok(()),
        Err(error) => Err(error.into()),
        Ok(_) => Ok(()),
    }
}
