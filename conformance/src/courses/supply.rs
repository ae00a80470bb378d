//! One kind of node is missing at the start, full, or wanted by somebody else.

use anyhow::Result;

use super::life::apply_on_all_nodes;
use super::nodes::{add_all, add_on_demand, add_spot, lose_all_spot};
use crate::guarantee::Moment;
use crate::nodes::Capacity;
use crate::record::Expect;
use crate::run::Run;

/// On-demand nodes come later.
pub async fn late_on_demand(run: &mut Run) -> Result<()> {
    add_spot(run).await?;
    let (arrival, apply) = (Moment::Arrival, Run::apply);
    run.step("no on-demand node yet", arrival, Expect::Nothing, apply)
        .await?;
    // Without minDomains, `spread` is silent about a missing kind of node and does not move pods when it comes.
    let expect = if run.plan.layout.scales_to_zero {
        Expect::RunningHard
    } else {
        Expect::RunningWithoutSpread
    };
    run.step("first on-demand nodes", arrival, expect, add_on_demand)
        .await?;
    let then = "first on-demand nodes, then rollout";
    run.step(then, arrival, Expect::Exact, Run::rollout).await
}

/// Spot nodes come later.
pub async fn late_spot(run: &mut Run) -> Result<()> {
    add_on_demand(run).await?;
    run.step(
        "no spot node yet",
        Moment::Arrival,
        Expect::Running,
        Run::apply,
    )
    .await?;
    run.step("first spot nodes", Moment::Nodes, Expect::Running, add_spot)
        .await?;
    let then = "first spot nodes, then rollout";
    run.step(then, Moment::Rollout, Expect::Exact, Run::rollout)
        .await
}

/// Spot nodes exist, but are full.
pub async fn spot_full(run: &mut Run) -> Result<()> {
    add_all(run).await?;
    run.crowd(Capacity::Spot, run.plan.layout.spot, "64")
        .await?;
    let expect = Expect::RunningWithoutSpread;
    run.step("spot nodes full", Moment::Arrival, expect, Run::apply)
        .await?;
    let then = "spot nodes full, rollout";
    run.step(then, Moment::Rollout, expect, Run::rollout).await
}

/// Somebody else fills the on-demand nodes.
pub async fn crowded(run: &mut Run) -> Result<()> {
    apply_on_all_nodes(run).await?;
    let crowd = async |run: &mut Run| run.crowd(Capacity::OnDemand, 60, "100m").await;
    let (nodes, with_base) = (Moment::Nodes, Expect::MinimumWithBase);
    run.step("on-demand nodes full", nodes, Expect::Running, crowd)
        .await?;
    let then = "on-demand nodes full, rollout";
    run.step(then, Moment::Rollout, with_base, Run::rollout)
        .await?;
    let then = "on-demand nodes full, spot lost";
    run.step(then, nodes, with_base, lose_all_spot).await
}
