//! The command line: reads, runs, writes, exits.

mod admission_policy;
mod apply;
mod args;
mod audit;
mod check;
mod exit;
mod explain;
mod files;
mod folder;
mod output;
mod plan;
mod schema;

use std::io::{IsTerminal, Read};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::findings::{Code, Finding};
use crate::function;
use crate::response::Response;
use args::{Cli, Command};
use exit::Exit;

/// Runs the command line.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let exit = match cli.command {
        None if std::io::stdin().is_terminal() => usage(),
        None => match read_stdin() {
            Ok(input) => output::deliver(&function::run(&input)),
            Err(finding) => output::deliver(&Response::failure(vec![finding])),
        },
        Some(Command::Apply(arguments)) => apply::run(&arguments),
        Some(Command::Plan(arguments)) => plan::run(&arguments),
        Some(Command::Check(arguments)) => check::run(&arguments),
        Some(Command::Explain(arguments)) => explain::run(&arguments),
        Some(Command::Audit(arguments)) => audit::run(&arguments),
        Some(Command::AdmissionPolicy(arguments)) => admission_policy::run(&arguments),
        Some(Command::Schema(arguments)) => schema::run(&arguments),
    };
    exit.into()
}

/// The commands and their arguments, for the page that documents them.
#[doc(hidden)]
pub fn command() -> clap::Command {
    Cli::command()
}

/// All of standard input.
fn read_stdin() -> Result<Vec<u8>, Finding> {
    let mut input = Vec::new();
    match std::io::stdin().lock().read_to_end(&mut input) {
        Ok(_) => Ok(input),
        Err(error) => {
            let message = format!("standard input cannot be read: {error}");
            Err(Finding::error(Code::InvalidInput, message))
        }
    }
}

/// Somebody at a terminal wants to know what this is.
fn usage() -> Exit {
    eprintln!("{}", Cli::command().render_help());
    Exit::Usage
}
