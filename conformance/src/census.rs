//! A watch on the pods of one namespace that keeps the lowest count of ready pods on on-demand nodes.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Instant;

use futures::TryStreamExt;
use k8s_openapi::api::core::v1::Pod;
use kube::runtime::{WatchStreamExt, watcher};
use kube::{Api, Client};
use tokio::task::JoinHandle;

use crate::nodes::{ON_DEMAND, SPOT};

/// What the count needs to know of a pod.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    app: String,
    node: Option<String>,
    ready: bool,
    unschedulable: bool,
    terminating: bool,
}

impl Seen {
    fn of(pod: &Pod) -> Self {
        let labels = pod.metadata.labels.as_ref();
        let conditions = pod
            .status
            .as_ref()
            .and_then(|status| status.conditions.as_deref())
            .unwrap_or_default();
        let holds = |kind: &str, value: &str| {
            conditions
                .iter()
                .any(|one| one.type_ == kind && one.status == value)
        };
        Self {
            app: labels
                .and_then(|labels| labels.get("app"))
                .cloned()
                .unwrap_or_default(),
            node: pod.spec.as_ref().and_then(|spec| spec.node_name.clone()),
            ready: holds("Ready", "True"),
            unschedulable: holds("PodScheduled", "False"),
            terminating: pod.metadata.deletion_timestamp.is_some(),
        }
    }

    /// Nodes are named after their capacity.
    fn runs_on(&self, capacity: &str) -> bool {
        let on_it = self
            .node
            .as_ref()
            .is_some_and(|node| node.starts_with(capacity));
        on_it && self.ready && !self.terminating
    }

    /// Neither running, nor known to find no node.
    fn is_moving(&self) -> bool {
        self.terminating || !(self.ready || self.unschedulable && self.node.is_none())
    }
}

/// The pods of one workload at one instant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Ready on on-demand nodes.
    pub on_demand: u32,
    /// Ready on spot nodes.
    pub spot: u32,
    /// Pods that the scheduler found no node for.
    pub pending: u32,
}

#[derive(Debug)]
struct State {
    pods: HashMap<String, Seen>,
    minimum: HashMap<String, u32>,
    changed: Instant,
    /// While the watch lists everything anew: the pods listed so far.
    listed: HashSet<String>,
}

impl State {
    fn count(&self, app: &str) -> Count {
        let mut count = Count::default();
        for pod in self.pods.values().filter(|pod| pod.app == app) {
            count.on_demand += u32::from(pod.runs_on(ON_DEMAND));
            count.spot += u32::from(pod.runs_on(SPOT));
            count.pending += u32::from(pod.node.is_none() && !pod.terminating);
        }
        count
    }

    fn see(&mut self, key: String, pod: Option<Seen>) {
        let before = match &pod {
            Some(seen) => self.pods.insert(key, seen.clone()),
            None => self.pods.remove(&key),
        };
        if before == pod {
            return;
        }
        self.changed = Instant::now();
        if let Some(seen) = pod.or(before) {
            let now = self.count(&seen.app).on_demand;
            self.minimum
                .entry(seen.app)
                .and_modify(|low| *low = now.min(*low))
                .or_insert(now);
        }
    }
}

impl State {
    /// After a new list: what it does not hold is gone.
    fn forget_unlisted(&mut self) {
        let gone: Vec<String> = self
            .pods
            .keys()
            .filter(|key| !self.listed.contains(*key))
            .cloned()
            .collect();
        for key in gone {
            self.see(key, None);
        }
    }
}

/// The watch; it ends on drop.
pub struct Census {
    state: Arc<Mutex<State>>,
    watch: JoinHandle<()>,
}

impl Census {
    /// Watches every pod of the namespace.
    pub fn start(client: Client, namespace: &str) -> Self {
        let fresh = State {
            pods: HashMap::new(),
            minimum: HashMap::new(),
            changed: Instant::now(),
            listed: HashSet::new(),
        };
        let state = Arc::new(Mutex::new(fresh));
        let pods: Api<Pod> = Api::namespaced(client, namespace);
        let watch = tokio::spawn(watch(pods, Arc::clone(&state)));
        Self { state, watch }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// Starts a new step: the lowest counts so far are forgotten.
    pub fn begin(&self) {
        let mut state = self.state();
        let apps: Vec<String> = state.minimum.keys().cloned().collect();
        state.minimum = apps
            .into_iter()
            .map(|app| (app.clone(), state.count(&app).on_demand))
            .collect();
    }

    /// The workload's pods now.
    pub fn count(&self, app: &str) -> Count {
        self.state().count(app)
    }

    /// The fewest ready pods on on-demand nodes since `begin`.
    pub fn minimum(&self, app: &str) -> u32 {
        self.state().minimum.get(app).copied().unwrap_or(0)
    }

    /// The whole namespace: (pods, pods on their way to somewhere, pods without a node, time of the last change).
    pub fn activity(&self) -> (usize, usize, usize, Instant) {
        let state = self.state();
        let moving = state.pods.values().filter(|pod| pod.is_moving()).count();
        let pending = state
            .pods
            .values()
            .filter(|pod| pod.node.is_none() && !pod.terminating)
            .count();
        (state.pods.len(), moving, pending, state.changed)
    }
}

impl Drop for Census {
    fn drop(&mut self) {
        self.watch.abort();
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

async fn watch(pods: Api<Pod>, state: Arc<Mutex<State>>) {
    let events = watcher(pods, watcher::Config::default()).default_backoff();
    let done = events
        .try_for_each(async |event| {
            let mut state = lock(&state);
            match event {
                watcher::Event::Init => state.listed.clear(),
                watcher::Event::InitApply(pod) => {
                    state.listed.insert(key(&pod));
                    state.see(key(&pod), Some(Seen::of(&pod)));
                }
                watcher::Event::InitDone => state.forget_unlisted(),
                watcher::Event::Apply(pod) => state.see(key(&pod), Some(Seen::of(&pod))),
                watcher::Event::Delete(pod) => state.see(key(&pod), None),
            }
            Ok(())
        })
        .await;
    if let Err(error) = done {
        eprintln!("conformance: the watch on pods ended: {error}");
    }
}

/// A StatefulSet's pods keep their names; the uid tells them apart.
fn key(pod: &Pod) -> String {
    pod.metadata.uid.clone().unwrap_or_default()
}
