//! StatefulSets of every size through the courses that try their floor hardest.

use std::fmt::Write as _;

use crate::approach::DEFAULTS;
use crate::courses::Course;
use crate::courses::interrupted::LAST;
use crate::record::Record;
use crate::workload::{AntiAffinity, Case, Kind};

/// What stands above the table.
pub const INTRODUCTION: &str = "\
Members ready on on-demand nodes at the lowest instant, for every size; F is a majority. While a rollout replaces one of \
the F it is F - 1, and never less; in the middle of its adoption only the members that have been replaced stand where \
they should. A StatefulSet whose F is R, of 1 or 2 members, is pinned.\n\n";

/// A column: its heading, and the step that it shows.
const COLUMNS: [(&str, Course, &str); 10] = [
    ("a rollout", Course::Life, "rollout"),
    ("spot lost", Course::Life, "all spot nodes lost"),
    ("in its own rollout", Course::Interrupted, LAST),
    (
        "in a scale-in",
        Course::Interrupted,
        "all spot lost in the middle of the scale-in",
    ),
    (
        "in an adoption",
        Course::AdoptionInterrupted,
        "all spot lost in the middle of an adoption",
    ),
    (
        "spot full, rollout",
        Course::SpotFull,
        "spot nodes full, rollout",
    ),
    (
        "policy gone, spot lost",
        Course::Policy,
        "the policy is gone, all spot nodes lost",
    ),
    ("volumes, spot lost", Course::Volumes, "all spot nodes lost"),
    (
        "soft anti-affinity, spot lost",
        Course::Apart,
        "all spot nodes lost",
    ),
    (
        "required anti-affinity, spot lost",
        Course::StrictlyApart,
        "all spot nodes lost",
    ),
];

/// The table.
pub fn table(records: &[&Record]) -> String {
    let ours = records.iter().filter(|record| {
        record.approach == DEFAULTS && record.case.kind == Kind::StatefulSet && record.counts()
    });
    let ours: Vec<&Record> = ours.copied().collect();
    let titles = COLUMNS.map(|(title, ..)| title);
    let mut text = format!(
        "| R | F | {} |\n| --: | --: |{}\n",
        titles.join(" | "),
        " --: |".repeat(titles.len())
    );
    for case in cases(&ours) {
        let _ = write!(text, "| {} | {}", case.replicas, case.floor);
        for (_, course, step) in COLUMNS {
            let cell = find(&ours, &case, course, step);
            let cell = cell.map_or("-".to_owned(), |record| record.minimum.to_string());
            let _ = write!(text, " | {cell}");
        }
        text += " |\n";
    }
    text
}

/// The sizes, each as it is without volumes and anti-affinity.
fn cases(records: &[&Record]) -> Vec<Case> {
    let mut cases: Vec<Case> = records
        .iter()
        .map(|record| plain(record.case))
        .filter(|case| case.base.is_none() && case.named.is_none())
        .collect();
    cases.sort_by_key(|case| case.replicas);
    cases.dedup();
    cases
}

fn plain(case: Case) -> Case {
    Case {
        volumes: false,
        anti_affinity: AntiAffinity::None,
        millicores: Case::stateful_set(1).millicores,
        ..case
    }
}

fn find<'a>(records: &[&'a Record], case: &Case, course: Course, step: &str) -> Option<&'a Record> {
    let layout = course.layout().name();
    let is_it = |record: &&&Record| {
        plain(record.case) == *case
            && record.course == course.name()
            && record.layout == layout
            && record.step == step
    };
    records.iter().find(is_it).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::tests::record;

    #[test]
    fn a_size_is_a_row() {
        let record = record();
        let table = table(&[&record]);
        let row = "| 5 | 3 | - | 3 | - | - | - | - | - | - | - | - |";
        assert!(table.contains(row), "{table}");
    }
}
