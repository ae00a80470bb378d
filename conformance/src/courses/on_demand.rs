//! On-demand nodes go, one after the other, as in an upgrade of the cluster.

use anyhow::Result;

use super::life::apply_on_all_nodes;
use super::nodes::drain_on_demand;
use crate::guarantee::Moment;
use crate::nodes::Capacity;
use crate::record::Expect;
use crate::run::Run;

/// Every on-demand node is drained in turn.
pub async fn upgrade(run: &mut Run) -> Result<()> {
    apply_on_all_nodes(run).await?;
    let moment = if run.plan.approach.budget {
        Moment::SlowedOnDemandNodes
    } else {
        Moment::OnDemandNodes
    };
    let step = "every on-demand node drained in turn";
    run.step(step, moment, Expect::Settled, drain_in_turn).await
}

async fn drain_in_turn(run: &mut Run) -> Result<()> {
    for node in run.fleet.names(Capacity::OnDemand).await? {
        drain_on_demand(run, &node).await?;
        run.settle().await?;
        run.fleet.cordon(&[node], false).await?;
    }
    Ok(())
}
