//! Nodes that Karpenter buys, consolidates, drains, lets expire and loses.

use anyhow::{Context, Result};

use super::nodes::{drain_on_demand, lose_all_spot};
use crate::approach::{Approach, Placement};
use crate::guarantee::Moment;
use crate::nodes::Capacity;
use crate::record::Expect;
use crate::run::Run;

const EMPTY: &str = "an empty cluster, applied";

/// What is asked of a workload while Karpenter may move its pods: at the end every replica runs and the floor stands. A
/// budget lets one pod go at a time, so that one less is there at every instant. The preference and the filter of
/// `spread` promise nothing on nodes that have to be bought first.
fn moved(run: &Run) -> (Moment, Expect) {
    let Approach {
        placement, budget, ..
    } = run.plan.approach;
    match (placement, budget) {
        (Placement::Strategy("spread"), _) => (Moment::OnDemandNodes, Expect::Nothing),
        (_, true) => (Moment::SlowedOnDemandNodes, Expect::Running),
        (_, false) => (Moment::OnDemandNodes, Expect::Settled),
    }
}

/// Something happens while Karpenter may move pods.
async fn step(
    run: &mut Run,
    name: &'static str,
    action: impl AsyncFnOnce(&mut Run) -> Result<()>,
) -> Result<()> {
    let (moment, expect) = moved(run);
    run.step(name, moment, expect, action).await
}

/// The workloads come, where nothing runs yet.
async fn arrive(run: &mut Run, name: &'static str) -> Result<()> {
    let expect = match moved(run).1 {
        Expect::Nothing => Expect::Nothing,
        _ => Expect::Settled,
    };
    run.step(name, Moment::Arrival, expect, Run::apply).await
}

/// From an empty cluster to the loss of spot.
pub async fn start(run: &mut Run) -> Result<()> {
    arrive(run, EMPTY).await?;
    step(run, "rollout", Run::rollout).await?;
    let interrupted = "every spot node interrupted, with notice";
    step(run, interrupted, interrupt_all_spot).await?;
    let lost = "all spot nodes lost, none to be had";
    step(run, lost, lose_spot_for_good).await
}

/// Spot is to be had again.
pub async fn back(run: &mut Run) -> Result<()> {
    offer_spot(run, false).await?;
    let without = "an empty cluster without spot, applied";
    arrive(run, without).await?;
    let back = async |run: &mut Run| offer_spot(run, true).await;
    step(run, "spot to be had", back).await?;
    step(run, "spot to be had, rollout", Run::rollout).await
}

/// An autoscaler goes to twice the replicas and back.
pub async fn scaling(run: &mut Run) -> Result<()> {
    arrive(run, EMPTY).await?;
    let out = async |run: &mut Run| {
        run.scale(|case| (case.replicas > 1).then_some(2 * case.replicas))
            .await
    };
    step(run, "scaled out to twice the replicas", out).await?;
    let back = async |run: &mut Run| run.apply().await;
    step(run, "scaled in again", back).await
}

/// On-demand nodes are consolidated, drained, and expire.
pub async fn nodes(run: &mut Run) -> Result<()> {
    // The neighbour's node has room for others.
    run.crowd(Capacity::OnDemand, 4, "1500m").await?;
    arrive(run, "a neighbour's node with room, applied").await?;
    let leaves = async |run: &mut Run| run.disperse(Capacity::OnDemand).await;
    step(
        run,
        "the neighbour leaves, its node is consolidated",
        leaves,
    )
    .await?;
    let drained = async |run: &mut Run| {
        // Without the function there may be none.
        match fullest(run).await? {
            Some(node) => drain_on_demand(run, &node).await,
            None => Ok(()),
        }
    };
    step(run, "the fullest on-demand node drained", drained).await?;
    let expired = async |run: &mut Run| {
        let karpenter = run.karpenter.as_ref().context("no Karpenter")?;
        match fullest(run).await? {
            Some(node) => karpenter.take_back(&node).await,
            None => Ok(()),
        }
    };
    step(run, "the fullest on-demand node expires", expired).await
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

/// What Karpenter's interruption controller does when the notices come.
async fn interrupt_all_spot(run: &mut Run) -> Result<()> {
    let karpenter = run.karpenter.as_ref().context("no Karpenter")?;
    for node in run.fleet.names(Capacity::Spot).await? {
        karpenter.take_back(&node).await?;
    }
    Ok(())
}

async fn lose_spot_for_good(run: &mut Run) -> Result<()> {
    offer_spot(run, false).await?;
    lose_all_spot(run).await
}

async fn offer_spot(run: &mut Run, to_be_had: bool) -> Result<()> {
    let karpenter = run.karpenter.as_mut().context("no Karpenter")?;
    karpenter.offer_spot(to_be_had).await
}
