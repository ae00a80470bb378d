//! `docs/measurements/guarantees-steps.md`: every step of every course, folded.

use std::fmt::Write as _;

use super::{Summary, WRITTEN};
use crate::approach::APPROACHES;
use crate::courses::Course;
use crate::karpenter::offers::SPOT_PRICE_RATIO;
use crate::record::Record;
use crate::workload::Kind;

const COLUMNS: &str = "\
Three on-demand and six spot nodes in three zones, unless a row says otherwise. What happened on nodes with the labels \
and taints of the providers was checked as well, and is not shown. The columns:\n\n\
* **on-demand**: replicas ready on on-demand nodes once everything had settled, of all that there are: what a loss of \
every spot node at that moment would leave;\n\
* **fewest there**: the lowest number of replicas ready on on-demand nodes at any instant of the step;\n\
* **fewest ready**: the lowest number of ready replicas of the whole workload at any instant of the step;\n\
* **missing**: ready replicas that were missing, times the seconds for which they were. Played pods start within half \
a second, so it is for comparison only;\n\
* **Pending**: replicas without a node once everything had settled;\n\
* **cost**: relative to all running replicas on on-demand, when a spot node costs a tenth;\n\
* **below**: workloads of all sizes in the same step with fewer ready replicas on on-demand nodes than wanted, once \
settled and at the lowest point.\n\n";

const SECTIONS: [(&str, &[&str], &str); 4] = [
    (
        "A Deployment of 10, of which 2 are to stay on on-demand; scaling: one with an autoscaler, 4 to 20",
        &["deployment-10-2", "autoscaled"],
        "20 replicas changed to 6 in Git",
    ),
    (
        "A Deployment of 2, one of which its rollouts may take away",
        &["deployment-2-1-unavailable-1"],
        "",
    ),
    (
        "A StatefulSet of 5, of which 3 are to stay on on-demand; scaling: one of 3 with an autoscaler",
        &[
            "statefulset-5",
            "statefulset-5-volumes",
            "statefulset-5-apart",
            "statefulset-5-strictly-apart",
            "autoscaled-members",
        ],
        "",
    ),
    (
        "A StatefulSet of 5 with `majority+1`",
        &["statefulset-5-plus-one"],
        "",
    ),
];

/// The whole page.
pub fn page(records: &[Record], summary: &Summary<'_>) -> String {
    let versions = summary.versions();
    let newest = versions.first().cloned().unwrap_or_default();
    let shown: Vec<&Record> = records.iter().filter(|it| it.version == newest).collect();
    let mut page = format!(
        "# Guarantees, step by step\n\n{WRITTEN}\nKubernetes {newest}, {}. [What it comes to](guarantees.md).\n\n{COLUMNS}\
         The approaches: ",
        summary.dates()
    );
    let titles = APPROACHES.map(|approach| format!("*{}* ({})", approach.name, approach.title));
    page += &titles.join(", ");
    page += ".\n";
    for (title, names, git) in SECTIONS {
        let _ = write!(page, "\n## {title}\n");
        for course in Course::ALL {
            page += &section(course, &shown, names, git);
        }
    }
    page
}

/// A course, folded, with an anchor of the first workload's name and the course.
fn section(course: Course, records: &[&Record], names: &[&str], git: &str) -> String {
    let of_it = records
        .iter()
        .filter(|it| it.course == course.name() && !is_variant(it));
    let records: Vec<&Record> = of_it.copied().collect();
    let rows = rows(&records, names, git);
    if rows.is_empty() {
        return String::new();
    }
    format!(
        "\n<a id=\"{}-{}\"></a>\n\n<details><summary>{}</summary>\n\n\
         | what happens | approach | on-demand | fewest there | fewest ready | missing | Pending | cost | below |\n\
         | --- | --- | --: | --: | --: | --: | --: | --: | --: |\n{rows}\n</details>\n",
        names.first().unwrap_or(&""),
        course.name(),
        course.name()
    )
}

/// The same course on nodes with other labels and taints, or of another number: checked, and not shown.
fn is_variant(record: &Record) -> bool {
    record.course == Course::Life.name() && record.layout != Course::Life.layout().name()
}

/// One row for each step and approach. `names` are the workloads shown, first match wins in each step; in the step
/// `git` the workload that Git changes is shown.
fn rows(records: &[&Record], names: &[&str], git: &str) -> String {
    let mut text = String::new();
    for (layout, step) in steps(records) {
        let mut title = if layout == "3+6" {
            step.to_owned()
        } else {
            format!("{step} ({layout} nodes)")
        };
        for approach in APPROACHES {
            let of = |record: &&&Record| {
                record.approach == approach && record.layout == layout && record.step == step
            };
            let there: Vec<&Record> = records.iter().filter(of).copied().collect();
            let is_shown = |record: &&&Record| {
                names.contains(&record.case.name().as_str())
                    || !git.is_empty() && record.step == git
            };
            if let Some(shown) = there.iter().find(is_shown) {
                text += &row(&std::mem::take(&mut title), shown, &there);
            }
        }
    }
    text
}

fn row(title: &str, shown: &Record, all: &[&Record]) -> String {
    let kind = |record: &&&Record| record.case.kind == shown.case.kind;
    let below = |value: fn(&Record) -> u32| {
        all.iter()
            .filter(kind)
            .filter(|it| value(it) < it.case.floor)
            .count()
    };
    let (settled, ever) = (
        below(|record| record.count.on_demand),
        below(|record| record.minimum),
    );
    let (on_demand, spot) = (
        f64::from(shown.count.on_demand),
        f64::from(shown.count.spot),
    );
    format!(
        "| {title} | {} | {} of {} | {} | {} | {:.1} s | {} | {:.2} | {settled} / {ever} of {} |\n",
        approach_name(shown),
        shown.count.on_demand,
        shown.count.on_demand + shown.count.spot + shown.count.pending,
        shown.minimum,
        shown.availability.lowest,
        shown.availability.missing_seconds,
        shown.count.pending,
        (on_demand + SPOT_PRICE_RATIO * spot) / (on_demand + spot).max(1.0),
        all.iter().filter(kind).count(),
    )
}

/// The steps in the order in which they first happened, each with its node layout, the usual layout first.
fn steps<'a>(records: &[&'a Record]) -> Vec<(&'a str, &'a str)> {
    let mut found: Vec<(&str, &str)> = Vec::new();
    for record in records {
        let step = (record.layout.as_str(), record.step.as_str());
        if !found.contains(&step) {
            found.push(step);
        }
    }
    found.sort_by_key(|(layout, _)| *layout != "3+6");
    found
}

/// `ordinals` is what StatefulSets get by default, `floor` what Deployments get.
fn approach_name(record: &Record) -> String {
    let strategy = match (record.approach.name, record.case.kind) {
        ("defaults", Kind::StatefulSet) if record.case.replicas > 1 => ", `ordinals`",
        ("defaults", Kind::Deployment) if record.case.replicas > 1 => ", `floor`",
        _ => "",
    };
    format!("{}{strategy}", record.approach.name)
}
