//! A long life: rollouts, spot nodes lost at once and one by one, drains, and spot coming back.

use anyhow::Result;

use super::nodes::{
    add_all, add_spot, drain_all_spot, lose_all_spot, lose_one_spot, uncordon_and_rollout,
};
use crate::guarantee::Moment;
use crate::record::Expect;
use crate::run::Run;

/// All nodes are there, then the workloads come.
pub async fn apply_on_all_nodes(run: &mut Run) -> Result<()> {
    add_all(run).await?;
    run.step("applied", Moment::Arrival, Expect::Exact, Run::apply)
        .await
}

/// The whole life.
pub async fn life(run: &mut Run) -> Result<()> {
    apply_on_all_nodes(run).await?;
    rollouts(run).await?;
    loss_and_return(run).await?;
    drain_and_return(run).await
}

async fn rollouts(run: &mut Run) -> Result<()> {
    for step in ["rollout", "second rollout"] {
        run.step(step, Moment::Rollout, Expect::Exact, Run::rollout)
            .await?;
    }
    Ok(())
}

async fn loss_and_return(run: &mut Run) -> Result<()> {
    let (nodes, rollout) = (Moment::Nodes, Moment::Rollout);
    run.step("all spot nodes lost", nodes, Expect::Running, lose_all_spot)
        .await?;
    let without = "rollout without spot";
    run.step(without, rollout, Expect::Running, Run::rollout)
        .await?;
    run.step("spot back", nodes, Expect::Running, add_spot)
        .await?;
    let back = "spot back, then rollout";
    run.step(back, rollout, Expect::Exact, Run::rollout).await
}

async fn drain_and_return(run: &mut Run) -> Result<()> {
    let nodes = Moment::Nodes;
    run.step("one spot node lost", nodes, Expect::Running, lose_one_spot)
        .await?;
    let drained = "all spot nodes drained";
    run.step(drained, nodes, Expect::Running, drain_all_spot)
        .await?;
    let back = "spot uncordoned, then rollout";
    run.step(back, Moment::Rollout, Expect::Exact, uncordon_and_rollout)
        .await
}

/// A drain with PodDisruptionBudgets beside the workloads.
pub async fn disruption(run: &mut Run) -> Result<()> {
    run.protect().await?;
    apply_on_all_nodes(run).await?;
    let step = "all spot nodes drained beside a PodDisruptionBudget";
    run.step(step, Moment::Nodes, Expect::Running, drain_all_spot)
        .await
}
