//! A table with a row for every event and a column for every approach.

use std::fmt::Write as _;

use crate::approach::Approach;
use crate::record::Record;

/// A column: what stands above it, and whose figures it shows.
pub struct Column {
    /// Its heading.
    pub title: &'static str,
    /// The approach.
    pub approach: Approach,
    /// The workload's name.
    pub case: &'static str,
}

/// A row: an event of a course.
pub struct Event {
    /// Other pages link to it.
    pub anchor: &'static str,
    /// What happens.
    pub title: &'static str,
    /// The course.
    pub course: &'static str,
    /// The step.
    pub step: &'static str,
}

/// The table of what `cell` says about every record. Events that nobody measured are left out.
pub fn table(
    first: &str,
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
        let _ = write!(text, "| <a id=\"{}\"></a>{}", event.anchor, event.title);
        for record in found {
            let _ = write!(text, " | {}", record.map_or("-".to_owned(), &cell));
        }
        text += " |\n";
    }
    text
}

/// The usual nodes.
const USUAL: &str = "3+6";

/// The record of an event for a column, on the usual nodes.
pub fn find<'a>(records: &[&'a Record], event: &Event, column: &Column) -> Option<&'a Record> {
    let is_it = |record: &&&Record| {
        record.layout == USUAL
            && record.course == event.course
            && record.step == event.step
            && record.approach == column.approach
            && record.case.name() == column.case
    };
    records.iter().find(is_it).copied()
}
