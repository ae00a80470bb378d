//! What stands above and below the workloads: figures, room, legend, totals and diffs.

use std::fmt::Write as _;

use crate::plan::text::{
    change, changes, fit, footnote, headline, need, preset, reserved, saving, skipped,
    sum_survivors, unknown, warnings_word,
};
use crate::plan::without_policy;
use crate::plan::{Fate, FileDiff, Need, Plan, Totals};
use crate::report::html::{escaped, escaped_lines, table, tiles};
use crate::report::text::{cores, gib, other, percent};

use super::rows;

/// Everything between the first heading and the diffs.
pub fn content(plan: &Plan) -> String {
    let parts = [
        head(plan),
        room(plan),
        notes(plan),
        legend(plan).to_owned(),
        rows::placed(plan),
        rows::left_alone(plan),
        rows::other_warnings(plan),
        totals(plan),
        preset_in_force(plan),
        end(plan),
    ];
    parts.concat()
}

fn head(plan: &Plan) -> String {
    let change = change(plan)
        .map(|change| format!(" As a whole {change}."))
        .unwrap_or_default();
    let mut out = format!(
        "<p class=\"lead\"><strong>{}{}</strong></p>\n<p class=\"lead\">{}</p>\n",
        escaped(&changes(plan)),
        escaped(&change),
        escaped(&headline(plan))
    );
    if plan.rows.is_empty() {
        return out;
    }
    let _ = writeln!(out, "<p class=\"lead\">{}</p>", escaped(&saving(plan)));
    let Totals { room, cost, .. } = &plan.at_minimum;
    let (ordinary, worst) = (&room.ordinary.amounts, &room.worst.amounts);
    out.push_str(&tiles([
        (
            format!("{} of {}", plan.count(Fate::Kept), plan.rows.len()),
            "workloads keep a replica for certain",
        ),
        (
            format!("{} to {}", cores(ordinary.cpu()), cores(worst.cpu())),
            "cores that on-demand nodes need: ordinarily, and without spot",
        ),
        (
            cost.saving().map_or("?".to_owned(), percent),
            "saved against all on-demand",
        ),
        (plan.warnings.len().to_string(), &warnings_word(plan)),
    ]));
    out
}

fn room(plan: &Plan) -> String {
    if plan.rows.is_empty() {
        return String::new();
    }
    let mut cases = vec![
        ("in ordinary times", &plan.at_minimum.room.ordinary),
        ("when every spot node is lost", &plan.at_minimum.room.worst),
    ];
    if plan.autoscaled > 0 {
        let max = &plan.at_maximum.room;
        cases.push(("ordinary, autoscalers at their maximum", &max.ordinary));
        cases.push(("spot lost, autoscalers at their maximum", &max.worst));
    }
    let has_others = plan.at_maximum.room.worst.amounts.others().next().is_some();
    let columns = if has_others { 5 } else { 4 };
    let rows = cases.into_iter().map(|(when, need)| {
        let mut cells = room_of(when, need);
        cells.truncate(columns);
        cells
    });
    format!(
        "<section><h2>What on-demand nodes have to hold</h2>\n{}</section>\n",
        table(&["", "pods", "cores", "GiB", "others"][..columns], rows)
    )
}

fn room_of(when: &str, need: &Need) -> Vec<String> {
    let amounts = &need.amounts;
    let others = amounts.others();
    let others = others.map(|(name, amount)| escaped(&other(name, amount)));
    vec![
        when.to_owned(),
        need.pods.to_string(),
        cores(amounts.cpu()),
        gib(amounts.memory()),
        others.collect::<Vec<_>>().join("<br>"),
    ]
}

/// Whether it fits, and what is not counted.
fn notes(plan: &Plan) -> String {
    let notes = reserved(plan)
        .into_iter()
        .chain(fit(plan))
        .chain(without_policy(plan))
        .chain(unknown(plan))
        .chain(plan.others.sentences());
    let notes: Vec<_> = notes
        .map(|note| format!("<li>{}</li>", escaped(&note)))
        .collect();
    if notes.is_empty() {
        return String::new();
    }
    format!("<ul class=\"notes\">{}</ul>\n", notes.concat())
}

fn legend(plan: &Plan) -> &'static str {
    if plan.rows.is_empty() {
        return "";
    }
    "<ul class=\"legend\">\
     <li><i class=\"hard\"></i>on-demand, for certain</li>\
     <li><i class=\"soft\"></i>on-demand, by preference</li>\
     <li><i class=\"anywhere\"></i>anywhere: nothing says where</li>\
     <li><i class=\"spot\"></i>spot, lost with the nodes</li></ul>\n"
}

fn totals(plan: &Plan) -> String {
    if plan.strategies.is_empty() {
        return String::new();
    }
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
    let line = |name: &str, totals: &Totals| {
        let Totals {
            sum, cost, room, ..
        } = totals;
        vec![
            name.to_owned(),
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
    let lines = strategies.map(|(strategy, totals)| line(strategy.name(), totals));
    let all = line("all, also left alone", &plan.at_minimum);
    let table = table(&headings, lines.chain([all]));
    format!("<section><h2>Totals by strategy</h2>\n{table}</section>\n")
}

/// What the preset says, spelled out.
fn preset_in_force(plan: &Plan) -> String {
    let Some((title, settings)) = preset(plan) else {
        return String::new();
    };
    let rows = settings
        .iter()
        .map(|cells| cells.iter().map(|cell| escaped(cell)).collect());
    let table = table(&["setting", "in force", "from"], rows);
    format!("<section><h2>Nodes: {title}</h2>\n{table}</section>\n")
}

/// How it is counted, and what was left out.
fn end(plan: &Plan) -> String {
    let footnote = (!plan.rows.is_empty()).then(|| footnote(plan));
    let notes = footnote.into_iter().chain(skipped(plan));
    let notes = notes.map(|note| format!("<p class=\"note\">{}</p>\n", escaped(&note)));
    notes.collect::<Vec<_>>().concat()
}

/// What would change in each file.
pub fn diffs(plan: &Plan) -> String {
    let mut out = String::new();
    for FileDiff { file, text } in plan.diffs.iter().flatten() {
        let name = escaped(file.as_deref().unwrap_or("standard input"));
        let lines: Vec<_> = escaped_lines(text).lines().map(coloured).collect();
        let _ = writeln!(
            out,
            "<details><summary>{name}</summary><pre>{}</pre></details>",
            lines.join("\n")
        );
    }
    if out.is_empty() {
        return out;
    }
    format!("<section><h2>What would change</h2>\n{out}</section>\n")
}

fn coloured(line: &str) -> String {
    match line.chars().next() {
        Some('+') => format!("<ins>{line}</ins>"),
        Some('-') => format!("<del>{line}</del>"),
        _ => line.to_owned(),
    }
}
