//! The courses of events: what happens to a cluster, step by step, and what the docs promise at each step.

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::guarantee::Moment;
use crate::nodes::{Layout, ON_DEMAND, SPOT};
use crate::record::Expect;
use crate::run::Run;
use crate::workload::Case;

/// A name and what happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// Rollouts, the loss of spot nodes at once and one by one, drains, and spot coming back.
    Life,
    /// A drain of every spot node with PodDisruptionBudgets beside the workloads.
    Disruption,
    /// Replicas changed by an autoscaler, and in Git.
    Scaling,
    /// No on-demand node at the start.
    LateOnDemand,
    /// No spot node at the start.
    LateSpot,
    /// Spot nodes exist, but are full.
    SpotFull,
    /// Somebody else wants the room on the on-demand nodes.
    Crowded,
}

/// How long a drain may take: the notice before a spot node goes, shortened.
const NOTICE: Duration = Duration::from_secs(30);

impl Course {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Life,
        Self::Disruption,
        Self::Scaling,
        Self::LateOnDemand,
        Self::LateSpot,
        Self::SpotFull,
        Self::Crowded,
    ];

    /// For test names.
    pub fn name(self) -> &'static str {
        match self {
            Self::Life => "life",
            Self::Disruption => "disruption",
            Self::Scaling => "scaling",
            Self::LateOnDemand => "late-on-demand",
            Self::LateSpot => "late-spot",
            Self::SpotFull => "spot-full",
            Self::Crowded => "crowded",
        }
    }

    /// The nodes it starts from.
    pub fn layout(self) -> Layout {
        match self {
            // Room for 60 pods in all.
            Self::Crowded => Layout {
                on_demand_cpus: 2,
                ..Layout::new(3, 6)
            },
            _ => Layout::new(3, 6),
        }
    }

    /// The workloads, from all sizes that are wanted.
    pub fn cases(self, sizes: &[Case]) -> Vec<Case> {
        let small = |case: &&Case| case.replicas <= 20;
        match self {
            Self::Life => sizes.to_vec(),
            Self::Scaling => vec![
                Case {
                    named: Some("autoscaled"),
                    autoscaled: true,
                    ..Case::deployment(4, 1)
                },
                Case::deployment(20, 4),
            ],
            _ => sizes.iter().filter(small).copied().collect(),
        }
    }

    /// Lets it happen.
    pub async fn happen(self, run: &mut Run) -> Result<()> {
        match self {
            Self::Life => life(run).await,
            Self::Disruption => disruption(run).await,
            Self::Scaling => scaling(run).await,
            Self::LateOnDemand => late_on_demand(run).await,
            Self::LateSpot => late_spot(run).await,
            Self::SpotFull => spot_full(run).await,
            Self::Crowded => crowded(run).await,
        }
    }
}

async fn add_all_nodes(run: &mut Run) -> Result<()> {
    let Layout {
        on_demand, spot, ..
    } = run.plan.layout;
    run.fleet.add(ON_DEMAND, on_demand).await?;
    run.fleet.add(SPOT, spot).await
}

async fn apply_on_all_nodes(run: &mut Run) -> Result<()> {
    add_all_nodes(run).await?;
    run.step("applied", Moment::Arrival, Expect::Exact, Run::apply)
        .await
}

async fn lose_all_spot(run: &mut Run) -> Result<()> {
    let spot = run.fleet.names(SPOT);
    run.fleet.lose(&spot).await
}

async fn drain_all_spot(run: &mut Run) -> Result<()> {
    let spot = run.fleet.names(SPOT);
    run.fleet.cordon(&spot, true).await?;
    let left = run.fleet.drain(&spot, NOTICE).await?;
    // Another approach may leave pods Pending, whose budget then blocks the drain: that is a result, not an error.
    ensure!(
        left == 0 || !run.plan.approach.is_function(),
        "{left} pods were still on draining nodes after {NOTICE:?}"
    );
    Ok(())
}

async fn life(run: &mut Run) -> Result<()> {
    let spot = run.plan.layout.spot;
    apply_on_all_nodes(run).await?;
    run.step("rollout", Moment::Rollout, Expect::Exact, Run::rollout)
        .await?;
    run.step(
        "second rollout",
        Moment::Rollout,
        Expect::Exact,
        Run::rollout,
    )
    .await?;
    run.step(
        "all spot nodes lost",
        Moment::Nodes,
        Expect::Running,
        lose_all_spot,
    )
    .await?;
    run.step(
        "rollout without spot",
        Moment::Rollout,
        Expect::Running,
        Run::rollout,
    )
    .await?;
    run.step("spot back", Moment::Nodes, Expect::Running, async |run| {
        run.fleet.add(SPOT, spot).await
    })
    .await?;
    run.step(
        "spot back, then rollout",
        Moment::Rollout,
        Expect::Exact,
        Run::rollout,
    )
    .await?;
    run.step(
        "one spot node lost",
        Moment::Nodes,
        Expect::Running,
        lose_one_spot,
    )
    .await?;
    run.step(
        "all spot nodes drained",
        Moment::Nodes,
        Expect::Running,
        drain_all_spot,
    )
    .await?;
    run.step(
        "spot uncordoned, then rollout",
        Moment::Rollout,
        Expect::Exact,
        uncordon_and_rollout,
    )
    .await
}

