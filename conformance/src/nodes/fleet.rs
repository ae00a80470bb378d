//! The nodes of one run: made, cordoned, drained and lost.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use futures::future::try_join_all;
use k8s_openapi::api::core::v1::{Node, Pod};
use kube::api::{DeleteParams, EvictParams, ListParams, Patch, PatchParams, PostParams};
use kube::{Api, Client};
use serde_json::{Value, json};

use super::labels::Capacity;
use super::layout::Layout;

/// The label that tells the nodes of one run from those of another on the same cluster.
pub const FLEET: &str = "conformance.invalid/fleet";
/// CPUs of a spot node.
const SPOT_CPUS: u32 = 64;
const ZONES: [&str; 3] = ["a", "b", "c"];

/// The nodes of one run. Names are never used twice, as in a cloud.
pub struct Fleet {
    client: Client,
    name: String,
    layout: Layout,
    made: usize,
}

impl Fleet {
    /// A fleet without nodes. No other fleet on the cluster may have its name.
    pub fn new(client: Client, name: &str, layout: Layout) -> Self {
        Self {
            client,
            name: name.to_owned(),
            layout,
            made: 0,
        }
    }

    fn api(&self) -> Api<Node> {
        Api::all(self.client.clone())
    }

    /// Every node of the fleet that exists, whoever made it.
    pub async fn nodes(&self) -> Result<Vec<Node>> {
        let ours = ListParams::default().labels(&format!("{FLEET}={}", self.name));
        Ok(self.api().list(&ours).await?.items)
    }

    /// The names of the nodes with this capacity, in order.
    pub async fn names(&self, capacity: Capacity) -> Result<Vec<String>> {
        let nodes = self.nodes().await?.into_iter();
        let mut names: Vec<String> = nodes
            .filter(|node| capacity_of(node) == capacity)
            .filter_map(|node| node.metadata.name)
            .collect();
        names.sort();
        Ok(names)
    }

    /// Adds `count` nodes over the zones and waits until they are ready.
    pub async fn add(&mut self, capacity: Capacity, count: usize) -> Result<()> {
        let mut added = Vec::new();
        for index in 0..count {
            let name = format!("{}-{capacity}-{}", self.name, self.made);
            let node = serde_json::from_value(self.describe(&name, capacity, index))?;
            self.api().create(&PostParams::default(), &node).await?;
            self.made += 1;
            added.push(name);
        }
        self.wait_until_ready(&added).await
    }

    fn describe(&self, name: &str, capacity: Capacity, index: usize) -> Value {
        let (cpus, zones) = match capacity {
            Capacity::OnDemand => (self.layout.on_demand_cpus, self.layout.on_demand_zones),
            Capacity::Spot => (SPOT_CPUS, ZONES.len()),
        };
        let room = json!({"cpu": cpus.to_string(), "memory": "256Gi", "pods": "250"});
        let mut labels = json!({
            FLEET: self.name,
            "topology.kubernetes.io/zone": ZONES[index % zones],
            "kubernetes.io/hostname": name,
            "kubernetes.io/os": "linux",
        });
        for (key, value) in self.layout.labels.of(capacity, index) {
            labels[key] = json!(value);
        }
        let taints: Vec<Value> = self
            .layout
            .taints(capacity)
            .into_iter()
            .map(|(key, value)| json!({"key": key, "value": value, "effect": "NoSchedule"}))
            .collect();
        json!({
            "apiVersion": "v1", "kind": "Node",
            "metadata": {"name": name, "labels": labels},
            "spec": {"taints": taints},
            "status": {"allocatable": room, "capacity": room},
        })
    }

    /// A new node carries a not-ready taint until the controllers have seen it ready.
    async fn wait_until_ready(&self, names: &[String]) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(300);
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
    pub async fn lose(&self, names: &[String]) -> Result<()> {
        // A finalizer, such as Karpenter's, would make an orderly departure of it.
        let at_once = Patch::Merge(json!({"metadata": {"finalizers": null}}));
        let nodes = names.iter().map(async |name| {
            ignore_missing(
                self.api()
                    .patch(name, &PatchParams::default(), &at_once)
                    .await,
            )?;
            ignore_missing(self.api().delete(name, &DeleteParams::default()).await)
        });
        try_join_all(nodes).await?;
        let force = DeleteParams {
            grace_period_seconds: Some(0),
            ..DeleteParams::default()
        };
        let pods = self.pods_on(names).await?;
        let gone = pods
            .iter()
            .map(async |pod| ignore_missing(self.pod_api(pod).delete(&name_of(pod), &force).await));
        try_join_all(gone).await?;
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
        let deadline = Instant::now() + Duration::from_secs(240);
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
    pub async fn clear(&self) -> Result<()> {
        let nodes = self.nodes().await?.into_iter();
        let names: Vec<String> = nodes.filter_map(|node| node.metadata.name).collect();
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

/// What a node is bought as.
pub fn capacity_of(node: &Node) -> Capacity {
    Capacity::of(&node.metadata.labels.clone().unwrap_or_default())
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
