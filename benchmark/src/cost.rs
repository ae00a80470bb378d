//! What the function adds to what people run anyway: the first thing that they ask.

use std::fmt::Write as _;

use crate::contest::{Case, Contestant, Entry, samples};
use crate::figures::Spread;
use crate::goals::name;
use crate::input::{Form, Settings};
use crate::kpt::{self, Eval, Function, Package};
use crate::table::figure;

/// The table; a row only where everything in it was measured.
pub fn table(entries: &[Entry], evals: &[Eval]) -> String {
    let mut table = String::from("| | without, ms | it adds, ms |\n| --- | ---: | ---: |\n");
    let rows = build(entries)
        .into_iter()
        .chain(render(evals))
        .chain(job(entries));
    for (what, without, adds) in rows {
        let without = without.map_or_else(|| "-".to_owned(), figure);
        let _ = writeln!(table, "| {what} | {without} | {} |", figure(adds));
    }
    table
}

type Row = (String, Option<f64>, f64);

const SETTINGS: [Settings; 2] = [Settings::Defaults, Settings::Spread];

fn wall(entries: &[Entry], form: Form, count: usize, who: Contestant) -> Option<f64> {
    let samples = samples(entries, Case { form, count }, who);
    Spread::of_wall(samples).map(|wall| wall.median)
}

/// A transformer of `kustomize build`.
fn build(entries: &[Entry]) -> Vec<Row> {
    let row = |(count, settings): (usize, Settings)| {
        let without = wall(entries, Form::Plain, count, Contestant::Kustomize)?;
        let adds = wall(
            entries,
            Form::Kustomize,
            count,
            Contestant::Function(settings),
        )?;
        let count = crate::table::count(count);
        let what = format!("`kustomize build` of {count} objects, {}", name(settings));
        Some((what, Some(without), adds))
    };
    let counts = [10, 1_000].into_iter();
    let all = counts.flat_map(|count| SETTINGS.map(|settings| (count, settings)));
    all.filter_map(row).collect()
}

/// A function of a kpt pipeline, on a package that it has placed before.
fn render(evals: &[Eval]) -> Vec<Row> {
    let row = |settings| {
        let package = Package::Placed(settings);
        let of = |function| {
            let samples = kpt::samples(evals, package, function);
            Spread::of_wall(samples).map(|wall| wall.median)
        };
        let without = of(Function::Cat)?;
        let adds = of(Function::Ours(settings))? - without;
        let what = format!("`kpt fn eval` of 1,000 Deployments, {}", name(settings));
        Some((what, Some(without), adds))
    };
    SETTINGS.into_iter().filter_map(row).collect()
}

/// A step of a job, by itself.
fn job(entries: &[Entry]) -> Vec<Row> {
    let row = |command| {
        let adds = wall(entries, Form::Plain, 10_000, Contestant::Command(command))?;
        Some((
            format!("a job with `{command}` of 10,000 objects, defaults"),
            None,
            adds,
        ))
    };
    ["check", "plan"].into_iter().filter_map(row).collect()
}
