//! Replicas changed by an autoscaler, and in Git.

use anyhow::Result;

use super::nodes::{add_all, lose_all_spot};
use crate::guarantee::Moment;
use crate::record::Expect;
use crate::run::Run;
use crate::workload::{Case, Kind};

/// The workloads that an autoscaler changes, and one that Git changes.
pub fn cases() -> Vec<Case> {
    let autoscaled = Case {
        named: Some("autoscaled"),
        autoscaled: true,
        ..Case::deployment(4, 1)
    };
    let members = Case {
        named: Some("autoscaled-members"),
        autoscaled: true,
        ..Case::stateful_set(3)
    };
    vec![autoscaled, members, Case::deployment(20, 4)]
}

/// The whole course.
pub async fn scaling(run: &mut Run) -> Result<()> {
    add_all(run).await?;
    let applied = async |run: &mut Run| {
        run.apply().await?;
        run.wait_for_autoscalers().await
    };
    let step = "applied with an autoscaler";
    run.step(step, Moment::Arrival, Expect::Running, applied)
        .await?;
    scale(run, "scaled to 20", 20).await?;
    scale(run, "scaled to 8", 8).await?;
    scale(run, "scaled to 4", 4).await?;
    scale(run, "scaled to 20 again", 20).await?;
    change_in_git(run).await?;
    let step = "scaled, all spot nodes lost";
    run.step(step, Moment::Nodes, Expect::Running, lose_all_spot)
        .await
}

/// Only the workload whose replicas are in Git.
async fn change_in_git(run: &mut Run) -> Result<()> {
    let in_git = Case {
        named: Some("deployment-20-4"),
        ..Case::deployment(6, 2)
    };
    // An approach to StatefulSets alone has left it out.
    if !run
        .plan
        .cases
        .iter()
        .any(|case| case.name() == in_git.name())
    {
        return Ok(());
    }
    let all = std::mem::replace(&mut run.plan.cases, vec![in_git]);
    let step = "20 replicas changed to 6 in Git";
    run.step(step, Moment::Rescaled, Expect::Exact, Run::apply)
        .await?;
    let autoscaled = all.into_iter().filter(|case| case.autoscaled);
    run.plan.cases.extend(autoscaled);
    Ok(())
}

async fn scale(run: &mut Run, step: &'static str, replicas: u32) -> Result<()> {
    let wanted = |case: &Case| {
        Some(match case.kind {
            Kind::Deployment => replicas,
            Kind::StatefulSet => members(replicas),
        })
    };
    let scale = async |run: &mut Run| run.scale(wanted).await;
    run.step(step, Moment::ScaledTo(replicas), Expect::Running, scale)
        .await
}

/// How many members a StatefulSet has when the Deployments have this many replicas.
fn members(replicas: u32) -> u32 {
    (replicas / 2).max(3)
}
