//! The fake nodes: made, cordoned, drained and lost.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use futures::future::try_join_all;
use k8s_openapi::api::core::v1::{Node, Pod};
use kube::api::{DeleteParams, EvictParams, ListParams, Patch, PatchParams, PostParams};
use kube::{Api, Client};
use serde_json::json;

/// The label key that tells on-demand and spot nodes apart.
pub const CAPACITY: &str = "node.kubernetes.io/capacity";
/// Its value on on-demand nodes.
pub const ON_DEMAND: &str = "on-demand";
/// Its value on spot nodes.
pub const SPOT: &str = "spot";

const ZONES: [&str; 3] = ["a", "b", "c"];

/// Which nodes a cluster has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Number of on-demand nodes.
    pub on_demand: usize,
    /// Number of spot nodes.
    pub spot: usize,
    /// Whether spot nodes carry the taint `spot=true:NoSchedule`.
    pub tainted: bool,
    /// Whether the on-demand nodes come and go, which the function is told by `onDemandScalesToZero`.
    pub scales_to_zero: bool,
    /// CPUs of every on-demand node; the spot nodes always have room.
    pub on_demand_cpus: u32,
}

impl Layout {
    /// Nodes with room for everything.
    pub const fn new(on_demand: usize, spot: usize) -> Self {
        Self {
            on_demand,
            spot,
            tainted: false,
            scales_to_zero: false,
            on_demand_cpus: 64,
        }
    }

    /// For tables and test names, for example `3+6`.
    pub fn name(&self) -> String {
        let taint = if self.tainted { " tainted" } else { "" };
        let zero = if self.scales_to_zero {
            " onDemandScalesToZero"
        } else {
            ""
        };
        format!("{}+{}{taint}{zero}", self.on_demand, self.spot)
    }
}

/// The nodes of one run. Names are never used twice, as in a cloud.
pub struct Fleet {
    client: Client,
    layout: Layout,
    made: usize,
    /// The nodes that exist, by name, with their capacity.
    nodes: BTreeMap<String, &'static str>,
}

impl Fleet {
    /// A fleet without nodes.
    pub fn new(client: Client, layout: Layout) -> Self {
        Self {
            client,
            layout,
            made: 0,
            nodes: BTreeMap::new(),
        }
    }

    fn api(&self) -> Api<Node> {
        Api::all(self.client.clone())
    }

    /// The names of the nodes with this capacity.
    pub fn names(&self, capacity: &str) -> Vec<String> {
        self.nodes
            .iter()
            .filter(|(_, of)| **of == capacity)
            .map(|(name, _)| name.clone())
            .collect()
    }

    /// Adds `count` nodes over the three zones and waits until they are ready.
    pub async fn add(&mut self, capacity: &'static str, count: usize) -> Result<()> {
        let added: Vec<String> = (0..count)
            .map(|index| format!("{capacity}-{}", self.made + index))
            .collect();
        self.made += count;
        for (index, name) in added.iter().enumerate() {
            let node =
                serde_json::from_value(self.describe(name, capacity, ZONES[index % ZONES.len()]))?;
            self.api().create(&PostParams::default(), &node).await?;
            self.nodes.insert(name.clone(), capacity);
        }
        self.wait_until_ready(&added).await
    }

    fn describe(&self, name: &str, capacity: &str, zone: &str) -> serde_json::Value {
        let cpus = if capacity == ON_DEMAND {
            self.layout.on_demand_cpus
        } else {
            64
        };
        let room = json!({"cpu": cpus.to_string(), "memory": "256Gi", "pods": "250"});
        let taints = if self.layout.tainted && capacity == SPOT {
            json!([{"key": "spot", "value": "true", "effect": "NoSchedule"}])
        } else {
            json!([])
        };
        json!({
            "apiVersion": "v1", "kind": "Node",
            "metadata": {
                "name": name,
                "labels": {
                    CAPACITY: capacity,
                    "topology.kubernetes.io/zone": zone,
                    "kubernetes.io/hostname": name,
                    "kubernetes.io/os": "linux",
                },
            },
            "spec": {"taints": taints},
            "status": {"allocatable": room, "capacity": room},
        })
    }

    /// A new node carries a not-ready taint until the controllers have seen it ready.
    async fn wait_until_ready(&self, names: &[String]) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(60);
        while Instant::now() < deadline {
            let nodes =
                try_join_all(names.iter().map(async |name| self.api().get(name).await)).await?;
            if nodes.iter().all(is_usable) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        bail!("the nodes {names:?} did not become ready")
    }

