//! Sentences that every form of the audit shares.

use crate::findings::ObjectRef;
use crate::report::text::{amounts, counted, listed, shortened, verb, visible};

use super::{Audit, Row};

/// The namespace, `-` where the object names none.
pub fn namespace(subject: &ObjectRef) -> String {
    visible(subject.namespace.as_deref().unwrap_or("-"))
}

/// `Kind/name`
pub fn kind_and_name(subject: &ObjectRef) -> String {
    visible(&format!("{}/{}", subject.kind, subject.name))
}

/// What is promised: `floor 2`, `spot`, `-` where the workload carries no mark.
pub fn promise(row: &Row) -> String {
    match row.promise {
        None => "-".to_owned(),
        Some(promise) if promise.floor == 0 => promise.strategy.to_string(),
        Some(promise) => format!("{} {}", promise.strategy, promise.floor),
    }
}

/// Whether it holds: `yes`, `no, 1 missing`, `-` where nothing is promised.
pub fn verdict(row: &Row) -> String {
    match (row.holds(), row.promise) {
        (None, _) | (_, None) => "-".to_owned(),
        (Some(true), _) if row.rests_on_one_node() => "yes, on one node".to_owned(),
        (Some(true), _) => "yes".to_owned(),
        (Some(false), Some(promise)) => {
            format!(
                "no, {} missing",
                promise.floor.saturating_sub(row.replicas.on_demand)
            )
        }
    }
}

/// Whether the floors hold, in one sentence or two.
pub fn headline(audit: &Audit) -> String {
    let (hold, all) = audit.floors();
    let first = match all {
        0 => "No workload promises a floor.".to_owned(),
        1 => format!("{hold} of 1 promised floor holds."),
        _ => format!(
            "{hold} of {all} promised floors {}.",
            verb(hold as u64, "holds", "hold")
        ),
    };
    let lost = audit.rows.iter().filter(|row| row.would_be_lost()).count() as u64;
    if lost == 0 {
        return first;
    }
    format!(
        "{first} {} {} ready replicas on spot nodes only.",
        counted(lost, "workload"),
        verb(lost, "has", "have")
    )
}

/// The nodes.
pub fn nodes(audit: &Audit) -> String {
    let nodes = &audit.nodes;
    format!(
        "{} in {}, {}; free on on-demand nodes: {}, {}.",
        counted(nodes.on_demand, "on-demand node"),
        counted(nodes.on_demand_zones, "zone"),
        counted(nodes.spot, "spot node"),
        amounts(&audit.loss.free),
        counted(audit.loss.free.of("pods"), "pod"),
    )
}

/// What would have to move, and whether it fits.
pub fn loss(audit: &Audit) -> String {
    let loss = &audit.loss;
    if loss.pods == 0 {
        return "No pod would have to move if every spot node went now.".to_owned();
    }
    let moved = format!(
        "If every spot node went now, {} with {} would have to move",
        counted(loss.pods, "pod"),
        amounts(&loss.requests)
    );
    if loss.stranded.is_empty() {
        let fit = verb(loss.pods, "it fits", "all of them fit");
        return format!("{moved}; by an estimate {fit}.");
    }
    let stranded = loss.stranded.iter().map(|stranded| {
        let why = if stranded.is_kept_away {
            ", which no on-demand node admits"
        } else {
            ""
        };
        format!(
            "{} of {} of {}{why}",
            stranded.pods,
            stranded.of,
            visible(&stranded.workload)
        )
    });
    let left = loss.pods - loss.fits;
    format!(
        "{moved}; by an estimate {} {} and {left} {} not: {}.",
        loss.fits,
        verb(loss.fits, "fits", "fit"),
        verb(left, "does", "do"),
        shortened(&stranded.collect::<Vec<_>>())
    )
}

/// What else there is to say, a sentence for each.
pub fn notes(audit: &Audit) -> Vec<String> {
    let mut notes = Vec::new();
    let unknown = &audit.nodes.unknown;
    if !unknown.is_empty() {
        let names: Vec<_> = unknown.iter().map(|name| visible(name)).collect();
        notes.push(format!(
            "The labels of {} do not tell the capacity type, so pods there count as elsewhere: {}.",
            counted(unknown.len() as u64, "node"),
            shortened(&names)
        ));
    }
    let kinds = audit
        .others
        .iter()
        .map(|(kind, pods)| format!("{} of {kind}", counted(*pods, "pod")));
    let kinds: Vec<_> = kinds.map(|kind| visible(&kind)).collect();
    if !kinds.is_empty() {
        notes.push(format!("Not placed: {}.", listed(&kinds)));
    }
    notes
}
