//! The audit as markdown: first what does not hold, then the rest folded.

use crate::audit::text::{
    headline, kind_and_name, loss, namespace, nodes, notes, promise, verdict,
};
use crate::audit::{Audit, Row};
use crate::report::markdown::{code, details, escaped, table};

/// The audit as markdown, of the kind that GitHub and GitLab read.
pub fn markdown(audit: &Audit) -> String {
    let mut blocks = vec![
        "## Spot audit".to_owned(),
        format!("**{}**", escaped(&headline(audit))),
        escaped(&loss(audit)),
        escaped(&nodes(audit)),
    ];
    let broken: Vec<_> = audit.broken().collect();
    if !broken.is_empty() {
        blocks.push(format!("### Floors that do not hold\n\n{}", rows(&broken)));
    }
    let others: Vec<_> = audit
        .rows
        .iter()
        .filter(|row| row.holds() != Some(false))
        .collect();
    if !others.is_empty() {
        let summary = format!("Other workloads: {}", others.len());
        blocks.push(details(&summary, &rows(&others)));
    }
    let notes: Vec<_> = notes(audit)
        .iter()
        .map(|note| format!("* {}", escaped(note)))
        .collect();
    if !notes.is_empty() {
        blocks.push(notes.join("\n"));
    }
    blocks.join("\n\n") + "\n"
}

fn rows(rows: &[&Row]) -> String {
    let headings = [
        "workload",
        "promised",
        "on-demand",
        "spot",
        "elsewhere",
        "not ready",
        "holds",
    ];
    let lines = rows.iter().map(|row| {
        let replicas = &row.replicas;
        let name = format!(
            "{} {}",
            namespace(&row.subject),
            kind_and_name(&row.subject)
        );
        vec![
            code(&name),
            promise(row),
            replicas.on_demand.to_string(),
            replicas.spot.to_string(),
            replicas.elsewhere.to_string(),
            replicas.not_ready.to_string(),
            verdict(row),
        ]
    });
    table(&headings, 2, lines)
}
