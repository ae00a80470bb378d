//! The function up to one of its phases, on a list from standard input: what two of them differ by is
//! what the later one takes, on every thread.

use std::io;
use std::process::ExitCode;

use spot_distribution::config::Policy;
use spot_distribution::inventory::Inventory;
use spot_distribution::krm::{Input, ResourceList, Source};
use spot_distribution::run::{assess, enforce};
use yaml_splice::{Stream, apply};

/// Runs the phases up to the one that the first argument names.
fn main() -> ExitCode {
    let until = std::env::args().nth(1).unwrap_or_default();
    match run(&until) {
        Some(()) => ExitCode::SUCCESS,
        None => ExitCode::FAILURE,
    }
}

/// `None` where the list is not one that all phases take. What a phase has made stays until the
/// process ends.
fn run(until: &str) -> Option<()> {
    let text = io::read_to_string(io::stdin()).ok()?;
    if until == "read" {
        end();
    }
    let stream = Stream::parse(&text).ok()?;
    if until == "scan" {
        end();
    }
    let sources = [Source { file: None, stream }];
    let list = ResourceList::read(&sources[0].stream).ok()?;
    let policy = Policy::read(list.function_config).ok()?;
    let inventory = Inventory::read(Input::read(&sources).ok()?).ok()?;
    if until == "facts" {
        end();
    }
    let assessments = assess(&inventory, &policy).ok()?;
    if until == "decide" {
        end();
    }
    let mut outcome = enforce(&inventory, &assessments, &policy);
    if until == "drafts" {
        end();
    }
    let output = apply(&text, outcome.splices.remove(0)).ok()?;
    (until == "write").then(|| {
        std::hint::black_box(output);
        end()
    })
}

/// Ends the process before anything is given back, which is no part of any phase.
fn end() -> ! {
    std::process::exit(0)
}
