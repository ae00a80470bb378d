//! Nodes that Karpenter buys, consolidates, drains and lets expire.

use anyhow::{Context, Result};

use super::nodes::{drain, lose_all_spot};
use crate::guarantee::Moment;
use crate::nodes::Capacity;
use crate::record::Expect;
use crate::run::Run;
use crate::workload::Case;

/// What is asked of a workload while Karpenter may move its pods: at the end the floor stands. That it stands at every
/// instant takes a budget.
fn moved(run: &Run, slowed: Moment) -> (Moment, Expect) {
    if run.plan.approach.budget {
        (slowed, Expect::Running)
    } else {
        (Moment::OnDemandNodes, Expect::Settled)
    }
}

/// From an empty cluster to the loss of spot: what CI has time for.
pub async fn start(run: &mut Run) -> Result<()> {
    let step = "an empty cluster, applied";
    run.step(step, Moment::Arrival, Expect::Running, Run::apply)
        .await?;
    let (moment, expect) = moved(run, Moment::InterruptedRollout);
    run.step("rollout", moment, expect, Run::rollout).await?;
    let (moment, expect) = moved(run, Moment::Nodes);
    let step = "all spot nodes lost, none to be had";
    run.step(step, moment, expect, lose_spot_for_good).await
}

/// The whole course.
pub async fn market(run: &mut Run) -> Result<()> {
    start(run).await?;
    let back = async |run: &mut Run| offer_spot(run, true);
    let (moment, expect) = moved(run, Moment::Nodes);
    run.step("spot to be had again", moment, expect, back)
        .await?;
    let (moment, expect) = moved(run, Moment::InterruptedRollout);
    let step = "spot to be had again, rollout";
    run.step(step, moment, expect, Run::rollout).await?;
    scale(run).await?;
    on_demand_nodes_go(run).await
}

async fn scale(run: &mut Run) -> Result<()> {
    let several = |case: &Case| case.replicas > 1;
    let (moment, expect) = moved(run, Moment::ScaledOut);
    let out = async |run: &mut Run| {
        run.scale(|case| several(case).then_some(2 * case.replicas))
            .await
    };
    let step = "scaled out to twice the replicas";
    run.step(step, moment, expect, out).await?;
    let back = async |run: &mut Run| run.apply().await;
    run.step("scaled in again", moment, expect, back).await
}

async fn on_demand_nodes_go(run: &mut Run) -> Result<()> {
    let (moment, expect) = moved(run, Moment::SlowedOnDemandNodes);
    // The neighbour's node has room, so that the next rollout brings pods there.
    run.crowd(Capacity::OnDemand, 4, "1500m").await?;
    run.rollout().await?;
    run.settle().await?;
    let leaves = async |run: &mut Run| run.disperse(Capacity::OnDemand).await;
    let step = "a neighbour leaves, its node is consolidated";
    run.step(step, moment, expect, leaves).await?;
    let step = "the fullest on-demand node drained";
    let drained = async |run: &mut Run| {
        // Without the function there may be none.
        match fullest(run).await? {
            Some(node) => drain(run, &[node]).await,
            None => Ok(()),
        }
    };
    run.step(step, moment, expect, drained).await?;
    let expired = async |run: &mut Run| {
        let karpenter = run.karpenter.as_ref().context("no Karpenter")?;
        match fullest(run).await? {
            Some(node) => karpenter.expire(&node).await,
            None => Ok(()),
        }
    };
    let step = "the fullest on-demand node expires";
    run.step(step, moment, expect, expired).await
}

/// The on-demand node with the most pods of the workloads, if there is an on-demand node.
async fn fullest(run: &Run) -> Result<Option<String>> {
    let nodes = run.fleet.names(Capacity::OnDemand).await?;
    let cases = run.plan.cases.iter();
    let pods: Vec<_> = cases
        .flat_map(|case| run.census.pods(&case.name()))
        .collect();
    let pods_on = |node: &String| {
        let on_it = |pod: &&crate::census::pod::Seen| pod.node.as_ref() == Some(node);
        pods.iter().filter(on_it).count()
    };
    Ok(nodes.into_iter().max_by_key(pods_on))
}

async fn lose_spot_for_good(run: &mut Run) -> Result<()> {
    offer_spot(run, false)?;
    lose_all_spot(run).await
}

fn offer_spot(run: &mut Run, to_be_had: bool) -> Result<()> {
    let karpenter = run.karpenter.as_mut().context("no Karpenter")?;
    karpenter.offer_spot(to_be_had)
}
