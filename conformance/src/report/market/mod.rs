//! `docs/measurements/karpenter.md`: what happens while the real Karpenter buys and consolidates the nodes.

mod cost;
mod events;
mod steps;

use std::fmt::Write as _;

use super::matrix::{Column, Event, table};
use super::{Summary, WRITTEN};
use crate::approach::{
    Approach, BUDGET, DEFAULTS, EXTENDER, NAIVE_SPREAD, ON_DEMAND, PLAIN, PREFER_ON_DEMAND,
    SOFT_SPOT, SPOT, SPREAD, WITHOUT_POLICY,
};
use crate::guarantee::Moment;
use crate::karpenter::Pools;
use crate::record::Record;

pub use steps::page as steps;

/// Pinned in `go/karpenter`.
const KARPENTER: &str = include_str!("../../../go/karpenter/go.mod");

const POOLS: [Pools; 4] = [
    Pools::One,
    Pools::ByWeight,
    Pools::TaintedSpot,
    Pools::Reserved,
];

/// What people do today, and every strategy, each with its heading.
const TODAY: [(&str, Approach); 4] = [
    ("plain", PLAIN),
    ("soft affinity", SOFT_SPOT),
    ("extender", EXTENDER),
    ("plain spread", NAIVE_SPREAD),
];
const OURS: [(&str, Approach); 7] = [
    ("`spot`", SPOT),
    ("`prefer-on-demand`", PREFER_ON_DEMAND),
    ("`on-demand`", ON_DEMAND),
    ("`spread`", SPREAD),
    ("defaults, no policy", WITHOUT_POLICY),
    ("**defaults**", DEFAULTS),
    ("`budget: floor`", BUDGET),
];

/// The workloads that go through every course, and a small one that is there while on-demand nodes go.
const CASES: [&str; 5] = [
    "deployment-10-2",
    "deployment-2-1",
    "statefulset-5",
    "statefulset-5-plus-one",
    "statefulset-3",
];

const LEGEND: &str = "\
In a cell: replicas on on-demand nodes once everything had settled / the fewest ready replicas of the whole workload at any \
instant of the step, **bold** where they do not serve: none of a Deployment, no quorum of a StatefulSet. When workloads \
are applied, only the first.\n";

/// The whole page.
pub fn page(records: &[Record], summary: &Summary<'_>) -> String {
    let mut page = format!(
        "# With the real Karpenter, measured\n\n{WRITTEN}\n{}\n\
         Karpenter {} with its kwok provider, which buys nodes of 2 to 16 CPUs in three zones; NodePools that \
         consolidate at once (`WhenEmptyOrUnderutilized`, after 0 s). Five workloads side by side: a Deployment of 10 \
         (floor 2), one of a single replica, StatefulSets of 3 and 5 (a majority) and one of 5 with `majority+1`; while \
         on-demand nodes go, five more, such as a Deployment of 2 (floor 1). Half a CPU for each replica. \
         [Every step](karpenter-steps.md); [how it is measured](../../conformance/README.md).\n",
        summary.text(),
        version(),
    );
    page += cost::INTRODUCTION;
    page += &cost::table(records);
    let _ = write!(page, "\n## What happens to a workload\n\n{LEGEND}");
    let all: Vec<&Record> = records.iter().collect();
    for case in CASES {
        page += &of_workload(case, &all);
    }
    page
}

/// The tables of one workload.
fn of_workload(case: &'static str, records: &[&Record]) -> String {
    let Some(first) = records.iter().find(|it| it.case.name() == case) else {
        return String::new();
    };
    let of = |columns: Vec<Column>, what: &str| {
        let prefix = format!("{case}{what}-");
        table(
            ("what happens", &prefix),
            records,
            &events::EVENTS,
            &columns,
            cell,
        )
    };
    let on_one = |(title, approach)| column(title, approach, case, Pools::One);
    let by_pools = POOLS.map(|pools| column(pools.name(), DEFAULTS, case, pools));
    format!(
        "\n### {}\n\nWhat people do today, one NodePool with both capacity types:\n\n{}\n\
         The function, on the same:\n\n{}\nIts defaults, with other NodePools:\n\n{}",
        title(first),
        of(TODAY.map(on_one).into(), "-today"),
        of(OURS.map(on_one).into(), ""),
        of(by_pools.into(), "-pools"),
    )
}

const fn column(
    title: &'static str,
    approach: Approach,
    case: &'static str,
    pools: Pools,
) -> Column {
    Column {
        title,
        approach,
        case,
        layout: pools.name(),
    }
}

fn cell(record: &Record) -> String {
    let (on_demand, lowest) = (record.count.on_demand, record.availability.lowest);
    if record.moment == Moment::Arrival {
        return on_demand.to_string();
    }
    if lowest < record.case.quorum() {
        format!("{on_demand} / **{lowest}**")
    } else {
        format!("{on_demand} / {lowest}")
    }
}

fn title(record: &Record) -> String {
    let case = record.case;
    let base = case.base.map(|base| format!("`{base}`, "));
    format!(
        "{:?} of {}, {}floor {}",
        case.kind,
        case.replicas,
        base.unwrap_or_default(),
        case.floor
    )
}

/// The pinned version of Karpenter.
fn version() -> &'static str {
    let mut words = KARPENTER.split_whitespace();
    words.find(|word| *word == "sigs.k8s.io/karpenter");
    words.next().unwrap_or("of an unknown version")
}

/// The record of an event for an approach, on the nodes of these pools.
fn find<'a>(
    records: &[&'a Record],
    event: &Event,
    of: (Approach, &'static str, Pools),
) -> Option<&'a Record> {
    let (approach, case, pools) = of;
    super::matrix::find(records, event, &column("", approach, case, pools))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::courses::Course;
    use crate::found::Found;
    use crate::record::tests::record;

    /// What the step that costs most did to a StatefulSet of 5.
    pub fn lost(approach: Approach, lowest: u32) -> Record {
        let mut lost = record();
        lost.approach = approach;
        Pools::One.name().clone_into(&mut lost.layout);
        Course::MarketStart.name().clone_into(&mut lost.course);
        events::LOST.step.clone_into(&mut lost.step);
        lost.availability.lowest = lowest;
        lost
    }

    #[test]
    fn a_lost_quorum_is_bold_and_rows_can_be_linked_to() {
        let found = Found {
            records: vec![lost(PLAIN, 0), lost(DEFAULTS, 3)],
            ..Found::begin("1.36 defaults karpenter-start one NodePool")
        };
        let page = page(&found.records, &Summary::of(&[&found]));
        let today = "<a id=\"statefulset-5-today-lost\"></a>all spot nodes lost, none to be had | 5 / **0** | - | - | - |";
        let ours = "<a id=\"statefulset-5-lost\"></a>all spot nodes lost, none to be had | - | - | - | - | - | 5 / 3 | - |";
        assert!(page.contains(today) && page.contains(ours), "{page}");
    }
}