    /// The cloud takes nodes away without a word: the Node objects go, and their pods with them.
    ///
    /// The pod garbage collector would find those pods within a minute; deleting them here saves that minute and
    /// changes nothing else, because a pod whose node is gone counts for no scheduling decision.
    pub async fn lose(&mut self, names: &[String]) -> Result<()> {
        for name in names {
            self.nodes.remove(name);
        }
        try_join_all(
            names
                .iter()
                .map(async |name| self.api().delete(name, &DeleteParams::default()).await),
        )
        .await?;
        let force = DeleteParams {
            grace_period_seconds: Some(0),
            ..DeleteParams::default()
        };
        for pod in self.pods_on(names).await? {
            ignore_missing(self.pod_api(&pod).delete(&name_of(&pod), &force).await)?;
        }
        Ok(())
    }

    /// Cordons nodes, as `kubectl cordon` does.
    pub async fn cordon(&self, names: &[String], unschedulable: bool) -> Result<()> {
        let patch = Patch::Merge(json!({"spec": {"unschedulable": unschedulable}}));
        for name in names {
            self.api()
                .patch(name, &PatchParams::default(), &patch)
                .await?;
        }
        // The controllers turn the flag into a taint, which is what topology spread looks at.
        let deadline = Instant::now() + Duration::from_secs(30);
        while Instant::now() < deadline {
            let nodes =
                try_join_all(names.iter().map(async |name| self.api().get(name).await)).await?;
            if nodes
                .iter()
                .all(|node| has_taint(node, "node.kubernetes.io/unschedulable") == unschedulable)
            {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!("the controllers did not taint the cordoned nodes {names:?}")
    }

    /// Evicts every pod of the nodes through the Eviction API, as `kubectl drain` does, for at most `notice`.
    /// Returns how many pods were still there then.
    pub async fn drain(&self, names: &[String], notice: Duration) -> Result<usize> {
        let deadline = Instant::now() + notice;
        loop {
            let left: Vec<Pod> = self.pods_on(names).await?;
            if left.is_empty() || Instant::now() >= deadline {
                return Ok(left.len());
            }
            for pod in left
                .iter()
                .filter(|pod| pod.metadata.deletion_timestamp.is_none())
            {
                match self
                    .pod_api(pod)
                    .evict(&name_of(pod), &EvictParams::default())
                    .await
                {
                    // 429: a PodDisruptionBudget says not yet.
                    Err(kube::Error::Api(status)) if [404, 429].contains(&status.code) => {}
                    other => drop(other?),
                }
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Deletes every node.
    pub async fn clear(&mut self) -> Result<()> {
        let names: Vec<String> = self.nodes.keys().cloned().collect();
        self.lose(&names).await
    }

    async fn pods_on(&self, names: &[String]) -> Result<Vec<Pod>> {
        let all: Api<Pod> = Api::all(self.client.clone());
        let on_these = |pod: &Pod| {
            let node = pod.spec.as_ref().and_then(|spec| spec.node_name.as_ref());
            node.is_some_and(|node| names.contains(node))
        };
        Ok(all
            .list(&ListParams::default())
            .await?
            .items
            .into_iter()
            .filter(on_these)
            .collect())
    }

    fn pod_api(&self, pod: &Pod) -> Api<Pod> {
        Api::namespaced(
            self.client.clone(),
            pod.metadata.namespace.as_deref().unwrap_or("default"),
        )
    }
}

fn name_of(pod: &Pod) -> String {
    pod.metadata.name.clone().unwrap_or_default()
}

fn is_usable(node: &Node) -> bool {
    let conditions = node
        .status
        .as_ref()
        .and_then(|status| status.conditions.as_ref());
    let ready = conditions
        .into_iter()
        .flatten()
        .any(|one| one.type_ == "Ready" && one.status == "True");
    ready && !has_taint(node, "node.kubernetes.io/not-ready")
}

fn has_taint(node: &Node, key: &str) -> bool {
    let taints = node.spec.as_ref().and_then(|spec| spec.taints.as_ref());
    taints.into_iter().flatten().any(|taint| taint.key == key)
}

fn ignore_missing<T>(result: kube::Result<T>) -> Result<()> {
    match result {
        Err(kube::Error::Api(status)) if status.code == 404 => Ok(()),
        Err(error) => Err(error.into()),
        Ok(_) => Ok(()),
    }
}
