//! Every spot node is lost in the middle of something else.

use anyhow::Result;

use super::life::apply_on_all_nodes;
use super::nodes::{add_all, add_spot, lose_all_spot};
use crate::census::Census;
use crate::guarantee::Moment;
use crate::nodes::Capacity;
use crate::record::Expect;
use crate::run::Run;
use crate::workload::{Case, Kind};

/// Every StatefulSet replaces the highest of the members that must stay.
pub const LAST: &str = "all spot lost while the last of the floor is replaced";
/// Every StatefulSet replaces its member 0.
pub const FIRST: &str = "all spot lost while the first of the floor is replaced";

/// A loss in the middle of a rollout, of a scale-in, and of another loss.
pub async fn interrupted(run: &mut Run) -> Result<()> {
    apply_on_all_nodes(run).await?;
    lose_in_rollout(run).await?;
    back_to_normal(run).await?;
    lose_while_replaced(run, LAST, |case| case.floor - 1).await?;
    back_to_normal(run).await?;
    lose_while_replaced(run, FIRST, |_| 0).await?;
    back_to_normal(run).await?;
    lose_in_scale_in(run).await?;
    back_to_normal(run).await?;
    let step = "spot lost, and the rest while the pods are on their way";
    run.step(step, Moment::Nodes, Expect::Running, lose_twice)
        .await
}

/// A loss in the middle of an adoption, in the way without a gap.
pub async fn adoption_interrupted(run: &mut Run) -> Result<()> {
    add_all(run).await?;
    let (step, arrival) = ("running without the function", Moment::Arrival);
    let written = Run::apply_as_written;
    run.step(step, arrival, Expect::Nothing, written).await?;
    let (step, siblings) = ("the siblings come", Run::apply_siblings);
    run.step(step, arrival, Expect::Nothing, siblings).await?;
    let step = "all spot lost in the middle of an adoption";
    let adopt = async |run: &mut Run| {
        // A new image as well, by which the pods that have been replaced are known.
        run.rollout().await?;
        run.until_replaced_in_part().await?;
        lose_all_spot(run).await
    };
    let moment = Moment::InterruptedAdoption;
    run.step(step, moment, Expect::Running, adopt).await
}

async fn lose_in_rollout(run: &mut Run) -> Result<()> {
    let lose = async |run: &mut Run| {
        run.starts_slowly = true;
        run.rollout().await?;
        run.until_replaced_in_part().await?;
        lose_all_spot(run).await
    };
    let step = "all spot lost as a rollout begins";
    run.step(step, Moment::InterruptedRollout, Expect::Running, lose)
        .await
}

/// A rollout of every StatefulSet stops before one of the members that must stay, goes on in all of them at once, and
/// every spot node is lost while that member starts.
async fn lose_while_replaced(
    run: &mut Run,
    step: &'static str,
    member: impl Fn(&Case) -> u32,
) -> Result<()> {
    let lose = async |run: &mut Run| {
        run.starts_slowly = true;
        run.hold_rollouts(|case| member(case) + 1).await?;
        run.rollout().await?;
        let (image, sets) = (run.image_name(), run.plan.cases.clone());
        let sets = || sets.iter().filter(|case| case.kind == Kind::StatefulSet);
        let above = |census: &Census| {
            sets().all(|set| {
                (member(set) + 1..set.replicas)
                    .all(|ordinal| is_replaced(census, set, ordinal, &image))
            })
        };
        run.until("the members above", above).await?;
        run.hold_rollouts(|_| 0).await?;
        let begun = |census: &Census| {
            sets().all(|set| {
                is_down(census, set, member(set)) || is_replaced(census, set, member(set), &image)
            })
        };
        run.until("the replacement of a member of each", begun)
            .await?;
        lose_all_spot(run).await
    };
    run.step(step, Moment::InterruptedRollout, Expect::Running, lose)
        .await
}

/// Whether the member runs with this image.
fn is_replaced(census: &Census, set: &Case, ordinal: u32, image: &str) -> bool {
    let member = format!("{}-{ordinal}", set.name());
    let pods = census.pods(&set.name());
    pods.iter()
        .any(|pod| pod.name == member && pod.runs() && pod.image == image)
}

/// Whether the member is being replaced right now.
fn is_down(census: &Census, set: &Case, ordinal: u32) -> bool {
    let member = format!("{}-{ordinal}", set.name());
    let pods = census.pods(&set.name());
    !pods.iter().any(|pod| pod.name == member && pod.runs())
}

async fn lose_in_scale_in(run: &mut Run) -> Result<()> {
    let more = async |run: &mut Run| {
        run.scale(|case| (case.replicas > 1).then_some(2 * case.replicas))
            .await
    };
    let step = "scaled out to twice the replicas";
    run.step(step, Moment::ScaledOut, Expect::Running, more)
        .await?;
    let lose = async |run: &mut Run| {
        run.scale(|case| (case.replicas > 1).then_some(case.replicas))
            .await?;
        run.until_anything_moves().await?;
        lose_all_spot(run).await
    };
    let step = "all spot lost in the middle of the scale-in";
    run.step(step, Moment::ScaledOut, Expect::Running, lose)
        .await
}

async fn lose_twice(run: &mut Run) -> Result<()> {
    let spot = run.fleet.names(Capacity::Spot).await?;
    let (first, rest) = spot.split_at(spot.len() / 2);
    let anything = run.runs_on(first);
    run.fleet.lose(first).await?;
    // Where everything is pinned to on-demand nodes, nothing is on its way.
    if anything {
        run.until_anything_moves().await?;
    }
    run.fleet.lose(rest).await
}

async fn back_to_normal(run: &mut Run) -> Result<()> {
    run.starts_slowly = false;
    add_spot(run).await?;
    run.rollout().await?;
    run.settle().await
}

impl Run {
    /// Waits until a first pod of the new image runs while one of another image still does.
    async fn until_replaced_in_part(&self) -> Result<()> {
        let (image, cases) = (self.image_name(), self.plan.cases.clone());
        let in_part = |census: &Census| {
            let pods = cases.iter().flat_map(|case| census.pods(&case.name()));
            let running: Vec<bool> = pods
                .filter(super::super::census::pod::Seen::runs)
                .map(|pod| pod.image == image)
                .collect();
            running.contains(&true) && running.contains(&false)
        };
        self.until("the middle of a rollout", in_part).await
    }

    /// Whether a pod of the workloads runs on one of the nodes.
    fn runs_on(&self, nodes: &[String]) -> bool {
        let cases = self.plan.cases.iter();
        let pods = cases.flat_map(|case| self.census.pods(&case.name()));
        pods.filter_map(|pod| pod.node)
            .any(|node| nodes.contains(&node))
    }

    async fn until_anything_moves(&self) -> Result<()> {
        let moves = |census: &Census| census.activity().1 > 0;
        self.until("a pod that moves", moves).await
    }
}
