//! The benchmark's command; `benchmark/run` builds what it needs and calls it.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use anyhow::{Result, ensure};
use benchmark::case::Case;
use benchmark::contest;
use benchmark::figures::{Spread, bytes};
use benchmark::input::{self, Form, Settings};
use benchmark::page::Report;
use benchmark::process::Program;
use benchmark::tools::Tools;
use benchmark::{compare, instructions, kpt, kustomization, machine, profile, round_trip};
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
    /// Prints patches that place the same workloads as the function did in its answer.
    Patches { answer: PathBuf },
    /// Reads everything and prints everything.
    RoundTrip,
    /// Fails where two lists do not hold the same items.
    Compare { one: PathBuf, other: PathBuf },
    /// Measures.
    Run(Box<Arguments>),
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
    /// What it is asked to do.
    #[arg(long)]
    expression: PathBuf,
    /// `kustomize`.
    #[arg(long)]
    kustomize: PathBuf,
    /// The function up to one of its phases, of the same build.
    #[arg(long)]
    phases: Option<PathBuf>,
    /// A folder for lists and packages.
    #[arg(long)]
    scratch: PathBuf,
    /// The page that a full run writes.
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
    /// Only lists of these forms and sizes, such as "kpt", 10000 or "kpt 10000"; kpt-eval and
    /// instructions for these.
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
        Command::Patches { answer } => {
            let mut out = BufWriter::new(io::stdout().lock());
            kustomization::write_patches(&mut out, &answer)?;
            Ok(out.flush()?)
        }
        Command::RoundTrip => round_trip::run(),
        Command::Compare { one, other } => compare::run(&one, &other),
        Command::Run(arguments) => run(&arguments),
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    let tools = tools(arguments)?;
    tools.ensure_the_same()?;
    let quick = arguments.quick;
    let rounds = arguments.rounds.unwrap_or(if quick { 2 } else { 9 });
    let mut loads = Vec::from_iter(machine::load());
    let entries = contest::run(&tools, &cases(arguments), rounds, quick)?;
    loads.extend(machine::load());
    let deployments = if quick { 20 } else { 1_000 };
    let kpt_version = kpt_version(arguments)?;
    let evals = match &kpt_version {
        // It takes seconds each time, and varies less.
        Some(_) => kpt::run(&tools.function, &tools.scratch, deployments, rounds.min(5))?,
        None => Vec::new(),
    };
    loads.extend(machine::load());
    let (counts, profiles) = if is_meant(arguments, "instructions") && instructions::can_count()? {
        let counts = instructions::run(&tools, quick)?;
        let profiles = profile::run(&tools, &counts)?;
        (counts, profiles)
    } else {
        (Vec::new(), Vec::new())
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
        profiles,
        deployments,
        rounds,
        machine: machine::description(),
        versions: versions(arguments, kpt_version.as_deref()),
        load: Spread::of(loads),
        idle: bytes(idle),
    };
    show(arguments, &report)
}

fn tools(arguments: &Arguments) -> Result<Tools> {
    Ok(Tools {
        function: arguments.function.clone(),
        kyaml: arguments.kyaml.clone(),
        yq: arguments.yq.clone(),
        expression: arguments.expression.clone(),
        kustomize: arguments.kustomize.clone(),
        phases: arguments.phases.clone(),
        own: std::env::current_exe()?,
        scratch: arguments.scratch.clone(),
    })
}

/// A run of everything writes the page.
fn show(arguments: &Arguments, report: &Report) -> Result<()> {
    // A few turns over short lists are no measure of a goal.
    print!("{}", report.text(!arguments.quick));
    match &arguments.page {
        Some(page) if !arguments.quick && arguments.filters.is_empty() => {
            Ok(std::fs::write(page, report.text(true))?)
        }
        _ => Ok(()),
    }
}

/// Whether no filter leaves out what `name` names.
fn is_meant(arguments: &Arguments, name: &str) -> bool {
    let filters = &arguments.filters;
    filters.is_empty() || filters.iter().any(|filter| filter == name)
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
    if !is_meant(arguments, "kpt-eval") {
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
