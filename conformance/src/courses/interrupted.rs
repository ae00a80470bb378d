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

/// A loss in the middle of a rollout, of a scale-in, and of another loss.
pub async fn interrupted(run: &mut Run) -> Result<()> {
    apply_on_all_nodes(run).await?;
    for (step, ordinal) in [
        ("all spot lost as a rollout begins", None),
        (
            "all spot lost while the last of the floor is replaced",
            Some(1),
        ),
        (
            "all spot lost while the first of the floor is replaced",
            Some(0),
        ),
    ] {
        lose_in_rollout(run, step, ordinal).await?;
        back_to_normal(run).await?;
    }
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

/// `of_floor`: wait until a member is replaced that is among those which must stay, counted from ordinal 0 of the
/// largest StatefulSet: the last of them (1) or the first (0).
async fn lose_in_rollout(run: &mut Run, step: &'static str, of_floor: Option<u32>) -> Result<()> {
    let lose = async |run: &mut Run| {
        let largest = largest_set(run);
        run.rollout().await?;
        match (of_floor, largest) {
            (Some(last), Some(set)) => {
                let ordinal = last * (set.floor - 1);
                let member = format!("{}-{ordinal}", set.name());
                let down = |census: &Census| is_down(census, &set.name(), &member);
                run.until("the replacement of a member", down).await?;
            }
            _ => run.until_replaced_in_part().await?,
        }
        lose_all_spot(run).await
    };
    let moment = Moment::InterruptedRollout;
    run.step(step, moment, Expect::Running, lose).await
}

fn largest_set(run: &Run) -> Option<Case> {
    let sets = run.plan.cases.iter();
    sets.filter(|case| case.kind == Kind::StatefulSet && case.floor > 1)
        .max_by_key(|case| case.replicas)
        .copied()
}

/// Whether the member is being replaced right now.
fn is_down(census: &Census, app: &str, member: &str) -> bool {
    let pods = census.pods(app);
    !pods.iter().any(|pod| pod.name == member && pod.runs())
}

async fn lose_in_scale_in(run: &mut Run) -> Result<()> {
    let more = async |run: &mut Run| {
        run.scale(|case| (case.replicas > 2).then_some(2 * case.replicas))
            .await
    };
    let step = "scaled out to twice the replicas";
    run.step(step, Moment::ScaledOut, Expect::Running, more)
        .await?;
    let lose = async |run: &mut Run| {
        run.scale(|case| (case.replicas > 2).then_some(case.replicas))
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
    run.fleet.lose(first).await?;
    run.until_anything_moves().await?;
    run.fleet.lose(rest).await
}

async fn back_to_normal(run: &mut Run) -> Result<()> {
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

    async fn until_anything_moves(&self) -> Result<()> {
        let moves = |census: &Census| census.activity().1 > 0;
        self.until("a pod that moves", moves).await
    }
}
