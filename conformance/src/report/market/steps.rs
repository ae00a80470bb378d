//! `docs/measurements/karpenter-steps.md`: every step with bought nodes, folded.

use std::fmt::Write as _;

use super::cost::on_spot;
use super::events::EVENTS;
use super::{CASES, Event, POOLS, Summary, WRITTEN, title, version};
use crate::approach::APPROACHES;
use crate::record::Record;

const COLUMNS: &str = "\
* **on-demand**: replicas ready on on-demand nodes once everything had settled, of all that ran;\n\
* **fewest on on-demand**, **fewest ready**: the lowest numbers at any instant of the step;\n\
* **Pending**: replicas without a node, times the seconds for which they were;\n\
* **on spot**: share of the running replicas of all workloads, once settled;\n\
* **nodes**: on-demand + spot nodes once settled, and how many were bought during the step;\n\
* **price**: of an hour of these nodes, and on average over the step; a CPU costs 0.05, on spot a tenth, reserved \
nothing more.\n";

const HEAD: &str = "\
| approach, nodes | on-demand | fewest on on-demand | fewest ready | Pending | on spot | nodes | price |\n\
| --- | --: | --: | --: | --: | --: | --: | --: |\n";

/// The whole page.
pub fn page(records: &[Record], summary: &Summary<'_>) -> String {
    let mut page = format!(
        "# With the real Karpenter, step by step\n\n{WRITTEN}\nKarpenter {}, Kubernetes {}, {}. \
         [What it comes to](karpenter.md).\n\n{COLUMNS}",
        version(),
        summary.versions().join(" and "),
        summary.dates()
    );
    for case in CASES {
        let of_case: Vec<&Record> = records.iter().filter(|it| it.case.name() == case).collect();
        if let Some(first) = of_case.first() {
            let _ = write!(page, "\n## {}\n", title(first));
            for event in &EVENTS {
                page += &of_event(event, &of_case, records);
            }
        }
    }
    page
}

/// One event, folded: a row for every approach and, with other NodePools than one, for those.
fn of_event(event: &Event, of_case: &[&Record], all: &[Record]) -> String {
    let is_it = |it: &Record| it.course == event.course && it.step == event.step;
    let mut rows = String::new();
    for pools in POOLS {
        for approach in APPROACHES {
            let found = of_case
                .iter()
                .find(|it| is_it(it) && it.approach == approach && it.layout == pools.name());
            if let Some(record) = found {
                rows += &row(record, all);
            }
        }
    }
    if rows.is_empty() {
        return rows;
    }
    format!(
        "\n<details><summary>{} ({})</summary>\n\n{HEAD}{rows}\n</details>\n",
        event.title, event.course
    )
}

fn row(record: &Record, all: &[Record]) -> String {
    let same = |other: &&Record| {
        other.course == record.course
            && other.step == record.step
            && other.approach == record.approach
            && other.layout == record.layout
    };
    let beside: Vec<&Record> = all.iter().filter(same).collect();
    let (count, nodes, seen) = (record.count, record.nodes, record.availability);
    format!(
        "| {}, {} | {} of {} | {} | {} | {:.0} s | {:.0} % | {} + {}, {} bought | {:.2}, {:.2} |\n",
        record.approach.name,
        record.layout,
        count.on_demand,
        count.ready() + count.pending,
        record.minimum,
        seen.lowest,
        seen.pending_seconds,
        100.0 * on_spot(&beside),
        nodes.on_demand,
        nodes.spot,
        nodes.bought,
        nodes.price,
        nodes.mean_price,
    )
}
