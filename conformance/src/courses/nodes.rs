//! What happens to the nodes, in the words of the courses.

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::nodes::{Capacity, Layout};
use crate::run::Run;

/// How long a drain of spot nodes may take: the notice before they go, as in the largest cloud.
const NOTICE: Duration = Duration::from_secs(120);
/// How long a drain of an on-demand node may take, which goes when its pods have left it. Clouds wait for an hour; on a
/// busy machine the disruption controller may take two minutes to believe that a member with the same name is a new one.
const PATIENCE: Duration = Duration::from_secs(600);

/// All nodes of the layout come.
pub async fn add_all(run: &mut Run) -> Result<()> {
    let Layout {
        on_demand, spot, ..
    } = run.plan.layout;
    run.fleet.add(Capacity::OnDemand, on_demand).await?;
    run.fleet.add(Capacity::Spot, spot).await
}

/// The spot nodes of the layout come.
pub async fn add_spot(run: &mut Run) -> Result<()> {
    let spot = run.plan.layout.spot;
    run.fleet.add(Capacity::Spot, spot).await
}

/// The on-demand nodes of the layout come.
pub async fn add_on_demand(run: &mut Run) -> Result<()> {
    let on_demand = run.plan.layout.on_demand;
    run.fleet.add(Capacity::OnDemand, on_demand).await
}

/// Every spot node is gone at once, without notice.
pub async fn lose_all_spot(run: &mut Run) -> Result<()> {
    let spot = run.fleet.names(Capacity::Spot).await?;
    run.fleet.lose(&spot).await?;
    match &run.karpenter {
        Some(karpenter) => karpenter.forget_lost(&spot).await,
        None => Ok(()),
    }
}

/// One spot node is gone.
pub async fn lose_one_spot(run: &mut Run) -> Result<()> {
    let spot = run.fleet.names(Capacity::Spot).await?;
    run.fleet.lose(&spot[..1]).await
}

/// Every spot node is cordoned and drained; the Node objects stay.
pub async fn drain_all_spot(run: &mut Run) -> Result<()> {
    let spot = run.fleet.names(Capacity::Spot).await?;
    drain(run, &spot, NOTICE).await
}

/// An on-demand node is cordoned and drained; the Node object stays.
pub async fn drain_on_demand(run: &mut Run, node: &str) -> Result<()> {
    drain(run, &[node.to_owned()], PATIENCE).await
}

async fn drain(run: &mut Run, nodes: &[String], limit: Duration) -> Result<()> {
    run.fleet.cordon(nodes, true).await?;
    let left = run.fleet.drain(nodes, limit).await?;
    // Another approach may leave pods Pending, whose budget then blocks the drain: that is a result, not an error.
    ensure!(
        left == 0 || !run.plan.approach.is_function(),
        "{left} pods were still on draining nodes after {limit:?}"
    );
    Ok(())
}

/// Drained spot nodes take pods again, and everything is rolled out.
pub async fn uncordon_and_rollout(run: &mut Run) -> Result<()> {
    let spot = run.fleet.names(Capacity::Spot).await?;
    run.fleet.cordon(&spot, false).await?;
    run.rollout().await
}
