//! The function comes to workloads that already run, raises their floor, and goes again.

use anyhow::Result;

use super::nodes::add_all;
use crate::guarantee::Moment;
use crate::record::Expect;
use crate::run::Run;
use crate::workload::{Case, Kind};

/// Every change in the way without a gap: siblings first.
pub async fn adoption(run: &mut Run) -> Result<()> {
    start_plain(run).await?;
    let (adoption, siblings_first) = (Moment::Adoption, Run::apply_siblings_first);
    let step = "the function's first run, siblings first";
    run.step(step, adoption, Expect::Exact, siblings_first)
        .await?;
    run.plan.cases.iter_mut().for_each(raise);
    let step = "floor raised, siblings first";
    run.step(step, adoption, Expect::Running, siblings_first)
        .await?;
    let step = "the owners leave the policy, siblings last";
    run.step(step, Moment::Leaving, Expect::Running, Run::leave)
        .await
}

/// The same without waiting for anything. What that costs is measured; it is what `adoption-dips` warns of.
pub async fn adoption_at_once(run: &mut Run) -> Result<()> {
    start_plain(run).await?;
    let (adoption, nothing) = (Moment::Adoption, Expect::Nothing);
    let step = "the function's first run, all at once";
    run.step(step, adoption, nothing, Run::apply).await?;
    run.plan.cases.iter_mut().for_each(raise);
    let step = "floor raised, all at once";
    run.step(step, adoption, nothing, Run::apply).await
}

async fn start_plain(run: &mut Run) -> Result<()> {
    add_all(run).await?;
    let step = "running without the function";
    let written = Run::apply_as_written;
    run.step(step, Moment::Arrival, Expect::Nothing, written)
        .await
}

/// The object keeps its name, which is made of the numbers that it started with.
fn raise(case: &mut Case) {
    if case.kind == Kind::Deployment && case.replicas >= 10 {
        case.named = Some(leak(case.name()));
        case.floor += 4;
    }
}

/// The name of a case is there for as long as the tests run.
fn leak(name: String) -> &'static str {
    Box::leak(name.into_boxed_str())
}
