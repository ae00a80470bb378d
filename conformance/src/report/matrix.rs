//! A table with a row for every event and a column for every approach.

use std::fmt::Write as _;

use crate::approach::Approach;
use crate::record::Record;

/// The usual nodes.
pub const USUAL: &str = "3+6";

/// A column: what stands above it, and whose figures it shows.
pub struct Column {
    /// Its heading.
    pub title: &'static str,
    /// The approach.
    pub approach: Approach,
    /// The workload's name.
    pub case: &'static str,
    /// The nodes.
    pub layout: &'static str,
}

/// A row: an event of a course.
pub struct Event {
    /// What other pages link to ends in this.
    pub anchor: &'static str,
    /// What happens.
    pub title: &'static str,
    /// The course.
    pub course: &'static str,
    /// The step.
    pub step: &'static str,
}

/// The table of what `cell` says about every record. Events that nobody measured are left out. The heading of its first
/// column is `first`, and its anchors begin with `prefix`, as they are unique on a page.
pub fn table(
    (first, prefix): (&str, &str),
    records: &[&Record],
    events: &[Event],
    columns: &[Column],
    cell: impl Fn(&Record) -> String,
) -> String {
    let titles: Vec<&str> = columns.iter().map(|column| column.title).collect();
    let mut text = format!(
        "| {first} | {} |\n| --- |{}\n",
        titles.join(" | "),
        " --: |".repeat(columns.len())
    );
    for event in events {
        let found = columns.iter().map(|column| find(records, event, column));
        let found: Vec<Option<&Record>> = found.collect();
        if found.iter().all(Option::is_none) {
            continue;
        }
        let _ = write!(
            text,
            "| <a id=\"{prefix}{}\"></a>{}",
            event.anchor, event.title
        );
        for record in found {
            let _ = write!(text, " | {}", record.map_or("-".to_owned(), &cell));
        }
        text += " |\n";
    }
    text
}

/// The record of an event for a column.
pub fn find<'a>(records: &[&'a Record], event: &Event, column: &Column) -> Option<&'a Record> {
    let is_it = |record: &&&Record| {
        record.layout == column.layout
            && record.course == event.course
            && record.step == event.step
            && record.approach == column.approach
            && record.case.name() == column.case
    };
    records.iter().find(is_it).copied()
}
