//! The watch itself.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Instant;

use futures::TryStreamExt;
use k8s_openapi::api::core::v1::{Node, Pod};
use kube::runtime::{WatchStreamExt, watcher};
use kube::{Api, Client};
use tokio_util::task::AbortOnDropHandle;

use super::history::{Count, History};
use super::ledger::{Ledger, Nodes};
use super::pod::Seen;
use crate::nodes::Capacity;

#[derive(Debug)]
struct State {
    pods: HashMap<String, Seen>,
    /// Every node that was ever seen: a pod outlives its node by an instant, and names are never used twice.
    nodes: HashMap<String, Capacity>,
    histories: HashMap<String, History>,
    ledger: Ledger,
    changed: Instant,
    /// While the watch lists everything again: the pods listed so far.
    listed: HashSet<String>,
}

impl State {
    fn count(&self, app: &str) -> Count {
        let mut count = Count::default();
        for pod in self.pods.values().filter(|pod| pod.app == app) {
            match self.capacity(pod) {
                Some(Capacity::OnDemand) => count.on_demand += u32::from(pod.runs()),
                Some(Capacity::Spot) => count.spot += u32::from(pod.runs()),
                None => count.pending += u32::from(pod.is_pending()),
            }
        }
        count
    }

    fn capacity(&self, pod: &Seen) -> Option<Capacity> {
        self.nodes.get(pod.node.as_ref()?).copied()
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
            self.recount(&seen.app);
        }
    }

    fn see_node(&mut self, node: &Node) {
        self.ledger.see(Instant::now(), node);
        let name = node.metadata.name.clone().unwrap_or_default();
        let labels = node.metadata.labels.clone().unwrap_or_default();
        if self.nodes.insert(name, Capacity::of(&labels)).is_none() {
            self.changed = Instant::now();
            let apps: HashSet<String> = self.pods.values().map(|pod| pod.app.clone()).collect();
            for app in &apps {
                self.recount(app);
            }
        }
    }

    fn recount(&mut self, app: &str) {
        let (now, count) = (Instant::now(), self.count(app));
        self.histories
            .entry(app.to_owned())
            .and_modify(|history| history.add(now, count))
            .or_insert_with(|| History::from(now, count));
    }

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
    _watches: [AbortOnDropHandle<()>; 2],
}

impl Census {
    /// Watches every pod of the namespace, and the nodes.
    pub fn start(client: Client, namespace: &str) -> Self {
        let fresh = State {
            pods: HashMap::new(),
            nodes: HashMap::new(),
            histories: HashMap::new(),
            ledger: Ledger::new(Instant::now()),
            changed: Instant::now(),
            listed: HashSet::new(),
        };
        let state = Arc::new(Mutex::new(fresh));
        let pods: Api<Pod> = Api::namespaced(client.clone(), namespace);
        let nodes = tokio::spawn(watch_nodes(Api::all(client), Arc::clone(&state)));
        let pods = tokio::spawn(watch_pods(pods, Arc::clone(&state)));
        Self {
            state,
            _watches: [nodes, pods].map(AbortOnDropHandle::new),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// Starts a new step: what was counted so far is forgotten, but for where things stand now.
    pub fn begin(&self) {
        let mut state = self.state();
        let now = Instant::now();
        let fresh = state
            .histories
            .keys()
            .map(|app| (app.clone(), History::from(now, state.count(app))))
            .collect();
        state.histories = fresh;
        // Nothing counts as quiet that was so before the step.
        state.changed = now;
        state.ledger.begin(now);
    }

    /// The nodes now, and what happened to them since `begin`.
    pub fn nodes(&self) -> Nodes {
        self.state().ledger.sum(Instant::now())
    }

    /// The workload's pods now.
    pub fn count(&self, app: &str) -> Count {
        self.state().count(app)
    }

    /// What was counted of the workload since `begin`.
    pub fn history(&self, app: &str) -> History {
        let history = self.state().histories.get(app).cloned();
        history.unwrap_or_else(|| History::from(Instant::now(), Count::default()))
    }

    /// The workload's pods as they are now.
    pub fn pods(&self, app: &str) -> Vec<Seen> {
        let state = self.state();
        let pods = state.pods.values().filter(|pod| pod.app == app);
        pods.cloned().collect()
    }

    /// What the node of a pod is bought as, if it has one.
    pub fn capacity(&self, pod: &Seen) -> Option<Capacity> {
        self.state().capacity(pod)
    }

    /// The whole namespace: (pods, pods on their way to somewhere, pods without a node, time of the last change).
    pub fn activity(&self) -> (usize, usize, usize, Instant) {
        let state = self.state();
        let those =
            |wanted: fn(&Seen) -> bool| state.pods.values().filter(|pod| wanted(pod)).count();
        let (moving, pending) = (those(Seen::is_moving), those(Seen::is_pending));
        (state.pods.len(), moving, pending, state.changed)
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

async fn watch_nodes(nodes: Api<Node>, state: Arc<Mutex<State>>) {
    let events = watcher(nodes, watcher::Config::default()).default_backoff();
    let done = events
        .try_for_each(async |event| {
            let mut state = lock(&state);
            match event {
                watcher::Event::InitApply(node) | watcher::Event::Apply(node) => {
                    state.see_node(&node);
                }
                watcher::Event::Delete(node) => {
                    let name = node.metadata.name.unwrap_or_default();
                    state.changed = Instant::now();
                    state.ledger.lose(Instant::now(), &name);
                }
                watcher::Event::Init | watcher::Event::InitDone => {}
            }
            Ok(())
        })
        .await;
    if let Err(error) = done {
        eprintln!("conformance: the watch on nodes ended: {error}");
    }
}

async fn watch_pods(pods: Api<Pod>, state: Arc<Mutex<State>>) {
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
