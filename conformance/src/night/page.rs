//! The table of the nights, for `docs/measurements/night.md`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::outcome::Outcome;
use super::replay::APPROACHES;
use crate::karpenter::offers::SPOT_PRICE_RATIO;
use crate::report::WRITTEN;
use crate::workload::Kind;

const INTRODUCTION: &str = "\
The nodes of a spot pool come and go for days, on a real control plane and in fast motion; the same pool for every \
approach, each with on-demand nodes that have room for everything. A Deployment of 10 (floor 2), a Deployment with a \
single replica, and a StatefulSet of 5 (a quorum is 3). 30 minutes after spot is back the workloads are rolled out, \
which brings them back to it. An interruption counts as two minutes, which is what a replica takes to be scheduled, to \
get a node and to start; where nodes have to be bought it takes longer, and every figure of minutes grows with it.\n\n\
* **interruptions**: how often one of the three did not serve, over the whole night;\n\
* **web down**: minutes a week without a ready replica of the ten; **below the floor**: with fewer than two;\n\
* **single down**: minutes a week without the one replica;\n\
* **no quorum**: minutes a week with fewer than three of five members;\n\
* **on spot**: share of all replica-minutes; **cost**: relative to everything on on-demand, when spot costs a tenth.\n";

/// The page, below its title. `date` is the day of the run.
pub fn page(outcomes: &[Outcome], date: &str) -> String {
    let mut page = format!(
        "# Nights of a spot pool\n\n{WRITTEN}\n{date}. {INTRODUCTION}\n![Availability against cost](night.svg)\n"
    );
    let nights: BTreeSet<(bool, &str)> = outcomes
        .iter()
        .map(|outcome| (!outcome.measured, outcome.night.as_str()))
        .collect();
    for (_, night) in nights {
        let of_it: Vec<&Outcome> = outcomes.iter().filter(|it| it.night == night).collect();
        page += &section(night, &of_it);
    }
    page
}

fn section(night: &str, outcomes: &[&Outcome]) -> String {
    let Some(first) = outcomes.first() else {
        return String::new();
    };
    let kind = if first.measured {
        "measured"
    } else {
        "made by the suite"
    };
    let days = first.minutes / (24.0 * 60.0);
    let mut text = format!(
        "\n## {night}: {days:.1} days, {kind}\n\nKubernetes {}.\n\n\
         | approach | interruptions | web down | below the floor | single down | no quorum | fewest of ten / of five | on spot | cost |\n\
         | --- | --: | --: | --: | --: | --: | --: | --: | --: |\n",
        first.version
    );
    for approach in APPROACHES {
        if let Some(outcome) = outcomes.iter().find(|it| it.approach == approach) {
            text += &row(outcome);
        }
    }
    text
}

fn row(outcome: &Outcome) -> String {
    let week = 7.0 * 24.0 * 60.0 / outcome.minutes;
    let of = |kind, replicas| outcome.of(kind, replicas).copied().unwrap_or_default();
    let (web, single, members) = (
        of(Kind::Deployment, 10),
        of(Kind::Deployment, 1),
        of(Kind::StatefulSet, 5),
    );
    let mut row = format!(
        "| {} | {} ",
        outcome.approach.title,
        outcome.interruptions()
    );
    for minutes in [
        web.without_service,
        web.below_floor,
        single.without_service,
        members.without_service,
    ] {
        let _ = write!(row, "| {:.1} ", minutes * week);
    }
    let lowest = |lowest: Option<u32>| lowest.unwrap_or(0);
    let _ = writeln!(
        row,
        "| {} / {} | {:.0} % | {:.2} |",
        lowest(web.lowest),
        lowest(members.lowest),
        100.0 * outcome.spot_share(),
        outcome.cost(SPOT_PRICE_RATIO)
    );
    row
}
