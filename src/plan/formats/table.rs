//! The plan as a table for a terminal or a log.

use comfy_table::Cell;
use yaml_splice::parallel;

use crate::plan::text::{
    about, change, changes, cost, fit, footnote, headline, kind_and_name, namespace, preset,
    replicas, reserved, room, saving, skipped, strategy, sum_survivors, survivors, unknown,
};
use crate::plan::without_policy;
use crate::plan::{Fate, Plan, Row, Totals};
use crate::report::Style;
use crate::report::table::{bold, judged, new, trimmed, wrapped};
use crate::report::text::{cores, gib, percent, visible};

/// Below this many columns of the screen, the strategy stands below the workload's name.
const NARROW: u16 = 115;

/// Below this many the room of each workload is left out.
const VERY_NARROW: u16 = 90;

/// The plan as text.
pub fn table(plan: &Plan, style: Style) -> String {
    let mut parts = Vec::new();
    if plan.placed().next().is_some() {
        parts.push(workloads(plan, style));
        parts.push(totals(plan, style));
    }
    parts.extend(left_alone(plan, style));
    parts.extend(preset_in_force(plan, style));
    parts.extend(warnings(plan, style));
    parts.push(summary(plan, style));
    for diff in plan.diffs.iter().flatten() {
        // Only the line break: the last line may end with the carriage return or the blank of a file.
        parts.push(diff.text.trim_end_matches('\n').to_owned());
    }
    let mut text = parts.join("\n\n");
    text.push('\n');
    text
}

/// The headings of the figures; `cores` and `GiB` are what on-demand nodes have to hold in ordinary
/// times and when every spot node is lost.
fn headings(style: Style) -> Vec<&'static str> {
    let mut headings = vec!["replicas", "on-demand", "spot", "survive"];
    if style.width >= VERY_NARROW {
        headings.extend(["cores", "GiB"]);
    }
    headings.push("cost");
    headings
}

/// The placed workloads below the name of their namespace.
fn workloads(plan: &Plan, style: Style) -> String {
    let names: &[&str] = if style.width < NARROW {
        &["workload"]
    } else {
        &["workload", "strategy", "from"]
    };
    let mut table = new(style, &[names, &headings(style)].concat(), names.len());
    let rows: Vec<_> = plan.placed().collect();
    let cells = parallel::map(&rows, |_, row| {
        let mut cells = naming(row, style);
        cells.extend(figures(plan, row, style));
        cells
    });
    let mut current = None;
    for (row, cells) in rows.into_iter().zip(cells) {
        let namespace = namespace(&row.subject);
        if current.as_ref() != Some(&namespace) {
            table.add_row([bold(&namespace, style)]);
            current = Some(namespace);
        }
        table.add_row(cells);
    }
    trimmed(&table)
}

fn naming(row: &Row, style: Style) -> Vec<Cell> {
    let name = kind_and_name(row);
    let (strategy, origin) = strategy(row);
    if style.width < NARROW {
        return vec![Cell::new_owned(format!(
            "  {name}\n  {strategy} ({origin})"
        ))];
    }
    vec![
        Cell::new_owned(format!("  {name}")),
        Cell::new(strategy),
        Cell::new_owned(origin),
    ]
}

fn figures(plan: &Plan, row: &Row, style: Style) -> Vec<Cell> {
    let mut cells = vec![
        Cell::new(row.range(|figures| figures.replicas)),
        Cell::new(row.range(|figures| figures.on_demand)),
        Cell::new(row.range(|figures| figures.spot)),
        judged(survivors(row), row.fate() == Fate::Kept, style),
    ];
    if style.width >= VERY_NARROW {
        let room = row.room(row.at_minimum);
        let (ordinary, worst) = (&room.ordinary.amounts, &room.worst.amounts);
        let known = |ordinary: String, worst: String| match worst.as_str() {
            "0" if !row.requests.is_known() => "?".to_owned(),
            _ => format!("{ordinary}/{worst}"),
        };
        cells.push(Cell::new_owned(known(
            cores(ordinary.cpu()),
            cores(worst.cpu()),
        )));
        cells.push(Cell::new_owned(known(
            gib(ordinary.memory()),
            gib(worst.memory()),
        )));
    }
    cells.push(Cell::new_owned(cost(row, plan.weights.spot_price_ratio)));
    cells
}

