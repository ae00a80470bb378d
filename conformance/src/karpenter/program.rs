//! The program, and what it needs in the cluster.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use kube::api::{ApiResource, DynamicObject, ListParams};
use kube::core::GroupVersionKind;
use kube::{Api, Client, ResourceExt};
use serde_json::Value;

use super::claims::{Claims, InsufficientCapacity};
use super::offers;
use super::pools::Pools;
use crate::binaries::Binaries;
use crate::cluster::free_ports;
use crate::process::Process;
use crate::render;

const START: Duration = Duration::from_secs(240);

/// Karpenter beside a control plane; it ends on drop.
pub struct Karpenter {
    client: Client,
    claims: Claims,
    binaries: Binaries,
    kubeconfig: PathBuf,
    folder: PathBuf,
    program: Option<Process>,
    _insufficient_capacity: InsufficientCapacity,
}

impl Karpenter {
    /// Defines Karpenter's resources, makes the pools and starts it. The files are the kubeconfig, and the folder
    /// for the program's own.
    pub async fn start(
        client: &Client,
        binaries: &Binaries,
        (kubeconfig, folder): (PathBuf, PathBuf),
        pools: Pools,
        fleet: &str,
    ) -> Result<Self> {
        let claims = Claims::new(client.clone());
        let mut karpenter = Self {
            client: client.clone(),
            claims: claims.clone(),
            binaries: binaries.clone(),
            kubeconfig,
            folder,
            program: None,
            _insufficient_capacity: InsufficientCapacity::watch(claims),
        };
        karpenter.define().await?;
        render::apply(client, &pools.manifests(fleet)).await?;
        karpenter.offer_spot(true).await?;
        Ok(karpenter)
    }

    async fn define(&self) -> Result<()> {
        let files = std::fs::read_dir(self.binaries.karpenter_definitions())
            .context("Karpenter's definitions are not in the cache")?;
        let mut definitions = Vec::new();
        for file in files {
            definitions.extend(render::parse(&std::fs::read_to_string(file?.path())?)?);
        }
        render::apply(&self.client, &definitions).await?;
        for definition in &definitions {
            self.until_served(definition).await?;
        }
        Ok(())
    }

    /// An API server serves each of them in its own time.
    async fn until_served(&self, definition: &Value) -> Result<()> {
        let spec = &definition["spec"];
        let word = |of: &Value| of.as_str().unwrap_or_default().to_owned();
        let [group, kind, plural, version] = [
            &spec["group"],
            &spec["names"]["kind"],
            &spec["names"]["plural"],
            &spec["versions"][0]["name"],
        ]
        .map(word);
        let resource = GroupVersionKind::gvk(&group, &version, &kind);
        let resource = ApiResource::from_gvk_with_plural(&resource, &plural);
        let all: Api<DynamicObject> = Api::all_with(self.client.clone(), &resource);
        let deadline = Instant::now() + START;
        while let Err(error) = all.list(&ListParams::default()).await {
            if Instant::now() > deadline {
                return Err(error)
                    .with_context(|| format!("the API server does not serve {plural}"));
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        Ok(())
    }

    /// Starts Karpenter again in a cloud that has spot capacity, or has run out of it.
    pub async fn offer_spot(&mut self, to_be_had: bool) -> Result<()> {
        let types = self.folder.join("instance-types.json");
        std::fs::write(&types, offers::instance_types(to_be_had).to_string())?;
        let [metrics, health] = free_ports()?;
        let environment = [
            ("KUBECONFIG", self.kubeconfig.display().to_string()),
            ("INSTANCE_TYPES_FILE_PATH", types.display().to_string()),
            ("METRICS_PORT", metrics.to_string()),
            ("HEALTH_PROBE_PORT", health.to_string()),
            ("DISABLE_LEADER_ELECTION", "true".to_owned()),
            ("KUBERNETES_MIN_VERSION", "1.19.0-0".to_owned()),
            // Reserved capacity as a capacity type like the others: the provider has no reservations with a number.
            ("FEATURE_GATES", "ReservedCapacity=false".to_owned()),
            ("SYSTEM_NAMESPACE", "kube-system".to_owned()),
            ("KARPENTER_SERVICE", "karpenter".to_owned()),
        ];
        // The old one ends first: two would both buy.
        self.program = None;
        // They may ask for offers that are gone.
        self.claims.forget_unlaunched().await?;
        let program = self.binaries.karpenter();
        let none: [&str; 0] = [];
        let started = Process::start_with("karpenter", &program, none, &environment, &self.folder)?;
        self.program = Some(started);
        Ok(())
    }

    /// Takes the claim of a node back, as expiry and the notice of an interruption do: Karpenter drains the node and
    /// buys what is missing afterwards.
    pub async fn take_back(&self, node: &str) -> Result<()> {
        let claim = self.claims.of(node).await?;
        let claim = claim.with_context(|| format!("no NodeClaim for {node}"))?;
        self.claims.delete(&claim.name_any()).await
    }

    /// Forgets the claims whose nodes are gone; Karpenter itself would find them within two minutes.
    pub async fn forget_lost(&self, nodes: &[String]) -> Result<()> {
        for node in nodes {
            if let Some(claim) = self.claims.of(node).await? {
                self.claims.forget(&claim.name_any()).await?;
            }
        }
        Ok(())
    }

    /// Whether Karpenter is still buying or giving back nodes.
    pub async fn is_busy(&self) -> Result<bool> {
        self.claims.are_moving().await
    }

    /// The program's last words, for a message about a failure.
    pub fn log_tail(&self) -> String {
        self.program
            .as_ref()
            .map(Process::log_tail)
            .unwrap_or_default()
    }
}
