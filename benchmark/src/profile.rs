//! Where the instructions go: those of each phase of a run, on every thread.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Result, ensure};

use crate::case::Case;
use crate::input::{Form, Settings};
use crate::instructions::{self, Count};
use crate::table;
use crate::tools::Tools;

/// The phases in their order, by the names that `phases` knows, and what they do.
const PHASES: [(&str, &str); 6] = [
    ("read", "start, and reading the list"),
    ("scan", "scan: text to nodes"),
    (
        "facts",
        "facts: policy and workloads, and what else concerns these",
    ),
    ("decide", "decide: the placement of each workload"),
    ("drafts", "drafts: findings and edits"),
    ("write", "write: edits to text"),
];

/// The phases of the function over one list.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// What is asked for.
    pub settings: Settings,
    /// The instructions of each phase, in millions.
    pub phases: Vec<f64>,
    /// Those of the whole function, in millions.
    pub all: f64,
}

/// Counts the phases over those lists in `counts` that are as people write them; nothing where another
/// build of the function is measured.
pub fn run(tools: &Tools, counts: &[Count]) -> Result<Vec<Profile>> {
    let Some(program) = &tools.phases else {
        eprintln!("benchmark: left out the phases: the function that is measured is another build");
        return Ok(Vec::new());
    };
    let is_meant =
        |count: &&Count| count.case.form == Form::Plain && Settings::MAIN.contains(&count.settings);
    let counts = counts.iter().filter(is_meant);
    counts.map(|count| of(tools, program, count)).collect()
}

fn of(tools: &Tools, program: &Path, count: &Count) -> Result<Profile> {
    let list = tools.list(count.case, count.settings)?;
    let until = |phase| instructions::count(tools, program, &[phase], &list);
    let ends = PHASES.map(|(phase, _)| until(phase));
    let ends = ends.into_iter().collect::<Result<Vec<f64>>>()?;
    let phases = differences(&ends);
    ensure!(
        phases.iter().all(|&phase| phase > 0.0),
        "a phase takes no instructions: {phases:?}"
    );
    Ok(Profile {
        settings: count.settings,
        phases,
        all: count.millions,
    })
}

fn differences(ends: &[f64]) -> Vec<f64> {
    let before = std::iter::once(0.0).chain(ends.iter().copied());
    ends.iter()
        .zip(before)
        .map(|(end, start)| end - start)
        .collect()
}

/// The list that was counted, and the table.
pub fn text(profiles: &[Profile], case: Case) -> String {
    let columns = profiles.iter().map(|profile| profile.settings.name());
    let mut text = format!(
        "Millions of instructions for {} items, {}, on every thread.\n\n| phase |",
        table::count(case.count),
        case.form.name()
    );
    for name in columns {
        let _ = write!(text, " {name} | share |");
    }
    text += "\n| --- |";
    text += &" ---: | ---: |".repeat(profiles.len());
    text.push('\n');
    for (index, (_, what)) in PHASES.iter().enumerate() {
        row(&mut text, what, profiles, |profile| profile.phases[index]);
    }
    let rest = "results, messages, and giving memory back";
    row(&mut text, rest, profiles, |profile| {
        profile.all - profile.phases.iter().sum::<f64>()
    });
    row(&mut text, "all", profiles, |profile| profile.all);
    text
}

fn row(text: &mut String, what: &str, profiles: &[Profile], of: impl Fn(&Profile) -> f64) {
    let _ = write!(text, "| {what} |");
    for profile in profiles {
        let millions = of(profile);
        let share = millions / profile.all * 100.0;
        let _ = write!(text, " {} | {share:.0} % |", table::figure(millions));
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phase_is_what_two_ends_differ_by() {
        assert_eq!(differences(&[1.0, 4.0, 4.5]), [1.0, 3.0, 0.5]);
    }

    #[test]
    fn the_rest_is_what_no_phase_has() {
        let profile = Profile {
            settings: Settings::Spread,
            phases: vec![1.0, 30.0, 20.0, 5.0, 30.0, 4.0],
            all: 100.0,
        };
        let case = Case {
            form: Form::Plain,
            count: 1_000,
        };
        let text = text(&[profile], case);
        assert!(
            text.contains("| scan: text to nodes | 30.0 | 30 % |\n"),
            "{text}"
        );
        assert!(text.contains("memory back | 10.0 | 10 % |\n"), "{text}");
        assert!(text.ends_with("| all | 100 | 100 % |\n"), "{text}");
    }
}
