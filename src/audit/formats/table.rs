//! The audit as a table for a terminal or a log.

use comfy_table::Cell;

use crate::audit::text::{
    headline, kind_and_name, loss, namespace, nodes, notes, promise, verdict,
};
use crate::audit::{Audit, Row};
use crate::report::Style;
use crate::report::table::{bold, judged, new, trimmed, wrapped};

const HEADINGS: [&str; 7] = [
    "workload",
    "promised",
    "on-demand",
    "spot",
    "elsewhere",
    "not ready",
    "holds",
];

/// The audit as text.
pub fn table(audit: &Audit, style: Style) -> String {
    let mut parts = Vec::new();
    if !audit.rows.is_empty() {
        parts.push(workloads(audit, style));
    }
    let sentences = [headline(audit), loss(audit), nodes(audit)];
    let lines = sentences.into_iter().chain(notes(audit));
    let lines = lines.map(|line| wrapped(&line, "", style.width));
    parts.push(lines.collect::<Vec<_>>().join("\n"));
    parts.join("\n\n") + "\n"
}

fn workloads(audit: &Audit, style: Style) -> String {
    let mut table = new(style, &HEADINGS, 2);
    let mut current = None;
    for row in &audit.rows {
        let namespace = namespace(&row.subject);
        if current.as_ref() != Some(&namespace) {
            table.add_row([bold(&namespace, style)]);
            current = Some(namespace);
        }
        table.add_row(cells(row, style));
    }
    trimmed(&table)
}

fn cells(row: &Row, style: Style) -> [Cell; 7] {
    let replicas = &row.replicas;
    let holds = verdict(row);
    [
        Cell::new(format!("  {}", kind_and_name(&row.subject))),
        Cell::new(promise(row)),
        Cell::new(replicas.on_demand),
        Cell::new(replicas.spot),
        Cell::new(replicas.elsewhere),
        Cell::new(replicas.not_ready),
        match row.holds() {
            Some(is_good) => judged(holds, is_good, style),
            None => Cell::new(holds),
        },
    ]
}
