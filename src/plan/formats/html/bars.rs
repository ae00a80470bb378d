//! A workload's replicas as a bar: what stays on on-demand nodes, and what goes with the spot nodes.

use std::fmt::Write as _;

use crate::plan::{Figures, Maximum, Row};

/// The bar of a workload: at its replicas, and at an autoscaler's maximum as well.
pub fn bars(row: &Row) -> String {
    let at = row.at_minimum;
    match row.maximum {
        None => bar("", at),
        Some(Maximum::Unknown(_)) => bar("min", at),
        Some(Maximum::At(max)) => bar("min", at) + &bar("max", max),
    }
}

/// A part of a bar.
struct Part {
    class: &'static str,
    replicas: u32,
    meaning: &'static str,
}

fn bar(label: &str, at: Figures) -> String {
    let part = |class, replicas, meaning| Part {
        class,
        replicas,
        meaning,
    };
    let parts = [
        part("hard", at.survivors, "stay on on-demand nodes"),
        part("soft", at.soft(), "on on-demand nodes by preference"),
        part("anywhere", at.pending, "without an on-demand node"),
        part("anywhere", at.anywhere, "anywhere"),
        part("spot", at.spot, "on spot nodes, lost with them"),
    ];
    let parts = || parts.iter().filter(|part| part.replicas > 0);
    let words = parts().map(|part| format!("{} {}", part.replicas, part.meaning));
    let words = words.collect::<Vec<_>>().join(", ");
    let words = if words.is_empty() {
        "no replicas"
    } else {
        &words
    };
    let mut out = String::from("<div class=\"line\">");
    if !label.is_empty() {
        let _ = write!(out, "<span class=\"when\">{label}</span>");
    }
    let _ = write!(
        out,
        "<span class=\"bar\" role=\"img\" aria-label=\"{words}\" title=\"{words}\">"
    );
    for Part {
        class, replicas, ..
    } in parts()
    {
        let _ = write!(
            out,
            "<span class=\"{class}\" style=\"flex-grow:{replicas}\">{replicas}</span>"
        );
    }
    out.push_str("</span></div>");
    out
}
