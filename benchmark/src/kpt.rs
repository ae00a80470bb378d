//! `kpt fn eval` over a package of Deployments: what the function costs beside all that kpt does.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::input::{Item, Kind, Settings};
use crate::process::{Program, Sample};

/// What kpt runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// `cat`.
    Cat,
    /// A program that reads the list, and at once writes what the function would.
    Answer(Settings),
    /// The function.
    Ours(Settings),
}

/// Over what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Package {
    /// The function has never run.
    Fresh,
    /// It has run with these settings: nothing changes any more.
    Placed(Settings),
}

/// What was measured of one of them.
#[derive(Debug, Clone)]
pub struct Eval {
    /// Over what.
    pub package: Package,
    /// What kpt ran.
    pub function: Function,
    /// One for each round.
    pub samples: Vec<Sample>,
    folder: PathBuf,
    exec: PathBuf,
}

/// All that are measured.
const EVALS: [(Package, Function); 9] = [
    (Package::Fresh, Function::Cat),
    (Package::Fresh, Function::Answer(Settings::Spread)),
    (Package::Fresh, Function::Ours(Settings::Spread)),
    (Package::Fresh, Function::Answer(Settings::Defaults)),
    (Package::Fresh, Function::Ours(Settings::Defaults)),
    (Package::Placed(Settings::Spread), Function::Cat),
    (
        Package::Placed(Settings::Spread),
        Function::Ours(Settings::Spread),
    ),
    (Package::Placed(Settings::Defaults), Function::Cat),
    (
        Package::Placed(Settings::Defaults),
        Function::Ours(Settings::Defaults),
    ),
];

/// kpt's version; `None` where it is not installed.
pub fn version() -> Option<String> {
    let output = Command::new("kpt").arg("version").output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs all of them over `count` Deployments, in turns, `rounds` times. Each run gets a package of
/// its own, because kpt changes it in place.
pub fn run(function: &Path, scratch: &Path, count: usize, rounds: usize) -> Result<Vec<Eval>> {
    let scratch = scratch.join("packages");
    write_package(&scratch.join("fresh"), count)?;
    for settings in Settings::MAIN {
        let placed = folder(&scratch, Package::Placed(settings));
        copy(&scratch.join("fresh"), &placed)?;
        eval(&placed, function, Function::Ours(settings)).measure()?;
        write_answer(&scratch, function, settings)?;
    }
    let mut evals: Vec<Eval> = EVALS
        .iter()
        .map(|&(package, kind)| Eval {
            package,
            function: kind,
            samples: Vec::new(),
            folder: folder(&scratch, package),
            exec: match kind {
                Function::Cat => "cat".into(),
                Function::Answer(settings) => answer(&scratch, settings),
                Function::Ours(_) => function.to_owned(),
            },
        })
        .collect();
    let work = scratch.join("work");
    for round in 0..rounds {
        eprintln!("benchmark: kpt, round {} of {rounds}", round + 1);
        for place in 0..evals.len() {
            let next = (place + round) % evals.len();
            let next = &mut evals[next];
            copy(&next.folder, &work)?;
            let sample = eval(&work, &next.exec, next.function).measure()?;
            next.samples.push(sample);
        }
    }
    Ok(evals)
}

/// The samples of one of them.
pub fn samples(evals: &[Eval], package: Package, function: Function) -> &[Sample] {
    let mut evals = evals.iter();
    evals
        .find(|eval| eval.package == package && eval.function == function)
        .map_or(&[], |eval| &eval.samples)
}

fn folder(scratch: &Path, package: Package) -> PathBuf {
    match package {
        Package::Fresh => scratch.join("fresh"),
        Package::Placed(settings) => scratch.join(format!("placed-{}", settings.argument())),
    }
}

fn answer(scratch: &Path, settings: Settings) -> PathBuf {
    scratch.join(format!("answer-{settings:?}"))
}

fn eval(package: &Path, exec: &Path, function: Function) -> Program {
    let (package, exec) = (package.to_string_lossy(), exec.to_string_lossy());
    let mut args = vec!["fn", "eval", &package, "--exec", &exec];
    if function == Function::Ours(Settings::Spread) {
        args.extend([
            "--",
            "deploymentStrategy=spread",
            "statefulSetStrategy=spread",
        ]);
    }
    Program::new("kpt", &args, None)
}

/// A script that reads everything and answers with what the function says to that.
fn write_answer(scratch: &Path, function: &Path, settings: Settings) -> Result<()> {
    let work = scratch.join("work");
    copy(&scratch.join("fresh"), &work)?;
    let heard = scratch.join(format!("heard-{settings:?}"));
    let tee = scratch.join("tee");
    script(&tee, &format!("exec tee {}", heard.display()))?;
    let mut listen = eval(&work, &tee, Function::Ours(settings));
    listen.path = "kpt".into();
    listen.measure()?;
    let said = scratch.join(format!("said-{settings:?}"));
    Program::new(function, &[], Some(&heard)).write_to(&said)?;
    let text = format!("cat >/dev/null\nexec cat {}", said.display());
    script(&answer(scratch, settings), &text)
}

fn script(file: &Path, text: &str) -> Result<()> {
    fs::write(file, format!("#!/bin/sh\n{text}\n"))?;
    let status = Command::new("chmod").arg("+x").arg(file).status()?;
    ensure!(
        status.success(),
        "{} cannot be made a program",
        file.display()
    );
    Ok(())
}

/// One file for each Deployment, in folders by namespace.
fn write_package(package: &Path, count: usize) -> Result<()> {
    fs::create_dir_all(package)?;
    let kptfile = "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: shop\n";
    fs::write(package.join("Kptfile"), kptfile)?;
    let deployments = (0..)
        .map(Item::new)
        .filter(|item| item.kind == Kind::Deployment);
    for item in deployments.take(count) {
        let folder = package.join(&item.namespace);
        fs::create_dir_all(&folder)?;
        fs::write(
            folder.join(format!("{}.yaml", item.name)),
            item.text("  ", &[]),
        )?;
    }
    Ok(())
}

/// Puts a copy of `from` where `to` is.
fn copy(from: &Path, to: &Path) -> Result<()> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("reading {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
