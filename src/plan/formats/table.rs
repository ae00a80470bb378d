//! The plan as a table for a terminal or a log.

use comfy_table::{
    Attribute, Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, Table, presets,
};

use crate::findings::visible;
use crate::plan::text::{
    about, changes, cost, footnote, headline, kind_and_name, namespace, percent, sum_survivors,
    survivors,
};
use crate::plan::{Placed, Plan, Row};

/// How the table is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// The columns of the screen that it may take; below 64 lines may be longer.
    pub width: u16,
    /// Whether escape sequences for colours may be used.
    pub colours: bool,
}

impl Default for Style {
    /// What a file or a pipe gets: always the same.
    fn default() -> Self {
        Self {
            width: 100,
            colours: false,
        }
    }
}

/// Below this many columns of the screen, the strategy stands below the workload's name.
const NARROW: u16 = 90;

/// The plan as text.
pub fn table(plan: &Plan, style: Style) -> String {
    let mut parts = Vec::new();
    if plan.placed().next().is_some() {
        parts.push(workloads(plan, style));
        parts.push(totals(plan, style));
    }
    parts.extend(left_alone(plan, style));
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

/// An empty table with these headings. Those after the first `texts` are numbers; the first alone,
/// or the last where there are no numbers, gives way where the table is too wide.
fn new(style: Style, headings: &[&str], texts: usize) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(style.width.max(64));
    if style.colours {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    table.set_header(headings.iter().map(|heading| bold(heading, style)));
    let gap = if style.width < NARROW { 1 } else { 2 };
    let flexible = if texts < headings.len() { 0 } else { texts - 1 };
    for (index, column) in table.column_iter_mut().enumerate() {
        let last = index + 1 == headings.len();
        column.set_padding((0, if last { 0 } else { gap }));
        if index >= texts {
            column.set_cell_alignment(CellAlignment::Right);
        }
        if index != flexible {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    table
}

fn bold(text: &str, style: Style) -> Cell {
    let cell = Cell::new(text);
    if style.colours {
        cell.add_attribute(Attribute::Bold)
    } else {
        cell
    }
}

/// What a workload keeps, by its colour: red where nothing survives for certain.
fn judged(text: String, survivors: u64, style: Style) -> Cell {
    let colour = if survivors == 0 {
        Color::Red
    } else {
        Color::Green
    };
    let cell = Cell::new(text);
    if style.colours { cell.fg(colour) } else { cell }
}

const FIGURES: [&str; 5] = ["replicas", "on-demand", "spot", "survive", "cost"];

/// The placed workloads below the name of their namespace.
fn workloads(plan: &Plan, style: Style) -> String {
    let narrow = style.width < NARROW;
    let names: &[&str] = if narrow {
        &["workload"]
    } else {
        &["workload", "strategy", "from"]
    };
    let mut table = new(style, &[names, &FIGURES].concat(), names.len());
    let mut current = None;
    for (row, placed) in plan.placed() {
        let namespace = namespace(&row.subject);
        if current.as_ref() != Some(&namespace) {
            table.add_row([bold(&namespace, style)]);
            current = Some(namespace);
        }
        let mut cells = naming(row, placed, narrow);
        cells.extend(figures(plan, placed, style));
        table.add_row(cells);
    }
    trimmed(&table)
}

fn naming(row: &Row, placed: &Placed, narrow: bool) -> Vec<Cell> {
    let name = kind_and_name(&row.subject);
    let Placed {
        strategy, origin, ..
    } = placed;
    if narrow {
        return vec![Cell::new(format!("  {name}\n  {strategy} ({origin})"))];
    }
    let names = [
        format!("  {name}"),
        strategy.to_string(),
        origin.to_string(),
    ];
    names.into_iter().map(Cell::new).collect()
}

fn figures(plan: &Plan, placed: &Placed, style: Style) -> [Cell; 5] {
    let at = placed.at_minimum;
    [
        Cell::new(placed.range(|figures| figures.replicas)),
        Cell::new(placed.range(|figures| figures.on_demand)),
        Cell::new(placed.range(|figures| figures.spot)),
        judged(survivors(placed), at.survivors.into(), style),
        Cell::new(cost(placed, plan.spot_price_ratio)),
    ]
}

fn totals(plan: &Plan, style: Style) -> String {
    let headings = ["strategy", "workloads"];
    let mut table = new(style, &[&headings[..], &FIGURES].concat(), 1);
    let strategies = plan
        .strategies
        .iter()
        .map(|(strategy, sum)| (strategy.name(), *sum));
    for (name, sum) in strategies.chain([("all", plan.at_minimum)]) {
        table.add_row([
            Cell::new(name),
            Cell::new(sum.workloads),
            Cell::new(sum.replicas),
            Cell::new(sum.on_demand),
            Cell::new(sum.spot),
            judged(sum_survivors(sum), sum.survivors, style),
            Cell::new(percent(sum.cost(plan.spot_price_ratio))),
        ]);
    }
    trimmed(&table)
}

fn left_alone(plan: &Plan, style: Style) -> Option<String> {
    plan.left_alone().next()?;
    let mut table = new(style, &["left alone", "", "why"], 3);
    for (row, _, why) in plan.left_alone() {
        let names = [namespace(&row.subject), kind_and_name(&row.subject)];
        table.add_row(names.into_iter().chain([visible(why).into_owned()]));
    }
    Some(trimmed(&table))
}

fn warnings(plan: &Plan, style: Style) -> Option<String> {
    let lines = plan.warnings.iter().map(|finding| {
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
    let lines: Vec<_> = lines.collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn summary(plan: &Plan, style: Style) -> String {
    let skipped = plan.skipped.iter().map(|file| visible(file));
    let skipped: Vec<_> = skipped.collect();
    let left_out = (!skipped.is_empty()).then(|| {
        format!(
            "Left out, because they are not manifests: {}",
            skipped.join(", ")
        )
    });
    let sentences = [headline(plan), footnote(plan), changes(plan)];
    let lines = sentences.into_iter().chain(left_out);
    let lines: Vec<_> = lines.map(|line| wrapped(&line, "", style.width)).collect();
    lines.join("\n")
}

/// Broken between words; what follows the first line is indented.
fn wrapped(text: &str, indent: &str, width: u16) -> String {
    let (mut out, mut column) = (String::new(), 0);
    for word in text.split(' ') {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > usize::from(width) {
            out.push('\n');
            out.push_str(indent);
            column = indent.len();
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
    }
    out
}

/// The table without blanks at the end of its lines.
fn trimmed(table: &Table) -> String {
    let lines: Vec<_> = table
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    lines.join("\n")
}
