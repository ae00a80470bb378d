//! What the function adds to what people run anyway: the first thing that they ask.

use std::fmt::Write as _;

use crate::case::{Build, Case, Contestant};
use crate::contest::{Entry, samples};
use crate::figures::{Spread, difference};
use crate::input::{Form, Settings};
use crate::kpt::{self, Eval, Function, Package};
use crate::process::Sample;
use crate::table::{count, figure};

/// What people run, how long it takes without the function, what that adds, and what the function takes
/// by itself, in milliseconds.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    what: String,
    without: Option<f64>,
    adds: f64,
    alone: Option<f64>,
}

/// The table; a row only where everything in it was measured.
pub fn table(entries: &[Entry], evals: &[Eval], deployments: usize) -> String {
    let mut table = String::from(
        "| | without it, ms | it adds, ms | of that the function itself, ms |\n| --- | ---: | ---: | ---: |\n",
    );
    let rows = build(entries)
        .into_iter()
        .chain(render(evals, deployments))
        .chain(job(entries));
    for row in rows {
        let cell = |milliseconds: Option<f64>| milliseconds.map_or_else(|| "-".to_owned(), figure);
        let (without, alone) = (cell(row.without), cell(row.alone));
        let adds = figure(row.adds);
        let _ = writeln!(table, "| {} | {without} | {adds} | {alone} |", row.what);
    }
    table
}

fn added(what: String, without: &[Sample], with: &[Sample], alone: &[Sample]) -> Option<Row> {
    Some(Row {
        what,
        without: Some(Spread::of_wall(without)?.median),
        adds: difference(with, without)?,
        alone: Spread::of_wall(alone).map(|wall| wall.median),
    })
}

/// A transformer of `kustomize build`: with what kustomize does to hand the objects over and to take
/// them back.
fn build(entries: &[Entry]) -> Vec<Row> {
    let row = |items, settings: Settings| {
        let case = Case {
            form: Form::Plain,
            count: items,
        };
        let of = |build| samples(entries, case, Contestant::Kustomize(build));
        let handed_over = Case {
            form: Form::Kustomize,
            ..case
        };
        let (items, settings_name) = (count(items), settings.name());
        added(
            format!("`kustomize build`, {items} objects, {settings_name}"),
            of(Build::Alone),
            of(Build::Function(settings)),
            samples(entries, handed_over, Contestant::Function(settings)),
        )
    };
    let all = [10, 1_000].into_iter();
    let all = all.flat_map(|items| [Settings::Defaults, Settings::Spread].map(|it| row(items, it)));
    all.flatten().collect()
}

/// A function of a kpt pipeline beside one that does nothing, on a package that was placed before.
fn render(evals: &[Eval], deployments: usize) -> Vec<Row> {
    let row = |settings: Settings| {
        let package = Package::Placed(settings);
        let of = |function| kpt::samples(evals, package, function);
        let (deployments, settings_name) = (count(deployments), settings.name());
        added(
            format!("`kpt fn eval`, {deployments} Deployments placed before, {settings_name}"),
            of(Function::Cat),
            of(Function::Ours(settings)),
            &[],
        )
    };
    let all = [Settings::Defaults, Settings::Spread].into_iter();
    all.filter_map(row).collect()
}

/// A step of a job.
fn job(entries: &[Entry]) -> Vec<Row> {
    let row = |command, form, items| {
        let samples = samples(
            entries,
            Case { form, count: items },
            Contestant::Command(command),
        );
        let items = count(items);
        let wall = Spread::of_wall(samples)?.median;
        Some(Row {
            what: format!("a CI job: `spot-distribution {command}`, {items} objects, defaults"),
            without: None,
            adds: wall,
            alone: Some(wall),
        })
    };
    let of = |items| {
        [
            row("check", Form::Plain, items),
            row("plan", Form::Plain, items),
            row("audit", Form::Snapshot, items),
        ]
    };
    [1_000, 10_000].into_iter().flat_map(of).flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contest::tests::measured;

    #[test]
    fn a_row_needs_both_sides() {
        let case = Case {
            form: Form::Plain,
            count: 10,
        };
        let build = |build, milliseconds: &[u64]| {
            measured(case, Contestant::Kustomize(build), milliseconds, 0)
        };
        let handed_over = Case {
            form: Form::Kustomize,
            ..case
        };
        let function = Contestant::Function(Settings::Defaults);
        let entries = [
            measured(handed_over, function, &[2], 0),
            build(Build::Alone, &[40, 60, 50]),
            build(Build::Function(Settings::Defaults), &[50, 90, 60]),
        ];
        let table = table(&entries, &[], 0);
        let rows: Vec<&str> = table.lines().skip(2).collect();
        assert_eq!(
            rows,
            ["| `kustomize build`, 10 objects, defaults | 50.0 | 10.0 | 2.00 |"]
        );
    }

    #[test]
    fn a_job_has_the_command_alone() {
        let case = Case {
            form: Form::Plain,
            count: 10_000,
        };
        let entries = [measured(case, Contestant::Command("check"), &[200], 0)];
        let table = table(&entries, &[], 0);
        let row =
            "| a CI job: `spot-distribution check`, 10,000 objects, defaults | - | 200 | 200 |\n";
        assert!(table.ends_with(row), "{table}");
    }
}
