//! The audit as one HTML page that needs neither network nor script.

use crate::audit::text::{
    headline, kind_and_name, loss, namespace, nodes, notes, promise, verdict,
};
use crate::audit::{Audit, Row};
use crate::report::html::{escaped, page, table, tiles};
use crate::report::text::counted;

/// With more workloads than this, those whose floor holds are folded.
const FOLDED: usize = 60;

/// The audit as a page.
pub fn html(audit: &Audit) -> String {
    let parts = [
        head(audit),
        broken(audit),
        others(audit),
        list(&notes(audit)),
    ];
    page("Spot audit", &parts.concat())
}

fn head(audit: &Audit) -> String {
    let (hold, all) = audit.floors();
    let (fits, pods) = (audit.loss.fits, audit.loss.pods);
    let paragraphs = [headline(audit), loss(audit), nodes(audit)];
    let paragraphs = paragraphs.map(|text| format!("<p class=\"lead\">{}</p>\n", escaped(&text)));
    let tiles = tiles([
        (format!("{hold} of {all}"), "promised floors hold"),
        (
            format!("{fits} of {pods}"),
            "pods on spot nodes would fit on on-demand nodes",
        ),
        (audit.nodes.on_demand.to_string(), "on-demand nodes"),
        (audit.nodes.spot.to_string(), "spot nodes"),
    ]);
    format!("<h1>Spot audit</h1>\n{}{tiles}", paragraphs.concat())
}

fn broken(audit: &Audit) -> String {
    let rows: Vec<_> = audit.broken().collect();
    if rows.is_empty() {
        return String::new();
    }
    format!(
        "<section><h2>Floors that do not hold</h2>\n{}</section>\n",
        workloads(&rows)
    )
}

fn others(audit: &Audit) -> String {
    let rows: Vec<_> = audit
        .rows
        .iter()
        .filter(|row| row.holds() != Some(false))
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    let table = workloads(&rows);
    if rows.len() > FOLDED {
        let count = counted(rows.len() as u64, "workload");
        return format!(
            "<details class=\"group\"><summary><b>Others</b> <span class=\"by\">{count}</span></summary>\n{table}</details>\n"
        );
    }
    let heading = if rows.len() == audit.rows.len() {
        "Workloads"
    } else {
        "Other workloads"
    };
    format!("<section><h2>{heading}</h2>\n{table}</section>\n")
}

fn workloads(rows: &[&Row]) -> String {
    // The verdict comes first: a narrow screen shows the first columns.
    let headings = [
        "workload",
        "holds",
        "promised",
        "on-demand",
        "spot",
        "elsewhere",
        "not ready",
    ];
    let lines = rows.iter().map(|row| {
        let replicas = &row.replicas;
        let name = format!(
            "<span class=\"by\">{}</span><br>{}",
            escaped(&namespace(&row.subject)),
            escaped(&kind_and_name(&row.subject))
        );
        let class = if row.holds() == Some(false) {
            " class=\"bad\""
        } else {
            ""
        };
        vec![
            name,
            format!("<span{class}>{}</span>", escaped(&verdict(row))),
            escaped(&promise(row)),
            replicas.on_demand.to_string(),
            replicas.spot.to_string(),
            replicas.elsewhere.to_string(),
            replicas.not_ready.to_string(),
        ]
    });
    table(&headings, lines)
}

fn list(notes: &[String]) -> String {
    let notes: Vec<_> = notes
        .iter()
        .map(|note| format!("<li>{}</li>", escaped(note)))
        .collect();
    if notes.is_empty() {
        return String::new();
    }
    format!("<ul class=\"notes\">{}</ul>\n", notes.concat())
}
