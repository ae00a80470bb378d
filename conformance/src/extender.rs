//! The scheduler extender that people write first: one `prioritize` verb, spot for many replicas, on-demand for one.
//!
//! Scores as such samples give them: 100 for an on-demand node when the workload has a single replica, 80 for a spot
//! node when it has more, 50 otherwise.

use std::path::Path;

use anyhow::Result;
use axum::routing::post;
use axum::{Json, Router, extract::State};
use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet, StatefulSet};
use k8s_openapi::api::core::v1::{Node, Pod};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference;
use kube::{Api, Client, ResourceExt};
use serde::{Deserialize, Serialize};
use tokio_util::task::AbortOnDropHandle;

use crate::nodes::Capacity;

/// What the scheduler sends: `ExtenderArgs` of `k8s.io/kube-scheduler/extender/v1`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Arguments {
    pod: Pod,
    nodes: Nodes,
}

#[derive(Debug, Deserialize)]
struct Nodes {
    items: Vec<Node>,
}

/// What it expects back: `HostPriority`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct HostPriority {
    host: String,
    score: i64,
}

/// The running HTTP server; it ends on drop.
pub struct Extender {
    port: u16,
    _server: AbortOnDropHandle<()>,
}

impl Extender {
    /// Serves on a free port of loopback.
    pub async fn start(client: Client) -> Result<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let router = Router::new()
            .route("/prioritize", post(prioritize))
            .with_state(client);
        // A NodeList with its images and conditions outgrows the default limit on larger clusters.
        let router = router.layer(axum::extract::DefaultBodyLimit::disable());
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                eprintln!("conformance: the extender stopped: {error}");
            }
        });
        Ok(Self {
            port,
            _server: AbortOnDropHandle::new(server),
        })
    }

    /// The scheduler's default configuration with this extender added, for pods that name this scheduler.
    pub fn scheduler_configuration(&self, kubeconfig: &Path, scheduler: &str) -> String {
        format!(
            "apiVersion: kubescheduler.config.k8s.io/v1\n\
             kind: KubeSchedulerConfiguration\n\
             clientConnection: {{kubeconfig: '{}'}}\n\
             leaderElection: {{leaderElect: false}}\n\
             profiles: [{{schedulerName: {scheduler}}}]\n\
             extenders:\n\
             - urlPrefix: http://127.0.0.1:{}\n\
             \x20 prioritizeVerb: prioritize\n\
             \x20 weight: 1\n\
             \x20 enableHTTPS: false\n\
             \x20 nodeCacheCapable: false\n",
            kubeconfig.display(),
            self.port
        )
    }
}

async fn prioritize(
    State(client): State<Client>,
    Json(arguments): Json<Arguments>,
) -> Json<Vec<HostPriority>> {
    let replicas = replicas_of(&client, &arguments.pod).await.unwrap_or(1);
    let priority = |node: Node| HostPriority {
        score: score(&node, replicas),
        host: node.name_any(),
    };
    Json(arguments.nodes.items.into_iter().map(priority).collect())
}

fn score(node: &Node, replicas: i32) -> i64 {
    match (Capacity::of(node.labels()), replicas) {
        (Capacity::OnDemand, ..=1) => 100,
        (Capacity::Spot, 2..) => 80,
        _ => 50,
    }
}

/// The replicas of the workload that a pod belongs to, or nothing for a pod of its own.
async fn replicas_of(client: &Client, pod: &Pod) -> Option<i32> {
    let namespace = pod.namespace()?;
    let owner = controller(pod.owner_references())?;
    if owner.kind == "StatefulSet" {
        let api: Api<StatefulSet> = Api::namespaced(client.clone(), &namespace);
        return api.get(&owner.name).await.ok()?.spec?.replicas;
    }
    let api: Api<ReplicaSet> = Api::namespaced(client.clone(), &namespace);
    let set = api.get(&owner.name).await.ok()?;
    let deployment = controller(set.owner_references())?;
    let api: Api<Deployment> = Api::namespaced(client.clone(), &namespace);
    api.get(&deployment.name).await.ok()?.spec?.replicas
}

fn controller(owners: &[OwnerReference]) -> Option<&OwnerReference> {
    owners.iter().find(|owner| owner.controller == Some(true))
}
