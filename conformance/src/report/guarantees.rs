//! `docs/measurements/guarantees.md`: what a reader wants to know about nodes that are simply there.

use std::fmt::Write as _;

use super::matrix::{Column, Event, USUAL, find, table};
use super::{Summary, WRITTEN, sizes};
use crate::approach::{
    APPROACHES, DEFAULTS, EXTENDER, NAIVE_SPREAD, PLAIN, SOFT_SPOT, SPREAD, WITHOUT_POLICY,
};
use crate::courses::interrupted::{FIRST, LAST};
use crate::record::Record;

const INTRODUCTION: &str = "\
A real control plane: etcd, kube-apiserver, kube-controller-manager and kube-scheduler, with nodes played by kwok; three \
on-demand and six spot nodes in three zones. [Every step, every approach](guarantees-steps.md); \
[how it is measured](../../conformance/README.md).\n";

const SET: &str = "statefulset-5";
const PLUS_ONE: &str = "statefulset-5-plus-one";
const WEB: &str = "deployment-10-2";

const LOSSES: [Event; 7] = [
    event("loss", "in an ordinary hour", "life", "all spot nodes lost"),
    event(
        "loss-rollout",
        "as a rollout begins",
        "interrupted",
        "all spot lost as a rollout begins",
    ),
    event(
        "loss-rollout-last",
        "while its rollout replaces the highest member that must stay",
        "interrupted",
        LAST,
    ),
    event(
        "loss-rollout-first",
        "while its rollout replaces member 0",
        "interrupted",
        FIRST,
    ),
    event(
        "loss-scale-in",
        "in the middle of a scale-in from 10",
        "interrupted",
        "all spot lost in the middle of the scale-in",
    ),
    event(
        "loss-twice",
        "in two halves, the second while the pods are on their way",
        "interrupted",
        "spot lost, and the rest while the pods are on their way",
    ),
    event(
        "loss-adoption",
        "in the middle of an adoption",
        "adoption-interrupted",
        "all spot lost in the middle of an adoption",
    ),
];

/// The same of a Deployment, which has no members.
const WEB_LOSSES: [Event; 5] = [
    event(
        "web-loss",
        "in an ordinary hour",
        "life",
        "all spot nodes lost",
    ),
    event(
        "web-loss-rollout",
        "as a rollout begins",
        "interrupted",
        "all spot lost as a rollout begins",
    ),
    event(
        "web-loss-scale-in",
        "in the middle of a scale-in",
        "interrupted",
        "all spot lost in the middle of the scale-in",
    ),
    event(
        "web-loss-twice",
        "in two halves, the second while the pods are on their way",
        "interrupted",
        "spot lost, and the rest while the pods are on their way",
    ),
    event(
        "web-loss-adoption",
        "in the middle of an adoption",
        "adoption-interrupted",
        "all spot lost in the middle of an adoption",
    ),
];

const PEACE: [Event; 7] = [
    event("rollout", "a rollout", "life", "rollout"),
    event(
        "drain",
        "every spot node drained",
        "life",
        "all spot nodes drained",
    ),
    event(
        "upgrade",
        "every on-demand node drained in turn",
        "upgrade",
        "every on-demand node drained in turn",
    ),
    event(
        "adoption",
        "the function's first run, siblings first",
        "adoption",
        "the function's first run, siblings first",
    ),
    event(
        "adoption-at-once",
        "the function's first run, all at once",
        "adoption-at-once",
        "the function's first run, all at once",
    ),
    event(
        "raise",
        "the floor raised by 4, siblings first",
        "adoption",
        "floor raised, siblings first",
    ),
    event(
        "leave",
        "the owner leaves the policy, siblings last",
        "adoption",
        "the owners leave the policy, siblings last",
    ),
];

const fn event(
    anchor: &'static str,
    title: &'static str,
    course: &'static str,
    step: &'static str,
) -> Event {
    Event {
        anchor,
        title,
        course,
        step,
    }
}

/// What people do today, each with its column.
fn todays(case: &'static str) -> Vec<Column> {
    let of = |title, approach| Column {
        title,
        approach,
        case,
        layout: USUAL,
    };
    vec![
        of("plain", PLAIN),
        of("soft affinity", SOFT_SPOT),
        of("extender", EXTENDER),
        of("plain spread", NAIVE_SPREAD),
    ]
}

fn of_set() -> Vec<Column> {
    let ours = |title, approach, case| Column {
        title,
        approach,
        case,
        layout: USUAL,
    };
    let mut columns = todays(SET);
    columns.extend([
        ours("`spread`", SPREAD, SET),
        ours("`ordinals`, no policy", WITHOUT_POLICY, SET),
        ours("**`ordinals`**", DEFAULTS, SET),
        ours("**`majority+1`**", DEFAULTS, PLUS_ONE),
    ]);
    columns
}

fn of_web() -> Vec<Column> {
    let ours = |title, approach| Column {
        title,
        approach,
        case: WEB,
        layout: USUAL,
    };
    let mut columns = todays(WEB);
    columns.extend([ours("`spread`", SPREAD), ours("**`floor`**", DEFAULTS)]);
    columns
}

