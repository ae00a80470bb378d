//! Pods that are deleted go after a moment, as their kubelet would let them.
//!
//! kwok would delete them by name, now and then twice. On a busy machine that comes so late that it meets the next
//! member of a StatefulSet, which has the same name, while the controller already replaces another one.

use std::collections::HashSet;
use std::future::ready;
use std::time::Duration;

use futures::{StreamExt, future};
use k8s_openapi::api::core::v1::{Node, Pod};
use kube::api::{DeleteParams, Preconditions};
use kube::runtime::reflector::{ObjectRef, Store, store};
use kube::runtime::{WatchStreamExt, reflector, watcher};
use kube::{Api, Client, Error};
use tokio_util::task::AbortOnDropHandle;

/// Between one try to delete a pod and the next.
const PAUSE: Duration = Duration::from_millis(500);

/// Lets pods go as long as it lives.
pub struct Departures {
    _watch: AbortOnDropHandle<()>,
}

impl Departures {
    /// Begins, for every pod of the cluster.
    pub fn start(client: Client) -> Self {
        Self {
            _watch: AbortOnDropHandle::new(tokio::spawn(watch(client))),
        }
    }
}

async fn watch(client: Client) {
    let (nodes, writer) = store();
    let all_nodes = watcher(Api::<Node>::all(client.clone()), watcher::Config::default());
    let all_nodes = reflector(writer, all_nodes).default_backoff();
    let all_nodes = all_nodes.for_each(|_| ready(()));
    let bound = watcher::Config::default().fields("spec.nodeName!=");
    let pods = watcher(Api::<Pod>::all(client.clone()), bound);
    let pods = pods.default_backoff().applied_objects();
    let mut leaving = HashSet::new();
    // After an error it lists everything again.
    let pods = pods.filter_map(|pod| ready(pod.ok()));
    let pods = pods.for_each(|pod| {
        let uid = pod.metadata.uid.clone().unwrap_or_default();
        // Without grace it goes at once, unless the API server meets another change of it at that moment.
        if pod.metadata.deletion_timestamp.is_some() && leaving.insert(uid.clone()) {
            tokio::spawn(let_go(client.clone(), nodes.clone(), pod, uid));
        }
        ready(())
    });
    future::join(pods, all_nodes).await;
}

/// Deletes the pod after 50 to 250 ms, and no other of its name, unless its node is gone by then: there is no
/// kubelet on that any more.
async fn let_go(client: Client, nodes: Store<Node>, pod: Pod, uid: String) {
    let pods: Api<Pod> = Api::namespaced(
        client,
        pod.metadata.namespace.as_deref().unwrap_or_default(),
    );
    let name = pod.metadata.name.unwrap_or_default();
    let node = pod.spec.and_then(|spec| spec.node_name).unwrap_or_default();
    tokio::time::sleep(Duration::from_millis(fastrand::u64(50..=250))).await;
    let this_one = DeleteParams {
        grace_period_seconds: Some(0),
        preconditions: Some(Preconditions {
            uid: Some(uid.clone()),
            resource_version: None,
        }),
        ..DeleteParams::default()
    };
    while nodes.get(&ObjectRef::new(&node)).is_some() {
        let Err(error) = pods.delete(&name, &this_one).await else {
            return;
        };
        if matches!(&error, Error::Api(status) if status.code == 404) {
            return;
        }
        // A conflict may be another pod of the name, or only a change at the same time.
        tokio::time::sleep(PAUSE).await;
        let found = pods.get_metadata_opt(&name).await;
        if found.is_ok_and(|pod| pod.is_none_or(|pod| pod.metadata.uid.as_ref() != Some(&uid))) {
            return;
        }
    }
}
