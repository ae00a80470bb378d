//! `docs/measurements/guarantees.md`: every course of events on nodes that are simply there.

use std::fmt::Write as _;

use super::{WRITTEN, checked, versions};
use crate::approach::APPROACHES;
use crate::courses::Course;
use crate::karpenter::offers::SPOT_PRICE_RATIO;
use crate::record::Record;
use crate::workload::Kind;

const COLUMNS: &str = "\
Three on-demand and six spot nodes in three zones, unless a row says otherwise. The columns:\n\n\
* **survivors**: replicas ready on on-demand nodes once everything had settled, which is what a loss of every spot node \
at that moment would leave;\n\
* **fewest on on-demand**: the lowest number of replicas ready on on-demand nodes at any instant of the step. In the row \
about the loss of all spot nodes, this is how many really survived it;\n\
* **fewest ready**: the lowest number of ready replicas of the whole workload at any instant of the step;\n\
* **missing**: ready replicas that were missing, times the seconds for which they were. Played pods start within half \
a second, so it is for comparison only;\n\
* **Pending**: replicas without a node once everything had settled;\n\
* **on spot**: share of the running replicas;\n\
* **cost**: relative to all running replicas on on-demand, when a spot node costs a tenth;\n\
* **below the floor**: workloads of all sizes in the same step that had fewer ready replicas on on-demand nodes than \
wanted, once settled and at the lowest point.\n\n";

/// The whole page. `date` is the day of the run.
pub fn page(records: &[Record], date: &str) -> String {
    let versions = versions(records);
    let Some(newest) = versions.first() else {
        return String::new();
    };
    let shown: Vec<&Record> = records
        .iter()
        .filter(|record| record.version == *newest)
        .collect();
    let mut page = introduction(&versions, newest, date, records);
    page += COLUMNS;
    page += "## In short: the worst of everything below\n\n";
    page += &summary(records, &versions);
    page += "\n## A Deployment: 10 replicas, of which 2 are to stay on on-demand\n\n";
    page += "The rows about scaling show a Deployment with an autoscaler (4 to 20 replicas, 1 on on-demand), but for the \
             last one: 20 replicas that Git changes to 6.\n\n";
    page += &table(
        &shown,
        &["deployment-10-2", "autoscaled"],
        "20 replicas changed to 6 in Git",
    );
    page += "\n## A Deployment: 2 replicas, one of which its rollouts may take away\n\n";
    page += &table(&shown, &["deployment-2-1-unavailable-1"], "");
    page += "\n## A StatefulSet: 5 members, of which 3 are to stay on on-demand\n\n";
    page += "The rows about scaling show a StatefulSet of 3 with an autoscaler.\n\n";
    let five = [
        "statefulset-5",
        "statefulset-5-volumes",
        "statefulset-5-apart",
        "autoscaled-members",
    ];
    page += &table(&shown, &five, "");
    page += "\n## A StatefulSet: 5 members and `majority+1`\n\n";
    page += &table(&shown, &["statefulset-5-plus-one"], "");
    page
}

fn introduction(versions: &[String], newest: &str, date: &str, records: &[Record]) -> String {
    let (checked, broken) = checked(records);
    format!(
        "# Guarantees, measured\n\n{WRITTEN}\n\
         Every figure was seen on a real control plane (etcd, kube-apiserver, kube-controller-manager and \
         kube-scheduler, with nodes played by kwok) on {date}. Kubernetes {}; the tables show {newest}. \
         Of {checked} promises of the function that were checked, {broken} were broken.\n\n",
        versions.join(" and "),
    )
}

fn summary(records: &[Record], versions: &[String]) -> String {
    let mut rows = String::from(
        "| Kubernetes | approach | workloads and steps | below the floor, settled | below the floor, at any instant | \
         steps with Pending replicas |\n| --- | --- | --: | --: | --: | --: |\n",
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
            let settled = those(|record| record.count.on_demand < record.case.floor);
            let ever = those(|record| record.minimum < record.case.floor);
            let pending = those(|record| record.count.pending > 0);
            let _ = writeln!(
                rows,
                "| {version} | {} | {} | {settled} | {ever} | {pending} |",
                approach.title,
                records.len()
            );
        }
    }
    rows
}

/// One row for each step and approach. `names` are the workloads shown, first match wins in each step; in the step
/// `git` the workload that Git changes is shown.
fn table(records: &[&Record], names: &[&str], git: &str) -> String {
    let mut text = String::from(
        "| what happens | approach | survivors | fewest on on-demand | fewest ready | missing | Pending | on spot | cost \
         | below the floor |\n\
         | --- | --- | --: | --: | --: | --: | --: | --: | --: | --: |\n",
    );
    for (course, layout, step) in steps(records) {
        let mut title = if layout == "3+6" {
            step.to_owned()
        } else {
            format!("{step} ({layout} nodes)")
        };
        for approach in APPROACHES {
            let of = |record: &&&Record| {
                record.approach == approach
                    && record.course == course
                    && record.layout == layout
                    && record.step == step
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
    let workloads = all.iter().filter(kind).count();
    let (on_demand, spot) = (
        f64::from(shown.count.on_demand),
        f64::from(shown.count.spot),
    );
    let running = (on_demand + spot).max(1.0);
    format!(
        "| {title} | {} | {} of {} | {} | {} | {:.1} s | {} | {:.0} % | {:.2} | {settled} / {ever} of {workloads} |\n",
        approach_title(shown),
        shown.count.on_demand,
        shown.count.on_demand + shown.count.spot + shown.count.pending,
        shown.minimum,
        shown.availability.lowest,
        shown.availability.missing_seconds,
        shown.count.pending,
        100.0 * spot / running,
        (on_demand + SPOT_PRICE_RATIO * spot) / running,
    )
}

/// The steps in the order in which they first happened, each with its course and its node layout, the usual layout
/// first. A step that several courses begin with is shown once.
fn steps<'a>(records: &[&'a Record]) -> Vec<(&'static str, &'a str, &'static str)> {
    let mut found: Vec<(&str, &str, &str)> = Vec::new();
    for course in Course::ALL {
        for record in records
            .iter()
            .filter(|record| record.course == course.name())
        {
            let (layout, step) = (record.layout.as_str(), record.step);
            if !found
                .iter()
                .any(|(_, of, name)| (*of, *name) == (layout, step))
            {
                found.push((record.course, layout, step));
            }
        }
    }
    found.sort_by_key(|(_, layout, _)| *layout != "3+6");
    found
}

/// `ordinals` is what StatefulSets get by default, `floor` what Deployments get.
fn approach_title(record: &Record) -> String {
    let strategy = match (record.approach.name, record.case.kind) {
        ("defaults", Kind::StatefulSet) if record.case.replicas > 1 => ", `ordinals`",
        ("defaults", Kind::Deployment) if record.case.replicas > 1 => ", `floor`",
        _ => "",
    };
    format!("{}{strategy}", record.approach.title)
}
