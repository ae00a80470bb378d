//! The plan as markdown that reads well as a comment on a pull request: first what changes and what
//! it costs, then what survives, then the rest.

use crate::plan::text::{
    about, change, changes, cost, fit, footnote, headline, kind_and_name, namespace, need, preset,
    replicas, reserved, saving, skipped, strategy, sum_survivors, survivors, unknown,
};
use crate::plan::without_policy;
use crate::plan::{FileDiff, Need, Plan, Row, Totals};
use crate::report::markdown::{code, details, escaped, table};
use crate::report::text::{amounts, cores, gib, other, percent};

/// The plan as markdown, of the kind that GitHub and GitLab read.
pub fn markdown(plan: &Plan) -> String {
    let mut blocks = vec!["## Spot plan".to_owned(), lead(plan), survival(plan)];
    if !plan.rows.is_empty() {
        blocks.push(room(plan));
    }
    blocks.extend(notes(plan));
    blocks.extend(warnings(plan));
    blocks.extend(workloads(plan));
    if plan.placed().next().is_some() {
        blocks.push(details("Totals by strategy", &totals(plan)));
    }
    blocks.extend(left_alone(plan));
    blocks.extend(preset_in_force(plan));
    if !plan.rows.is_empty() {
        blocks.push(details("How it is counted", &escaped(&footnote(plan))));
    }
    blocks.extend(skipped(plan).map(|text| escaped(&text)));
    for diff in plan.diffs.iter().flatten() {
        blocks.push(diff_block(diff));
    }
    let mut text = blocks.join("\n\n");
    text.push('\n');
    text
}

/// What changes and what it costs.
fn lead(plan: &Plan) -> String {
    match change(plan) {
        Some(change) => format!("**{} As a whole {change}.**", changes(plan)),
        None => format!("**{}**", changes(plan)),
    }
}

fn survival(plan: &Plan) -> String {
    if plan.rows.is_empty() {
        return headline(plan);
    }
    format!("{} {}", headline(plan), saving(plan))
}

/// What on-demand nodes have to hold.
fn room(plan: &Plan) -> String {
    let mut cases = vec![
        ("in ordinary times", &plan.at_minimum.room.ordinary),
        ("when every spot node is lost", &plan.at_minimum.room.worst),
    ];
    if plan.autoscaled > 0 {
        cases.push((
            "in ordinary times, autoscalers at their maximum",
            &plan.at_maximum.room.ordinary,
        ));
        cases.push((
            "when every spot node is lost, autoscalers at their maximum",
            &plan.at_maximum.room.worst,
        ));
    }
    let rows = cases.into_iter().map(|(when, need)| {
        let others = need
            .amounts
            .others()
            .map(|(name, amount)| escaped(&other(name, amount)));
        vec![
            when.to_owned(),
            need.pods.to_string(),
            cores(need.amounts.cpu()),
            gib(need.amounts.memory()),
            others.collect::<Vec<_>>().join(", "),
        ]
    });
    let has_others = plan.at_maximum.room.worst.amounts.others().next().is_some();
    let headings = [
        "on-demand nodes have to hold",
        "pods",
        "cores",
        "GiB",
        "others",
    ];
    let columns = if has_others { 5 } else { 4 };
    let rows = rows.map(|mut row: Vec<String>| {
        row.truncate(columns);
        row
    });
    table(&headings[..columns], 1, rows)
}

/// Whether it fits, and what is not counted.
fn notes(plan: &Plan) -> Option<String> {
    let notes = reserved(plan)
        .into_iter()
        .chain(fit(plan))
        .chain(without_policy(plan))
        .chain(unknown(plan))
        .chain(plan.others.sentences());
    let notes: Vec<_> = notes.map(|note| format!("* {}", escaped(&note))).collect();
    (!notes.is_empty()).then(|| notes.join("\n"))
}

/// The workloads that change, and folded those that do not.
fn workloads(plan: &Plan) -> Vec<String> {
    let (changed, unchanged): (Vec<_>, Vec<_>) = plan.placed().partition(|row| row.changes);
    let mut blocks = Vec::new();
    if !changed.is_empty() {
        blocks.push(format!("### What changes\n\n{}", rows(plan, &changed)));
    }
    if !unchanged.is_empty() {
        let summary = format!("Placed and unchanged: {}", unchanged.len());
        blocks.push(details(&summary, &rows(plan, &unchanged)));
    }
    blocks
}

