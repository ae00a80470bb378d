//! `docs/measurements/karpenter.md`: what happens while the real Karpenter buys and consolidates the nodes.

use std::fmt::Write as _;

use super::{Summary, WRITTEN};
use crate::approach::APPROACHES;
use crate::record::Record;

/// Pinned in `go/karpenter`.
const KARPENTER: &str = include_str!("../../go/karpenter/go.mod");

const COLUMNS: &str = "\
* **on-demand**: replicas ready on on-demand nodes once everything had settled, of all that ran;\n\
* **fewest on on-demand**, **fewest ready**: the lowest numbers at any instant of the step;\n\
* **Pending**: replicas without a node, times the seconds for which they were;\n\
* **on spot**: share of the running replicas of all four workloads, once settled;\n\
* **nodes**: on-demand + spot nodes once settled, and how many were bought during the step;\n\
* **price**: of an hour of these nodes, and on average over the step; a CPU costs 0.05, on spot a tenth.\n";

const CASES: [&str; 3] = ["deployment-10-2", "statefulset-5", "statefulset-3"];

/// The whole page.
pub fn page(records: &[Record], summary: &Summary<'_>) -> String {
    let mut page = format!(
        "# With the real Karpenter, measured\n\n{WRITTEN}\n{}\n\
         Karpenter {} with its kwok provider, which buys nodes of 2 to 16 CPUs in three zones; NodePools that \
         consolidate at once (`WhenEmptyOrUnderutilized`, after 0 s). Four workloads side by side: a Deployment of 10 \
         (floor 2), one of a single replica, StatefulSets of 3 and 5 (a majority), half a CPU for each replica.\n\n\
         In short: replicas on on-demand nodes once everything had settled, and the fewest that were ready in all at \
         any instant. One NodePool with both capacity types; below, also two pools by weight, and tainted spot.\n",
        summary.text(),
        version(),
    );
    for case in CASES {
        page += &short(case, records);
    }
    page += "\n## Step by step\n\n";
    page += COLUMNS;
    for case in CASES {
        let of_case: Vec<&Record> = records.iter().filter(|it| it.case.name() == case).collect();
        if let Some(first) = of_case.first() {
            let (title, table) = (title(first), table(&of_case, records));
            let _ = write!(
                page,
                "\n<details><summary>{title}</summary>\n\n{table}\n</details>\n"
            );
        }
    }
    page
}

fn title(record: &Record) -> String {
    let case = record.case;
    format!("{:?} of {}, floor {}", case.kind, case.replicas, case.floor)
}

/// One workload, one row for each step, on one NodePool.
fn short(case: &str, records: &[Record]) -> String {
    let is_it = |it: &&Record| it.case.name() == case && it.layout == "one NodePool";
    let of_it: Vec<&Record> = records.iter().filter(is_it).collect();
    let Some(first) = of_it.first() else {
        return String::new();
    };
    let approaches = APPROACHES.iter().filter(|approach| {
        of_it
            .iter()
            .any(|record| record.approach.name == approach.name)
    });
    let approaches: Vec<_> = approaches.collect();
    let titles: Vec<&str> = approaches.iter().map(|approach| approach.title).collect();
    let mut text = format!(
        "\n### {}\n\n| what happens | {} |\n| --- |{}\n",
        title(first),
        titles.join(" | "),
        " --: |".repeat(titles.len())
    );
    for step in steps(&of_it) {
        let _ = write!(text, "| {step}");
        for approach in &approaches {
            let is_it = |it: &&&Record| it.step == step && it.approach == **approach;
            let cell = of_it.iter().find(is_it).map_or("-".to_owned(), |it| {
                format!("{}, {} ready", it.count.on_demand, it.availability.lowest)
            });
            let _ = write!(text, " | {cell}");
        }
        text += " |\n";
    }
    text
}

fn steps<'a>(records: &[&'a Record]) -> Vec<&'a str> {
    let mut steps: Vec<&str> = Vec::new();
    for record in records {
        if !steps.contains(&record.step.as_str()) {
            steps.push(&record.step);
        }
    }
    steps
}

/// The pinned version of Karpenter.
fn version() -> &'static str {
    let mut words = KARPENTER.split_whitespace();
    words.find(|word| *word == "sigs.k8s.io/karpenter");
    words.next().unwrap_or("of an unknown version")
}

fn table(records: &[&Record], all: &[Record]) -> String {
    let mut text = String::from(
        "| what happens | approach | on-demand | fewest on on-demand | fewest ready | Pending | on spot | nodes | price |\n\
         | --- | --- | --: | --: | --: | --: | --: | --: | --: |\n",
    );
    for step in steps(records) {
        let mut title = step;
        for approach in APPROACHES {
            let of = |record: &&&Record| record.step == step && record.approach == approach;
            for record in records.iter().filter(of) {
                let _ = write!(text, "| {} ", std::mem::take(&mut title));
                text += &row(record, all);
            }
        }
    }
    text
}

fn row(record: &Record, all: &[Record]) -> String {
    let same = |other: &&Record| {
        other.step == record.step
            && other.approach == record.approach
            && other.layout == record.layout
    };
    let beside: Vec<&Record> = all.iter().filter(same).collect();
    let spot: u32 = beside.iter().map(|record| record.count.spot).sum();
    let ready: u32 = beside.iter().map(|record| record.count.ready()).sum();
    let (count, nodes, seen) = (record.count, record.nodes, record.availability);
    let pools = match record.layout.as_str() {
        "one NodePool" => String::new(),
        other => format!(", {other}"),
    };
    format!(
        "| {}{pools} | {} of {} | {} | {} | {:.0} s | {:.0} % | {} + {}, {} bought | {:.2}, {:.2} |\n",
        record.approach.title,
        count.on_demand,
        count.ready() + count.pending,
        record.minimum,
        seen.lowest,
        seen.pending_seconds,
        100.0 * f64::from(spot) / f64::from(ready.max(1)),
        nodes.on_demand,
        nodes.spot,
        nodes.bought,
        nodes.price,
        nodes.mean_price,
    )
}
