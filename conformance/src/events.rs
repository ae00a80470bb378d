//! What happens in each course, step by step, and what the docs promise at each step.

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::guarantee::Moment;
use crate::nodes::{Layout, ON_DEMAND, SPOT};
use crate::record::Expect;
use crate::run::Run;
use crate::workload::Case;

/// How long a drain may take: the notice before a spot node goes, as in the largest cloud.
const NOTICE: Duration = Duration::from_secs(120);

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

/// Rollouts, spot nodes lost at once and one by one, drains, and spot coming back.
pub async fn life(run: &mut Run) -> Result<()> {
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

/// A drain with PodDisruptionBudgets beside the workloads.
pub async fn disruption(run: &mut Run) -> Result<()> {
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

/// Replicas changed by an autoscaler, and in Git.
pub async fn scaling(run: &mut Run) -> Result<()> {
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

/// On-demand nodes come later.
pub async fn late_on_demand(run: &mut Run) -> Result<()> {
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

/// Spot nodes come later.
pub async fn late_spot(run: &mut Run) -> Result<()> {
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

/// Spot nodes exist, but are full.
pub async fn spot_full(run: &mut Run) -> Result<()> {
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

/// Somebody else fills the on-demand nodes.
pub async fn crowded(run: &mut Run) -> Result<()> {
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

/// The function comes to workloads that already run.
pub async fn adoption(run: &mut Run) -> Result<()> {
    add_all_nodes(run).await?;
    run.step(
        "running without the function",
        Moment::Arrival,
        Expect::Nothing,
        Run::apply_as_written,
    )
    .await?;
    run.step(
        "the function's first run",
        Moment::Arrival,
        Expect::Exact,
        Run::apply,
    )
    .await
}