const HEADINGS: [&str; 9] = [
    "workload",
    "strategy",
    "replicas",
    "on-demand",
    "spot",
    "survive",
    "ordinary",
    "spot lost",
    "cost",
];

fn rows(plan: &Plan, rows: &[&Row]) -> String {
    let lines = rows.iter().map(|row| {
        let warned = if row.warnings.is_empty() {
            ""
        } else {
            " :warning:"
        };
        let (strategy, origin) = strategy(row);
        let name = format!("{} {}", namespace(&row.subject), kind_and_name(row));
        let room = row.room(row.at_minimum);
        vec![
            format!("{}{warned}", code(&name)),
            format!("{strategy} ({origin})"),
            row.range(|figures| figures.replicas).to_string(),
            row.range(|figures| figures.on_demand).to_string(),
            row.range(|figures| figures.spot).to_string(),
            survivors(row),
            room_of(row, &room.ordinary),
            room_of(row, &room.worst),
            cost(row, plan.weights.spot_price_ratio),
        ]
    });
    table(&HEADINGS, 2, lines)
}

/// `0.5 cores, 1 GiB`, `unknown` where no request is named.
fn room_of(row: &Row, need: &Need) -> String {
    let is_named = row.requests.amounts.iter().next().is_some();
    if is_named || row.requests.is_known() {
        escaped(&amounts(&need.amounts))
    } else {
        "unknown".to_owned()
    }
}

fn totals(plan: &Plan) -> String {
    let headings = [
        "strategy",
        "workloads",
        "replicas",
        "on-demand",
        "spot",
        "survive",
        "ordinary",
        "spot lost",
        "cost",
    ];
    let line = |name: String, totals: &Totals| {
        let Totals {
            sum, cost, room, ..
        } = totals;
        vec![
            name,
            sum.workloads.to_string(),
            sum.replicas.to_string(),
            sum.on_demand.to_string(),
            sum.spot.to_string(),
            sum_survivors(*sum),
            escaped(&need(&room.ordinary)),
            escaped(&need(&room.worst)),
            cost.relative().map_or("?".to_owned(), percent),
        ]
    };
    let strategies = plan.strategies.iter();
    let strategies = strategies.map(|(strategy, totals)| line(strategy.to_string(), totals));
    let all = line("**all, also left alone**".to_owned(), &plan.at_minimum);
    table(&headings, 1, strategies.chain([all]))
}

fn preset_in_force(plan: &Plan) -> Option<String> {
    let (title, settings) = preset(plan)?;
    let rows = settings
        .into_iter()
        .map(|[name, value, giver]| vec![code(&name), escaped(&value), giver]);
    let table = table(&["setting", "in force", "from"], 3, rows);
    Some(details(&format!("Nodes: {title}"), &table))
}

fn warnings(plan: &Plan) -> Option<String> {
    if plan.warnings.is_empty() {
        return None;
    }
    let lines = plan.warnings.iter().map(|finding| {
        let about = match about(finding) {
            about if about.is_empty() => String::new(),
            about => format!(" {}", code(&about)),
        };
        format!("* `{}`{about}: {}", finding.code, escaped(&finding.message))
    });
    let lines: Vec<_> = lines.collect();
    Some(format!("### Warnings\n\n{}", lines.join("\n")))
}

fn left_alone(plan: &Plan) -> Option<String> {
    let lines = plan.left_alone().map(|(row, _, why)| {
        let name = format!("{} {}", namespace(&row.subject), kind_and_name(row));
        vec![code(&name), escaped(why), replicas(row)]
    });
    let lines: Vec<_> = lines.collect();
    let summary = format!("Left alone: {}", lines.len());
    (!lines.is_empty())
        .then(|| details(&summary, &table(&["workload", "why", "replicas"], 2, lines)))
}

fn diff_block(diff: &FileDiff) -> String {
    // The fence is longer than any in the manifests.
    let longest = diff.text.split(|c| c != '`').map(str::len).max();
    let fence = "`".repeat(longest.unwrap_or(0).max(2) + 1);
    let name = diff.file.as_deref().unwrap_or("standard input");
    let text = diff.text.trim_end_matches('\n');
    details(
        &format!("Changes in {}", escaped(name)),
        &format!("{fence}diff\n{text}\n{fence}"),
    )
}