/// The whole page.
pub fn page(records: &[Record], summary: &Summary<'_>) -> String {
    let versions = summary.versions();
    let newest = versions.first().cloned().unwrap_or_default();
    let shown: Vec<&Record> = records.iter().filter(|it| it.version == newest).collect();
    let mut page = format!(
        "# Guarantees, measured\n\n{WRITTEN}\n{}\n{INTRODUCTION}",
        summary.text()
    );
    page += &at_three(&shown);
    page += "\n## StatefulSets of every size\n\n";
    page += sizes::INTRODUCTION;
    page += &sizes::table(&shown);
    page += "\n## A Deployment at 03:00\n\n\
             10 replicas, 2 of them to stay on on-demand. Ready replicas at the lowest instant when every spot node is \
             lost:\n\n";
    page += &table(
        ("every spot node lost", ""),
        &shown,
        &WEB_LOSSES,
        &of_web(),
        |it| service(it, 1),
    );
    page += "\n## What else happens\n\n\
             The same Deployment and StatefulSet: ready replicas at the lowest instant, and in brackets those that were \
             missing, times the seconds for which they were. Played pods start within half a second, so these are for \
             comparison only.\n\nDeployment of 10:\n\n";
    page += &table(("", ""), &shown, &PEACE, &of_web(), over_time);
    page += "\nStatefulSet of 5:\n\n";
    page += &table(("", "set-"), &shown, &PEACE, &of_set(), over_time);
    page += "\n## In short\n\n";
    page += &in_short(records, &versions);
    page
}

/// The table that the design quotes.
fn at_three(records: &[&Record]) -> String {
    let mut text = String::from(
        "\n## A StatefulSet at 03:00\n\n\
         5 members, a quorum is 3, and every spot node is lost. Ready members at the lowest instant; bold: no quorum. \
         `ordinals` keeps 3 members on on-demand, `majority+1` keeps 4.\n\n",
    );
    text += &table(
        ("every spot node lost", ""),
        records,
        &LOSSES,
        &of_set(),
        |record| service(record, record.case.quorum()),
    );
    text += &sentence(records).unwrap_or_default();
    text
}

/// What the table comes to, in words.
fn sentence(records: &[&Record]) -> Option<String> {
    let [ordinary, _, last, ..] = &LOSSES;
    let column = |approach, case| Column {
        title: "",
        approach,
        case,
        layout: USUAL,
    };
    let lowest = |event: &Event, approach, case| {
        find(records, event, &column(approach, case)).map(|it| it.availability.lowest)
    };
    Some(format!(
        "\n<a id=\"three-oclock\"></a>A quorum of 5 keeps {} members through a total loss of spot. When the loss comes \
         while its own rollout replaces one of them, it keeps {}, and {} with `majority+1`. Without the function it \
         keeps {} of 5.\n",
        lowest(ordinary, DEFAULTS, SET)?,
        lowest(last, DEFAULTS, SET)?,
        lowest(last, DEFAULTS, PLUS_ONE)?,
        lowest(ordinary, PLAIN, SET)?,
    ))
}

/// The fewest ready replicas, bold where fewer than are needed.
fn service(record: &Record, needed: u32) -> String {
    let lowest = record.availability.lowest;
    if lowest < needed {
        format!("**{lowest}**")
    } else {
        lowest.to_string()
    }
}

fn over_time(record: &Record) -> String {
    let seen = record.availability;
    format!("{} ({:.1})", seen.lowest, seen.missing_seconds)
}

fn in_short(records: &[Record], versions: &[String]) -> String {
    let mut rows = String::from(
        "Every workload of fixed size in every step of every course. Below the floor: fewer ready replicas on on-demand \
         nodes than wanted, also where nothing promises them, as during a StatefulSet's own rollout or while on-demand \
         nodes are drained. Broken: fewer than promised.\n\n\
         | Kubernetes | approach | workloads and steps | below the floor, settled | below the floor, at any instant | \
         Pending replicas | broken |\n| --- | --- | --: | --: | --: | --: | --: |\n",
    );
    for version in versions {
        for approach in APPROACHES {
            let of = |record: &&Record| {
                record.version == *version && record.approach == approach && record.counts()
            };
            let records: Vec<&Record> = records.iter().filter(of).collect();
            if records.is_empty() {
                continue;
            }
            let those = |wanted: fn(&Record) -> bool| {
                records.iter().filter(|record| wanted(record)).count()
            };
            let broken = if approach.is_function() {
                those(|record| !record.broken().is_empty()).to_string()
            } else {
                "-".to_owned()
            };
            let _ = writeln!(
                rows,
                "| {version} | {} | {} | {} | {} | {} | {broken} |",
                approach.title,
                records.len(),
                those(|record| record.count.on_demand < record.case.floor),
                those(|record| record.minimum < record.case.floor),
                those(|record| record.count.pending > 0),
            );
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::found::Found;
    use crate::record::tests::record;

    #[test]
    fn a_lost_quorum_is_bold_and_rows_can_be_linked_to() {
        let mut lost = record();
        lost.approach = PLAIN;
        lost.guarantee = None;
        lost.availability.lowest = 2;
        let found = Found {
            records: vec![record(), lost],
            ..Found::begin("1.36 defaults life 3+6")
        };
        let page = page(&found.records, &Summary::of(&[&found]));
        let row = "| <a id=\"loss\"></a>in an ordinary hour | **2** | - | - | - | - | - | 3 | - |";
        assert!(page.contains(row), "{page}");
    }
}