fn totals(plan: &Plan, style: Style) -> String {
    let headings = [&["strategy", "workloads"][..], &headings(style)].concat();
    let mut table = new(style, &headings, 1);
    let strategies = plan.strategies.iter();
    for (strategy, totals) in strategies {
        table.add_row(total(strategy.name(), totals, style));
    }
    table.add_row(total("all, also left alone", &plan.at_minimum, style));
    trimmed(&table)
}

fn total(name: &str, totals: &Totals, style: Style) -> Vec<Cell> {
    let Totals {
        sum, cost, room, ..
    } = totals;
    let mut cells = vec![
        Cell::new(name),
        Cell::new(sum.workloads),
        Cell::new(sum.replicas),
        Cell::new(sum.on_demand),
        Cell::new(sum.spot),
        judged(sum_survivors(*sum), sum.survivors > 0, style),
    ];
    if style.width >= VERY_NARROW {
        let (ordinary, worst) = (&room.ordinary.amounts, &room.worst.amounts);
        let pair = |ordinary: String, worst: String| match worst.as_str() {
            "0" if room.worst.pods > 0 => Cell::new("?"),
            _ => Cell::new_owned(format!("{ordinary}/{worst}")),
        };
        cells.push(pair(cores(ordinary.cpu()), cores(worst.cpu())));
        cells.push(pair(gib(ordinary.memory()), gib(worst.memory())));
    }
    cells.push(Cell::new(cost.relative().map_or("?".to_owned(), percent)));
    cells
}

fn left_alone(plan: &Plan, style: Style) -> Option<String> {
    plan.left_alone().next()?;
    let mut table = new(style, &["left alone", "", "replicas", "why"], 4);
    for (row, _, why) in plan.left_alone() {
        let names = [namespace(&row.subject), kind_and_name(row), replicas(row)];
        table.add_row(names.into_iter().chain([visible(why)]));
    }
    Some(trimmed(&table))
}

fn preset_in_force(plan: &Plan, style: Style) -> Option<String> {
    let (title, settings) = preset(plan)?;
    let mut table = new(style, &[&title, "in force", "from"], 3);
    for [name, value, giver] in settings {
        let value = wrapped(&value, "", style.width.saturating_sub(40).max(40));
        table.add_row([name, value, giver]);
    }
    Some(trimmed(&table))
}

fn warnings(plan: &Plan, style: Style) -> Option<String> {
    let lines = parallel::map(&plan.warnings, |_, finding| {
        let (code, about) = (finding.code, about(finding));
        let space = if about.is_empty() { "" } else { " " };
        let text = format!(
            "warning[{code}]{space}{about}: {}",
            visible(&finding.message)
        );
        let text = wrapped(&text, "  ", style.width);
        if style.colours {
            text.replacen(code.name(), &format!("\u{1b}[33m{code}\u{1b}[0m"), 1)
        } else {
            text
        }
    });
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// What it all comes to, a paragraph for each thing.
fn summary(plan: &Plan, style: Style) -> String {
    let costs = match change(plan) {
        Some(change) => format!("{} As a whole {change}.", saving(plan)),
        None => saving(plan),
    };
    let mut lines = vec![headline(plan)];
    if !plan.rows.is_empty() {
        lines.extend([room(plan), costs]);
        lines.extend(reserved(plan));
        lines.extend(fit(plan));
        lines.extend(without_policy(plan));
        lines.extend(unknown(plan));
    }
    lines.extend(plan.others.sentences());
    if !plan.rows.is_empty() {
        lines.push(footnote(plan));
    }
    lines.push(changes(plan));
    lines.extend(skipped(plan));
    let lines: Vec<_> = lines
        .iter()
        .map(|line| wrapped(line, "", style.width))
        .collect();
    lines.join("\n")
}
