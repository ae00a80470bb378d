//! What only StatefulSets meet: the admission policy coming and going, volumes in zones, members that avoid each other.

use anyhow::Result;

use super::life::{apply_on_all_nodes, life};
use super::nodes::{add_all, add_spot, drain_all_spot, lose_all_spot};
use crate::guarantee::Moment;
use crate::record::Expect;
use crate::run::Run;

/// The admission policy is missing, comes, and goes again.
pub async fn policy(run: &mut Run) -> Result<()> {
    run.set_policy(false).await?;
    apply_on_all_nodes(run).await?;
    let comes = async |run: &mut Run| run.set_policy(true).await;
    let step = "the policy comes";
    run.step(step, Moment::Nodes, Expect::Running, comes)
        .await?;
    let (step, rollout) = ("the policy is there, rollout", Moment::Rollout);
    run.step(step, rollout, Expect::Exact, Run::rollout).await?;
    let goes = async |run: &mut Run| run.set_policy(false).await;
    let step = "the policy goes";
    run.step(step, Moment::Nodes, Expect::Running, goes).await?;
    let step = "the policy is gone, all spot nodes lost";
    run.step(step, Moment::Nodes, Expect::Running, lose_all_spot)
        .await?;
    add_spot(run).await?;
    let step = "the policy is gone, rollout";
    run.step(step, rollout, Expect::Exact, Run::rollout).await
}

/// Every member has a volume in the zone where it first ran.
pub async fn volumes(run: &mut Run) -> Result<()> {
    run.provide_volumes().await?;
    if run.plan.layout.on_demand_zones > 1 {
        return life(run).await;
    }
    // The members on spot have volumes in zones without an on-demand node: they wait for spot, whoever placed them.
    apply_on_all_nodes(run).await?;
    let rollout = Moment::Rollout;
    run.step("rollout", rollout, Expect::Exact, Run::rollout)
        .await?;
    let (step, nodes) = ("all spot nodes lost", Moment::Nodes);
    run.step(step, nodes, Expect::Minimum, lose_all_spot)
        .await?;
    run.step("spot back", nodes, Expect::Running, add_spot)
        .await
}

/// Members that refuse to share a node, as a chart may have it.
pub async fn strictly_apart(run: &mut Run) -> Result<()> {
    add_all(run).await?;
    // Pinned members need a node each: without the policy some of them have none.
    let (exact, running) = if run.has_policy() {
        (Expect::Exact, Expect::Running)
    } else {
        (Expect::Minimum, Expect::Minimum)
    };
    run.step("applied", Moment::Arrival, exact, Run::apply)
        .await?;
    run.step("rollout", Moment::Rollout, exact, Run::rollout)
        .await?;
    // There are fewer nodes than members now, whoever placed them.
    let (nodes, fewer) = (Moment::Nodes, Expect::Minimum);
    run.step("all spot nodes lost", nodes, fewer, lose_all_spot)
        .await?;
    run.step("spot back", nodes, running, add_spot).await?;
    let drained = "all spot nodes drained";
    run.step(drained, nodes, fewer, drain_all_spot).await
}
