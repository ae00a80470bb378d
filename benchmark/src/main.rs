//! The benchmark's command; `benchmark/run` builds what it needs and calls it.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use anyhow::{Result, ensure};
use benchmark::contest::{self, Case, Tools};
use benchmark::figures::{Spread, bytes};
use benchmark::input::{self, Form, Settings};
use benchmark::page::Report;
use benchmark::process::Program;
use benchmark::{compare, instructions, kpt, machine, round_trip};
use clap::{Args, Parser, Subcommand};

/// What the memory of a measured program can be distinguished from: a child begins with what this
/// program holds, so this program must stay small.
const LARGEST_IDLE: u64 = 8_000_000;

#[derive(Debug, Parser)]
#[command(about = "Measures spot-distribution")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Prints a list.
    Input {
        form: Form,
        count: usize,
        settings: Settings,
    },
    /// Prints the objects of a list as documents.
    Resources { count: usize },
    /// Reads everything and prints everything.
    RoundTrip,
    /// Fails where two lists do not hold the same items.
    Compare { one: PathBuf, other: PathBuf },
    /// Measures.
    Run(Arguments),
}

#[derive(Debug, Args)]
struct Arguments {
    /// The function's binary.
    #[arg(long)]
    function: PathBuf,
    /// The kyaml function's binary.
    #[arg(long)]
    kyaml: PathBuf,
    /// `yq`.
    #[arg(long)]
    yq: PathBuf,
    /// `kustomize`.
    #[arg(long)]
    kustomize: PathBuf,
    /// What these two are asked to do.
    #[arg(long)]
    peers: PathBuf,
    /// A folder for lists and packages.
    #[arg(long)]
    scratch: PathBuf,
    /// The page that a full run writes; all figures go to `measurements` beside it.
    #[arg(long)]
    page: Option<PathBuf>,
    /// The versions of what is built for this.
    #[arg(long, default_value = "")]
    built_versions: String,
    /// Ten and a thousand items, few rounds.
    #[arg(long)]
    quick: bool,
    /// How often each contestant has its turn.
    #[arg(long)]
    rounds: Option<usize>,
    /// Only lists of these forms and sizes, such as "kpt", 10000 or "kpt 10000"; kpt-eval for kpt.
    filters: Vec<String>,
}

fn main() -> Result<()> {
    match Cli::parse().command {
        Command::Input {
            form,
            count,
            settings,
        } => {
            let mut out = BufWriter::new(io::stdout().lock());
            input::write(&mut out, form, count, settings)?;
            Ok(out.flush()?)
        }
        Command::Resources { count } => {
            let mut out = BufWriter::new(io::stdout().lock());
            input::write_documents(&mut out, count)?;
            Ok(out.flush()?)
        }
        Command::RoundTrip => round_trip::run(),
        Command::Compare { one, other } => compare::run(&one, &other),
        Command::Run(arguments) => run(&arguments),
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    let tools = Tools {
        function: arguments.function.clone(),
        kyaml: arguments.kyaml.clone(),
        yq: arguments.yq.clone(),
        kustomize: arguments.kustomize.clone(),
        peers: arguments.peers.clone(),
        own: std::env::current_exe()?,
        scratch: arguments.scratch.clone(),
    };
    do_the_same(&tools)?;
    let rounds = arguments
        .rounds
        .unwrap_or(if arguments.quick { 2 } else { 9 });
    let mut loads = Vec::from_iter(machine::load());
    let entries = contest::run(&tools, &cases(arguments), rounds)?;
    loads.extend(machine::load());
    let deployments = if arguments.quick { 20 } else { 1_000 };
    let kpt_version = kpt_version(arguments)?;
    let evals = match &kpt_version {
        Some(_) => kpt::run(&tools.function, &tools.scratch, deployments, rounds)?,
        None => Vec::new(),
    };
    loads.extend(machine::load());
    let counts = if arguments.filters.is_empty() && !arguments.quick {
        instructions::run(&tools)?
    } else {
        Vec::new()
    };
    // Last, when this program has grown as far as it does.
    let idle = Program::new("true", &[], None).measure()?.peak;
    ensure!(
        idle < LARGEST_IDLE,
        "a program that does nothing shows {idle} bytes of memory: peaks cannot be measured"
    );
    let report = Report {
        entries,
        evals,
        counts,
        deployments,
        rounds,
        machine: machine::description(),
        versions: versions(arguments, kpt_version.as_deref()),
        load: Spread::of(loads),
        idle: bytes(idle),
    };
    println!("{}", report.conditions());
    // A few turns over short lists are no measure of a goal.
    if !arguments.quick {
        println!("{}", report.goals());
    }
    print!("{}", report.tables());
    match &arguments.page {
        Some(page) if !arguments.quick && arguments.filters.is_empty() => {
            let figures = page.with_file_name("measurements").join("performance.md");
            std::fs::write(figures, report.figures())?;
            Ok(std::fs::write(page, report.page())?)
        }
        _ => Ok(()),
    }
}

/// Programs are compared that do the same: the one on kyaml writes the same items, `yq` and kustomize
/// write the same fields into as many of them.
fn do_the_same(tools: &Tools) -> Result<()> {
    let case = Case {
        form: Form::Plain,
        count: 100,
    };
    let list = tools.list(case, Settings::Spread)?;
    for program in [tools.with_yq(&list), tools.with_kustomize(case)?] {
        let out = tools.scratch.join("peer");
        program.write_to(&out)?;
        let placed = std::fs::read_to_string(&out)?
            .matches("topologySpreadConstraints:")
            .count();
        ensure!(
            placed == 90,
            "{} placed {placed} of 90 workloads",
            program.path.display()
        );
    }
    for form in Form::BLOCK {
        let case = Case { form, count: 1_000 };
        let ours = tools.answer(case, Settings::Spread)?;
        let theirs = ours.with_extension("kyaml");
        let list = tools.list(case, Settings::Spread)?;
        Program::new(&tools.kyaml, &[], Some(&list)).write_to(&theirs)?;
        let (ours, theirs) = (ours.to_string_lossy(), theirs.to_string_lossy());
        // In a process of its own, to keep this one small.
        let out = tools.scratch.join("compared");
        Program::new(&tools.own, &["compare", &ours, &theirs], None).write_to(&out)?;
    }
    Ok(())
}

fn cases(arguments: &Arguments) -> Vec<Case> {
    let mut cases = if arguments.quick {
        Case::quick()
    } else {
        Case::all()
    };
    let filters = &arguments.filters;
    cases.retain(|case| filters.is_empty() || filters.iter().any(|filter| case.is_meant(filter)));
    cases
}

/// kpt's version; `None` where it is not wanted or not installed.
fn kpt_version(arguments: &Arguments) -> Result<Option<String>> {
    let filters = &arguments.filters;
    if !filters.is_empty() && !filters.iter().any(|filter| filter == "kpt-eval") {
        return Ok(None);
    }
    let version = kpt::version();
    if version.is_none() {
        ensure!(std::env::var_os("CI").is_none(), "kpt is not installed");
        eprintln!("benchmark: left out what runs kpt: it is not installed");
    }
    Ok(version)
}

fn versions(arguments: &Arguments, kpt: Option<&str>) -> String {
    let kpt = kpt.map_or_else(String::new, |version| format!(", kpt {version}"));
    format!("{}{kpt}", arguments.built_versions)
}
