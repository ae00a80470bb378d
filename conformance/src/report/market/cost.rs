//! What each approach costs with bought nodes, beside what it keeps when spot is lost.

use std::fmt::Write as _;

use super::events::{EVENTS, LOST};
use super::{OURS, POOLS, TODAY, find};
use crate::approach::{Approach, DEFAULTS};
use crate::karpenter::Pools;
use crate::record::Record;

/// What stands above the table.
pub const INTRODUCTION: &str = "
## What it costs

All workloads together, over every step of every course:

* **on spot**: share of the running replicas once settled, on average over the steps;
* **price**: of an hour of the nodes, on average over the steps; a CPU costs 0.05, on spot a tenth, reserved nothing \
more;
* **bought**: nodes;
* **Pending**: replicas without a node, times the seconds for which they were;
* **spot lost**: the fewest ready replicas of the Deployment of 10 and of the StatefulSet of 5 when every spot node is \
lost and none is to be had, **bold** where they do not serve.

";

/// A row for every approach on one NodePool, and for the defaults on the others.
pub fn table(records: &[Record]) -> String {
    let mut text = String::from(
        "| approach | on spot | price | bought | Pending | spot lost, Deployment | spot lost, StatefulSet |\n\
         | --- | --: | --: | --: | --: | --: | --: |\n",
    );
    for (title, approach) in TODAY.into_iter().chain(OURS) {
        text += &row(title, approach, Pools::One, records).unwrap_or_default();
    }
    for pools in POOLS.into_iter().filter(|pools| *pools != Pools::One) {
        let title = format!("defaults, {}", pools.name());
        text += &row(&title, DEFAULTS, pools, records).unwrap_or_default();
    }
    text
}

fn row(title: &str, approach: Approach, pools: Pools, records: &[Record]) -> Option<String> {
    let belongs = |it: &&Record| it.approach == approach && it.layout == pools.name();
    let of_it: Vec<&Record> = records.iter().filter(belongs).collect();
    let sums: Vec<Sum> = EVENTS
        .iter()
        .filter_map(|event| {
            let in_it = |it: &&&Record| it.course == event.course && it.step == event.step;
            Sum::of(of_it.iter().filter(in_it))
        })
        .collect();
    if sums.is_empty() {
        return None;
    }
    let total = |value: fn(&Sum) -> f64| sums.iter().map(value).sum::<f64>();
    let steps = f64::from(u32::try_from(sums.len()).unwrap_or(u32::MAX));
    let lost = |case| find(&of_it, &LOST, (approach, case, pools)).map_or("-".to_owned(), kept);
    let mut row = String::new();
    let _ = writeln!(
        row,
        "| {title} | {:.0} % | {:.2} | {:.0} | {:.0} s | {} | {} |",
        100.0 * total(|sum| sum.on_spot) / steps,
        total(|sum| sum.price) / steps,
        total(|sum| sum.bought),
        total(|sum| sum.pending_seconds),
        lost("deployment-10-2"),
        lost("statefulset-5"),
    );
    Some(row)
}

/// One step, of all workloads.
#[derive(Default)]
struct Sum {
    on_spot: f64,
    price: f64,
    bought: f64,
    pending_seconds: f64,
}

impl Sum {
    fn of<'a>(records: impl Iterator<Item = &'a &'a Record>) -> Option<Self> {
        let records: Vec<&Record> = records.copied().collect();
        // The nodes are those of all workloads.
        let nodes = records.first()?.nodes;
        Some(Self {
            on_spot: on_spot(&records),
            price: nodes.mean_price,
            bought: f64::from(nodes.bought),
            pending_seconds: records
                .iter()
                .map(|it| it.availability.pending_seconds)
                .sum(),
        })
    }
}

/// Share of the ready replicas that run on spot nodes.
pub fn on_spot(records: &[&Record]) -> f64 {
    let spot: u32 = records.iter().map(|record| record.count.spot).sum();
    let ready: u32 = records.iter().map(|record| record.count.ready()).sum();
    f64::from(spot) / f64::from(ready.max(1))
}

fn kept(record: &Record) -> String {
    let lowest = record.availability.lowest;
    if lowest < record.case.quorum() {
        format!("**{lowest}** of {}", record.case.replicas)
    } else {
        format!("{lowest} of {}", record.case.replicas)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::lost;
    use super::*;
    use crate::approach::PLAIN;

    #[test]
    fn prices_and_shares_are_averages_over_the_steps() {
        let mut cheap = lost(PLAIN, 0);
        (cheap.nodes.mean_price, cheap.nodes.bought) = (0.2, 3);
        (cheap.count.on_demand, cheap.count.spot) = (0, 5);
        cheap.availability.pending_seconds = 40.0;
        let mut dear = lost(PLAIN, 0);
        "rollout".clone_into(&mut dear.step);
        (dear.nodes.mean_price, dear.nodes.bought) = (0.4, 1);
        let table = table(&[cheap, dear]);
        let row = "| plain | 50 % | 0.30 | 4 | 40 s | - | **0** of 5 |";
        assert!(table.contains(row), "{table}");
    }
}
