//! The replay: every approach has nodes of its own on one cluster, and all pools change at the same instants.

use anyhow::{Context, Result};
use futures::future::try_join_all;
use kube::Client;
use serde_json::{Value, json};

use super::outcome::{Outcome, Tally};
use super::trace::Trace;
use crate::approach::{Approach, DEFAULTS, EXTENDER, NAIVE_SPREAD, PLAIN, SOFT_SPOT};
use crate::census::Census;
use crate::cluster::{Cluster, Scheduler, WITH_EXTENDER};
use crate::nodes::fleet::FLEET;
use crate::nodes::{Capacity, Fleet, Layout};
use crate::run::create_namespace;
use crate::settle::settle;
use crate::workload::Case;
use crate::{policy, render};

/// Everything has room on the on-demand nodes; the spot nodes are the night's.
const LAYOUT: Layout = Layout::new(3, 0);
/// A pool that has been back for so many minutes gets the workloads back with a rollout, which is what a release or a
/// consolidation of the emptied on-demand nodes comes to. Nothing else brings running pods back to spot.
const ROLLOUT_AFTER: u32 = 30;

/// The approaches that go through the night side by side.
pub const APPROACHES: [Approach; 5] = [PLAIN, SOFT_SPOT, EXTENDER, NAIVE_SPREAD, DEFAULTS];

/// The workloads of each: one that serves with what is left, one that has a single replica, one with a quorum.
pub const fn cases() -> [Case; 3] {
    [
        Case::deployment(10, 2),
        Case::deployment(1, 1),
        Case::stateful_set(5),
    ]
}

/// One approach with its own nodes, namespace and count.
struct Lane {
    approach: Approach,
    fleet: Fleet,
    census: Census,
    client: Client,
    namespace: String,
    image: u32,
    tallies: [Tally; 3],
}

/// Replays a night on a cluster that runs nothing else.
pub async fn replay(cluster: &mut Cluster, trace: &Trace) -> Result<Vec<Outcome>> {
    let client = cluster.client.clone();
    if APPROACHES.iter().any(|approach| approach.policy) && policy::is_served(&client).await? {
        policy::ensure(&client, &LAYOUT.policy(), true).await?;
    }
    cluster.add_scheduler_with_extender().await?;
    let mut lanes = try_join_all(APPROACHES.map(|approach| Lane::open(&client, approach))).await?;
    let first = trace.changes.first().map_or(0, |(_, nodes)| *nodes);
    try_join_all(lanes.iter_mut().map(|lane| lane.change_to(first))).await?;
    try_join_all(lanes.iter_mut().map(Lane::roll_out)).await?;
    let mut before = first;
    for (nodes, minutes) in trace.spans() {
        span(&mut lanes, before, nodes, minutes)
            .await
            .with_context(|| format!("{}, {before} to {nodes} nodes", trace.name))?;
        before = nodes;
    }
    let version = cluster.version().await?;
    Ok(lanes
        .into_iter()
        .map(|lane| lane.outcome(trace, &version))
        .collect())
}

/// From one change of the pool to the next.
async fn span(lanes: &mut [Lane], before: u32, nodes: u32, minutes: u32) -> Result<()> {
    let comes_back = nodes > before && minutes > ROLLOUT_AFTER;
    let first = if comes_back { ROLLOUT_AFTER } else { minutes };
    for lane in lanes.iter() {
        lane.census.begin();
    }
    try_join_all(lanes.iter_mut().map(|lane| lane.change_to(nodes))).await?;
    write_down(lanes, first).await?;
    if comes_back {
        for lane in lanes.iter() {
            lane.census.begin();
        }
        try_join_all(lanes.iter_mut().map(Lane::roll_out)).await?;
        write_down(lanes, minutes - first).await?;
    }
    Ok(())
}

async fn write_down(lanes: &mut [Lane], minutes: u32) -> Result<()> {
    try_join_all(lanes.iter().map(Lane::settle)).await?;
    for lane in lanes.iter_mut() {
        lane.add(minutes);
    }
    Ok(())
}

impl Lane {
    /// Makes its namespace, whose pods run on its nodes only, and its on-demand nodes.
    async fn open(client: &Client, approach: Approach) -> Result<Self> {
        let namespace = format!("night-{}", approach.name);
        let only_here = format!("{FLEET}={namespace}");
        create_namespace(client, &namespace, Some(only_here)).await?;
        let mut fleet = Fleet::new(client.clone(), &namespace, LAYOUT);
        fleet.add(Capacity::OnDemand, LAYOUT.on_demand).await?;
        Ok(Self {
            approach,
            fleet,
            census: Census::start(client.clone(), &namespace),
            client: client.clone(),
            namespace,
            image: 0,
            tallies: [Tally::default(); 3],
        })
    }

    /// The pool has so many nodes now.
    async fn change_to(&mut self, nodes: u32) -> Result<()> {
        let there = self.fleet.names(Capacity::Spot).await?;
        let wanted = usize::try_from(nodes)?;
        if wanted >= there.len() {
            let more = wanted - there.len();
            return self.fleet.add(Capacity::Spot, more).await;
        }
        self.fleet.lose(&there[wanted..]).await
    }

    /// Every workload with a new image.
    async fn roll_out(&mut self) -> Result<()> {
        self.image += 1;
        let image = format!("registry.invalid/app:{}", self.image);
        let mut manifests: Vec<Value> = cases()
            .iter()
            .map(|case| self.approach.write(case, &self.namespace, &image, &LAYOUT))
            .collect();
        if self.approach.is_function() {
            manifests = render::through_function(&manifests, &LAYOUT.policy(), &[])?;
        }
        if self.approach.scheduler == Scheduler::Extender {
            for manifest in &mut manifests {
                manifest["spec"]["template"]["spec"]["schedulerName"] = json!(WITH_EXTENDER);
            }
        }
        render::apply(&self.client, &manifests).await?;
        self.settle().await
    }

    async fn settle(&self) -> Result<()> {
        settle(&self.client, &self.namespace, &self.census, None).await
    }

    /// Adds what was seen since the last beginning, for so many minutes of the night.
    fn add(&mut self, minutes: u32) {
        for (case, tally) in cases().iter().zip(&mut self.tallies) {
            let history = self.census.history(&case.name());
            tally.add(case, f64::from(minutes), &history);
        }
    }

    fn outcome(self, trace: &Trace, version: &str) -> Outcome {
        Outcome {
            night: trace.name.clone(),
            measured: trace.measured,
            minutes: f64::from(trace.end),
            approach: self.approach,
            version: version.to_owned(),
            workloads: cases().into_iter().zip(self.tallies).collect(),
        }
    }
}
