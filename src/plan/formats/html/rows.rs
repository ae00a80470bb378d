//! The workloads of the page: those that are placed, and those that are left alone.

use std::fmt::Write as _;

use crate::findings::Finding;
use crate::plan::text::{about, cost, namespace};
use crate::plan::{Placed, Plan, Row};

use super::bars::bars;
use super::escaped;

/// The workloads that are placed, by namespace.
pub fn placed(plan: &Plan) -> String {
    let mut out = String::new();
    let mut current = None;
    for (row, placed) in plan.placed() {
        let namespace = namespace(&row.subject);
        if current.as_ref() != Some(&namespace) {
            if current.is_some() {
                out.push_str("</section>\n");
            }
            let heading = match namespace.as_str() {
                "-" => "No namespace given".to_owned(),
                named => format!("Namespace {}", escaped(named)),
            };
            let _ = writeln!(out, "<section><h2>{heading}</h2>");
            current = Some(namespace);
        }
        out.push_str(&workload(plan, row, placed));
    }
    if current.is_some() {
        out.push_str("</section>\n");
    }
    out
}

fn workload(plan: &Plan, row: &Row, placed: &Placed) -> String {
    let Placed {
        strategy, origin, ..
    } = placed;
    let change = if row.changes {
        "<span class=\"chip change\">changes</span>"
    } else {
        ""
    };
    let cost = cost(placed, plan.spot_price_ratio);
    format!(
        "<article class=\"workload\">\n<div class=\"who\">{}\
         <p><span class=\"chip\">{strategy}</span> <span class=\"by\">{origin}</span> {change}</p>\
         <p class=\"cost\">cost {cost} of all on-demand</p></div>\n\
         <div class=\"bars\">\n{}</div>\n{}</article>\n",
        name(row),
        bars(placed),
        warnings(plan, row)
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
    let lines = found.map(|finding| {
        let other = finding.subject.as_ref() != Some(&row.subject);
        warning(finding, other)
    });
    let lines: String = lines.collect();
    if lines.is_empty() {
        return lines;
    }
    format!("<ul class=\"warnings\">{lines}</ul>\n")
}

/// A warning as an item of a list; with the object that it is about, where that is not clear.
fn warning(finding: &Finding, with_object: bool) -> String {
    let object = match about(finding) {
        object if with_object && !object.is_empty() => format!(" {}", escaped(&object)),
        _ => String::new(),
    };
    format!(
        "<li><strong>{}</strong>{object}: {}</li>",
        finding.code,
        escaped(&finding.message)
    )
}

/// The warnings that stand with no workload.
pub fn other_warnings(plan: &Plan) -> String {
    let shown: std::collections::BTreeSet<_> =
        plan.rows.iter().flat_map(|row| &row.warnings).collect();
    let rest = plan.warnings.iter().enumerate();
    let rest = rest.filter(|(index, _)| !shown.contains(index));
    let lines: String = rest.map(|(_, finding)| warning(finding, true)).collect();
    if lines.is_empty() {
        return lines;
    }
    format!("<section><h2>Other warnings</h2><ul class=\"warnings\">{lines}</ul></section>\n")
}

/// The workloads that are left alone, with the reason.
pub fn left_alone(plan: &Plan) -> String {
    let mut out = String::new();
    for (row, _, why) in plan.left_alone() {
        let namespace = escaped(&namespace(&row.subject));
        let _ = writeln!(
            out,
            "<article class=\"left\"><div class=\"who\">{}<p class=\"file\">{namespace}</p></div>\
             <p>{}</p>{}</article>",
            name(row),
            escaped(why),
            warnings(plan, row)
        );
    }
    if out.is_empty() {
        return out;
    }
    format!("<section><h2>Left alone</h2>\n{out}</section>\n")
}
