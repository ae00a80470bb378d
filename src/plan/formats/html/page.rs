//! The frame of the page: head, figures, legend, totals and diffs.

use std::fmt::Write as _;

use crate::plan::text::{changes, counted, footnote, headline, percent, sum_survivors};
use crate::plan::{FileDiff, Plan, Sum};

use super::{escaped, escaped_lines, rows};

const CSS: &str = include_str!("page.css");

/// The whole page.
pub fn page(plan: &Plan) -> String {
    let parts = [
        head(plan),
        rows::placed(plan),
        rows::left_alone(plan),
        rows::other_warnings(plan),
        totals(plan),
        skipped(plan),
        diffs(plan),
    ];
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Spot plan</title>\n<style>\n{CSS}</style>\n</head>\n<body>\n<main>\n{}</main>\n</body>\n</html>\n",
        parts.concat()
    )
}

fn head(plan: &Plan) -> String {
    let sum = plan.at_minimum;
    let mut out = format!(
        "<h1>Spot plan</h1>\n<p class=\"lead\">{} {}</p>\n",
        headline(plan),
        changes(plan)
    );
    if sum.workloads == 0 {
        return out;
    }
    let surviving = format!("{} of {}", sum.surviving_workloads, sum.workloads);
    let warnings = plan.warnings.len();
    let tiles = [
        (surviving, "workloads outlive all spot nodes".to_owned()),
        (
            percent(sum.spot_share()),
            "of replicas on spot nodes".to_owned(),
        ),
        (
            percent(sum.saving(plan.spot_price_ratio)),
            "saved against all on-demand".to_owned(),
        ),
        (warnings.to_string(), word(warnings, "warning")),
    ];
    out.push_str("<div class=\"tiles\">");
    for (figure, meaning) in tiles {
        let _ = write!(
            out,
            "<div class=\"tile\"><b>{figure}</b><span>{meaning}</span></div>"
        );
    }
    let _ = write!(
        out,
        "</div>\n{LEGEND}<p class=\"note\">{}</p>\n",
        footnote(plan)
    );
    out
}

fn word(number: usize, what: &str) -> String {
    let counted = counted(number as u64, what);
    counted
        .split_once(' ')
        .map_or_else(String::new, |(_, word)| word.to_owned())
}

const LEGEND: &str = "<ul class=\"legend\">\
<li><i class=\"hard\"></i>on-demand, guaranteed by the scheduler's filter</li>\
<li><i class=\"soft\"></i>on-demand, by preference</li>\
<li><i class=\"spot\"></i>spot</li>\
<li><i class=\"lost\"></i>lost with the spot nodes</li></ul>\n";

fn totals(plan: &Plan) -> String {
    if plan.strategies.is_empty() {
        return String::new();
    }
    let mut out =
        String::from("<section><h2>Totals by strategy</h2>\n<div class=\"scroll\"><table>\n<tr>");
    let headings = [
        "strategy",
        "workloads",
        "replicas",
        "on-demand",
        "spot",
        "survive",
        "cost",
    ];
    for heading in headings {
        let _ = write!(out, "<th scope=\"col\">{heading}</th>");
    }
    out.push_str("</tr>\n");
    for (strategy, sum) in &plan.strategies {
        total(&mut out, strategy.name(), *sum, plan.spot_price_ratio);
    }
    total(&mut out, "all", plan.at_minimum, plan.spot_price_ratio);
    out.push_str("</table></div></section>\n");
    out
}

fn total(out: &mut String, name: &str, sum: Sum, spot_price_ratio: f64) {
    let cells = [
        sum.workloads.to_string(),
        sum.replicas.to_string(),
        sum.on_demand.to_string(),
        sum.spot.to_string(),
        sum_survivors(sum),
        percent(sum.cost(spot_price_ratio)),
    ];
    let cells = cells.join("</td><td>");
    let _ = writeln!(
        out,
        "<tr><th scope=\"row\">{name}</th><td>{cells}</td></tr>"
    );
}

fn skipped(plan: &Plan) -> String {
    let files: Vec<_> = plan.skipped.iter().map(|file| escaped(file)).collect();
    if files.is_empty() {
        return String::new();
    }
    format!(
        "<p class=\"note\">Left out, because they are not manifests: {}</p>\n",
        files.join(", ")
    )
}

fn diffs(plan: &Plan) -> String {
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
