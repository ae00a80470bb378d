//! Tables in Markdown, for the terminal and for the page.

use std::fmt::Write as _;

use crate::case::{Build, Case, Contestant};
use crate::contest::{Entry, samples};
use crate::figures::{Spread, bytes, ratio};
use crate::goals::{Bound, Goal};
use crate::kpt::{Eval, Function, Package, samples as of_eval};

/// What was measured over one list.
pub fn contest(entries: &[Entry], case: Case) -> String {
    let mut table = String::from(
        "| | time, ms | least to most | times `cat` | CPU, ms | times `cat` | peak memory, MB | times the input |\n\
         | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n",
    );
    for entry in entries.iter().filter(|entry| entry.case == case) {
        let _ = writeln!(table, "{}", row(entries, entry).unwrap_or_default());
    }
    table
}

fn row(entries: &[Entry], entry: &Entry) -> Option<String> {
    let wall = Spread::of_wall(&entry.samples)?;
    let cpu = Spread::of_cpu(&entry.samples)?.median;
    let peak = Spread::of_peak(&entry.samples)?.median;
    let cat = samples(
        entries,
        entry.case,
        Contestant::Cat(entry.contestant.settings()),
    );
    // What a program needs to be there at all weighs more than a small input.
    let times_input = match entry.input {
        0..1_000_000 => "-".to_owned(),
        size => format!("{:.1}", peak / bytes(size)),
    };
    Some(format!(
        "| {} | {} | {} to {} | {:.1} | {} | {:.1} | {:.1} | {times_input} |",
        contestant(entry.contestant),
        figure(wall.median),
        figure(wall.min),
        figure(wall.max),
        ratio(&entry.samples, cat)?,
        figure(cpu),
        cpu / Spread::of_cpu(cat)?.median,
        peak / 1e6,
    ))
}

fn contestant(contestant: Contestant) -> String {
    let name = contestant.settings().name();
    match contestant {
        Contestant::Cat(_) => format!("`cat` of the output ({name})"),
        Contestant::Function(_) => format!("**spot-distribution**, {name}"),
        Contestant::RoundTrip => "serde_yaml, read and printed".to_owned(),
        Contestant::Kyaml => format!("a kyaml function in Go, {name}"),
        Contestant::Yq => format!("`yq`, {name}"),
        Contestant::Kustomize(Build::Alone) => "`kustomize build` of the objects".to_owned(),
        Contestant::Kustomize(Build::Patches) => {
            format!("`kustomize build` with a patch for each workload, {name}")
        }
        Contestant::Kustomize(Build::Function(_)) => {
            format!("`kustomize build` with **spot-distribution**, {name}")
        }
        Contestant::Command(command) => format!("**spot-distribution** `{command}`, {name}"),
    }
}

/// What was measured with kpt.
pub fn kpt(evals: &[Eval]) -> String {
    let mut table = String::from(
        "| package | function | time, ms | least to most | more than `cat` over the same package |\n\
         | --- | --- | ---: | ---: | ---: |\n",
    );
    for eval in evals {
        let cat = of_eval(evals, eval.package, Function::Cat);
        let (Some(wall), Some(ratio)) = (Spread::of_wall(&eval.samples), ratio(&eval.samples, cat))
        else {
            continue;
        };
        let package = match eval.package {
            Package::Fresh => "as people wrote it".to_owned(),
            Package::Placed(settings) => format!("placed, {}", settings.name()),
        };
        let function = match eval.function {
            Function::Cat => "`cat`".to_owned(),
            Function::Answer(settings) => format!("the same answer at once, {}", settings.name()),
            Function::Ours(settings) => format!("**spot-distribution**, {}", settings.name()),
        };
        let _ = writeln!(
            table,
            "| {package} | {function} | {} | {} to {} | {:+.1} % |",
            figure(wall.median),
            figure(wall.min),
            figure(wall.max),
            (ratio - 1.0) * 100.0,
        );
    }
    table
}

/// The goals.
pub fn goals(goals: &[Goal]) -> String {
    let mut table = String::from("| | goal | measured | |\n| --- | --- | ---: | --- |\n");
    for goal in goals {
        let bound = match goal.bound {
            Bound::AtMost(bound, unit) => format!("at most {bound} {unit}"),
            Bound::AtLeast(bound, unit) => format!("at least {bound} {unit}"),
        };
        let verdict = if goal.is_met() { "met" } else { "**missed**" };
        let _ = writeln!(
            table,
            "| {} | {bound} | {} | {verdict} |",
            goal.what,
            figure(goal.measured)
        );
    }
    table
}

/// Three digits that say something.
pub fn figure(value: f64) -> String {
    match value.abs() {
        0.0..10.0 => format!("{value:.2}"),
        10.0..100.0 => format!("{value:.1}"),
        100.0..10_000.0 => format!("{value:.0}"),
        _ => count_of(value),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "milliseconds"
)]
fn count_of(value: f64) -> String {
    count(value.round() as usize)
}

/// A number with commas.
pub fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contest::tests::measured;
    use crate::input::{Form, Settings};

    #[test]
    fn a_list_has_a_row_for_each_contestant() {
        let case = Case {
            form: Form::Kpt,
            count: 10_000,
        };
        let other = Case { count: 10, ..case };
        let spread = Settings::Spread;
        let entries = [
            measured(case, Contestant::Cat(spread), &[10, 30, 20], 3_000_000),
            measured(
                case,
                Contestant::Function(spread),
                &[40, 90, 50],
                25_000_000,
            ),
            measured(other, Contestant::Cat(spread), &[1], 3_000_000),
        ];
        let table = contest(&entries, case);
        let cells = |row: &str| row.matches('|').count();
        assert!(table.lines().all(|row| cells(row) == 9), "{table}");
        let rows: Vec<&str> = table.lines().skip(2).collect();
        assert_eq!(
            rows,
            [
                "| `cat` of the output (`spread` for all) | 20.0 | 10.0 to 30.0 | 1.0 | 20.0 | 1.0 | 3.0 | 0.3 |",
                "| **spot-distribution**, `spread` for all | 50.0 | 40.0 to 90.0 | 3.0 | 50.0 | 2.5 | 25.0 | 2.5 |"
            ]
        );
    }

    #[test]
    fn figures_have_three_digits() {
        let figures = [1.234, 12.34, 123.4, 1234.5, 12345.6];
        let texts = figures.map(figure);
        assert_eq!(texts, ["1.23", "12.3", "123", "1234", "12,346"]);
        assert_eq!(
            [1, 1_000, 1_234_567].map(count),
            ["1", "1,000", "1,234,567"]
        );
    }

    #[test]
    fn a_missed_goal_is_seen() {
        let goal = |measured| Goal {
            what: "time".to_owned(),
            bound: Bound::AtMost(4.0, "times `cat`"),
            measured,
        };
        let table = goals(&[goal(3.0), goal(5.0)]);
        let rows: Vec<&str> = table.lines().skip(2).collect();
        assert_eq!(
            rows,
            [
                "| time | at most 4 times `cat` | 3.00 | met |",
                "| time | at most 4 times `cat` | 5.00 | **missed** |"
            ]
        );
    }
}