async fn lose_one_spot(run: &mut Run) -> Result<()> {
    let one = run.fleet.names(SPOT);
    run.fleet.lose(&one[..1]).await
}

async fn uncordon_and_rollout(run: &mut Run) -> Result<()> {
    let spot = run.fleet.names(SPOT);
    run.fleet.cordon(&spot, false).await?;
    run.rollout().await
}

async fn disruption(run: &mut Run) -> Result<()> {
    run.protect().await?;
    apply_on_all_nodes(run).await?;
    run.step(
        "all spot nodes drained beside a PodDisruptionBudget",
        Moment::Nodes,
        Expect::Running,
        drain_all_spot,
    )
    .await
}

async fn scaling(run: &mut Run) -> Result<()> {
    add_all_nodes(run).await?;
    let applied = async |run: &mut Run| {
        run.apply().await?;
        run.wait_for_autoscalers().await
    };
    run.step(
        "applied with an autoscaler",
        Moment::Arrival,
        Expect::Running,
        applied,
    )
    .await?;
    scale(run, "scaled to 20", 20).await?;
    scale(run, "scaled to 8", 8).await?;
    scale(run, "scaled to 4", 4).await?;
    scale(run, "scaled to 20 again", 20).await?;
    // Only the workload whose replicas are in Git.
    let in_git = Case {
        named: Some("deployment-20-4"),
        ..Case::deployment(6, 2)
    };
    run.plan.cases = vec![in_git];
    run.step(
        "20 replicas changed to 6 in Git",
        Moment::Rollout,
        Expect::Exact,
        Run::apply,
    )
    .await
}

async fn scale(run: &mut Run, step: &'static str, replicas: u32) -> Result<()> {
    let scale = async |run: &mut Run| run.scale(replicas).await;
    run.step(step, Moment::ScaledTo(replicas), Expect::Running, scale)
        .await
}

async fn late_on_demand(run: &mut Run) -> Result<()> {
    let Layout {
        on_demand,
        spot,
        scales_to_zero,
        ..
    } = run.plan.layout;
    run.fleet.add(SPOT, spot).await?;
    run.step(
        "no on-demand node yet",
        Moment::Arrival,
        Expect::Nothing,
        Run::apply,
    )
    .await?;
    // Without minDomains, `spread` is silent about a missing kind of node and does not move pods when it comes.
    let expect = if scales_to_zero {
        Expect::RunningHard
    } else {
        Expect::RunningWithBase
    };
    let add = async |run: &mut Run| run.fleet.add(ON_DEMAND, on_demand).await;
    run.step("first on-demand nodes", Moment::Arrival, expect, add)
        .await?;
    run.step(
        "first on-demand nodes, then rollout",
        Moment::Arrival,
        Expect::Exact,
        Run::rollout,
    )
    .await
}

async fn late_spot(run: &mut Run) -> Result<()> {
    let Layout {
        on_demand, spot, ..
    } = run.plan.layout;
    run.fleet.add(ON_DEMAND, on_demand).await?;
    run.step(
        "no spot node yet",
        Moment::Arrival,
        Expect::Running,
        Run::apply,
    )
    .await?;
    run.step(
        "first spot nodes",
        Moment::Nodes,
        Expect::Running,
        async |run| run.fleet.add(SPOT, spot).await,
    )
    .await?;
    run.step(
        "first spot nodes, then rollout",
        Moment::Rollout,
        Expect::Exact,
        Run::rollout,
    )
    .await
}

async fn spot_full(run: &mut Run) -> Result<()> {
    add_all_nodes(run).await?;
    run.crowd(SPOT, run.plan.layout.spot, "64").await?;
    run.step(
        "spot nodes full",
        Moment::Arrival,
        Expect::RunningWithBase,
        Run::apply,
    )
    .await?;
    run.step(
        "spot nodes full, rollout",
        Moment::Rollout,
        Expect::RunningWithBase,
        Run::rollout,
    )
    .await
}

async fn crowded(run: &mut Run) -> Result<()> {
    apply_on_all_nodes(run).await?;
    let crowd = async |run: &mut Run| run.crowd(ON_DEMAND, 60, "100m").await;
    run.step(
        "on-demand nodes full",
        Moment::Nodes,
        Expect::Running,
        crowd,
    )
    .await?;
    run.step(
        "on-demand nodes full, rollout",
        Moment::Rollout,
        Expect::MinimumWithBase,
        Run::rollout,
    )
    .await?;
    run.step(
        "on-demand nodes full, spot lost",
        Moment::Nodes,
        Expect::MinimumWithBase,
        lose_all_spot,
    )
    .await
}
