//! The workloads of the page: those that are placed, and those that are left alone.

use std::fmt::Write as _;

use crate::findings::Finding;
use crate::plan::text::{about, cost, gaps, namespace, shares, strategy, survivors};
use crate::plan::{Plan, Row};
use crate::report::html::escaped;
use crate::report::text::{amounts, cores, counted, gib};

use super::bars::bars;

/// With more workloads than this, namespaces are folded.
const FOLDED: usize = 60;

/// The workloads that are placed, by namespace.
pub fn placed(plan: &Plan) -> String {
    let mut groups: Vec<(String, Vec<&Row>)> = Vec::new();
    for row in plan.placed() {
        let namespace = namespace(&row.subject);
        match groups.last_mut() {
            Some((current, rows)) if *current == namespace => rows.push(row),
            _ => groups.push((namespace, vec![row])),
        }
    }
    let is_folded = plan.rows.len() > FOLDED;
    let groups = groups.iter();
    groups
        .map(|(namespace, rows)| group(plan, namespace, rows, is_folded))
        .collect()
}

fn group(plan: &Plan, namespace: &str, rows: &[&Row], is_folded: bool) -> String {
    let heading = match namespace {
        "-" => "No namespace given".to_owned(),
        named => format!("Namespace {}", escaped(named)),
    };
    let workloads: String = rows.iter().map(|row| workload(plan, row)).collect();
    if !is_folded {
        return format!("<section><h2>{heading}</h2>\n{workloads}</section>\n");
    }
    let changes = rows.iter().filter(|row| row.changes).count();
    let warned = rows.iter().filter(|row| !row.warnings.is_empty()).count();
    let count = counted(rows.len() as u64, "workload");
    format!(
        "<details class=\"group\"><summary><b>{heading}</b> <span class=\"by\">{count}, {changes} \
         with changes, {warned} with warnings</span></summary>\n{workloads}</details>\n"
    )
}

fn workload(plan: &Plan, row: &Row) -> String {
    let (strategy, origin) = strategy(row);
    let change = if row.changes {
        " <span class=\"chip change\">changes</span>"
    } else {
        ""
    };
    format!(
        "<article class=\"workload\">\n<div class=\"who\">{}\
         <p><span class=\"chip\">{strategy}</span> <span class=\"by\">{origin}</span>{change}</p></div>\n\
         <div class=\"bars\">{}</div>\n<p class=\"facts\">{}</p>\n{}</article>\n",
        name(row),
        bars(row),
        facts(plan, row),
        warnings(plan, row)
    )
}

/// What it needs and what it costs.
fn facts(plan: &Plan, row: &Row) -> String {
    let cost = cost(row, plan.weights.spot_price_ratio);
    let share = shares(row)
        .map(|shares| format!(" ({shares})"))
        .unwrap_or_default();
    let survivors = survivors(row);
    let verb = if survivors == "1" {
        "survives"
    } else {
        "survive"
    };
    let survive = format!("<b>{survivors}</b> {verb}{share}");
    if !row.requests.is_known() {
        return format!(
            "{survive}<br>room unknown, {}<br>cost {cost}",
            escaped(&gaps(row))
        );
    }
    let room = row.room(row.at_minimum);
    let (ordinary, worst) = (&room.ordinary.amounts, &room.worst.amounts);
    format!(
        "{survive}<br>room {} to {} cores, {} to {} GiB<br>{} each, cost {cost}",
        cores(ordinary.cpu()),
        cores(worst.cpu()),
        gib(ordinary.memory()),
        gib(worst.memory()),
        escaped(&amounts(&row.requests.amounts))
    )
}

fn name(row: &Row) -> String {
    let subject = &row.subject;
    let file = subject.file.as_deref().map_or_else(String::new, |file| {
        format!("<p class=\"file\">{}</p>", escaped(file))
    });
    format!(
        "<h3><span class=\"kind\">{}/</span>{}</h3>{file}",
        escaped(&subject.kind),
        escaped(&subject.name)
    )
}

fn warnings(plan: &Plan, row: &Row) -> String {
    let found = row
        .warnings
        .iter()
        .filter_map(|&index| plan.warnings.get(index));
    let lines: String = found.map(|finding| line(finding, "")).collect();
    listed(&lines)
}

fn listed(lines: &str) -> String {
    if lines.is_empty() {
        return String::new();
    }
    format!("<ul class=\"warnings\">{lines}</ul>\n")
}

fn line(finding: &Finding, about: &str) -> String {
    format!(
        "<li><strong>{}</strong>{about}: {}</li>",
        finding.code,
        escaped(&finding.message)
    )
}

/// The workloads that are left alone, and why.
pub fn left_alone(plan: &Plan) -> String {
    let mut out = String::new();
    let mut count = 0;
    for (row, _, why) in plan.left_alone() {
        count += 1;
        let _ = write!(
            out,
            "<article class=\"left\">\n<div class=\"who\">{}<p class=\"by\">{}</p></div>\n\
             <p>{}</p>\n{}{}</article>\n",
            name(row),
            escaped(&namespace(&row.subject)),
            escaped(why),
            if row.at_minimum.running() > 0 {
                format!("<div class=\"bars\">{}</div>\n", bars(row))
            } else {
                String::new()
            },
            warnings(plan, row)
        );
    }
    match count {
        0 => String::new(),
        _ if plan.rows.len() > FOLDED => format!(
            "<details class=\"group\"><summary><b>Left alone</b> <span class=\"by\">{}</span></summary>\n{out}</details>\n",
            counted(count, "workload")
        ),
        _ => format!("<section><h2>Left alone</h2>\n{out}</section>\n"),
    }
}

/// The warnings that stand with no workload.
pub fn other_warnings(plan: &Plan) -> String {
    let shown = |index: usize| plan.rows.iter().any(|row| row.warnings.contains(&index));
    let others = plan
        .warnings
        .iter()
        .enumerate()
        .filter(|(index, _)| !shown(*index));
    let lines = others.map(|(_, finding)| {
        let about = match about(finding) {
            about if about.is_empty() => String::new(),
            about => format!(" {}", escaped(&about)),
        };
        line(finding, &about)
    });
    let lines: String = lines.collect();
    if lines.is_empty() {
        return String::new();
    }
    format!(
        "<section><h2>Other warnings</h2>\n{}</section>\n",
        listed(&lines)
    )
}
