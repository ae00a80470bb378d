//! Instructions, counted by valgrind: they hold on a busy machine, where times do not.

use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::case::Case;
use crate::input::{Form, Settings};
use crate::process::Program;
use crate::tools::Tools;

/// How many instructions the function takes for one list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Count {
    /// The list.
    pub case: Case,
    /// What is asked for.
    pub settings: Settings,
    /// In millions.
    pub millions: f64,
}

/// Whether valgrind is installed; where it is missing, that is said, and in CI it is an error.
pub fn can_count() -> Result<bool> {
    let version = Program::new("valgrind", &["--version"], None).measure();
    if version.is_err() {
        ensure!(
            std::env::var_os("CI").is_none(),
            "valgrind is not installed"
        );
        eprintln!("benchmark: left out the instructions: valgrind is not installed");
    }
    Ok(version.is_ok())
}

/// Counts for 1,000 items of each form of block style; for a hundred of one where it is to be
/// `quick`.
pub fn run(tools: &Tools, quick: bool) -> Result<Vec<Count>> {
    if quick {
        let case = Case {
            form: Form::Plain,
            count: 100,
        };
        return Ok(vec![of(tools, case, Settings::Defaults)?]);
    }
    let mut counts = Vec::new();
    for form in Form::BLOCK {
        let settings: &[Settings] = match form {
            Form::Plain => &Settings::ALL,
            _ => &Settings::MAIN,
        };
        for &settings in settings {
            let case = Case { form, count: 1_000 };
            counts.push(of(tools, case, settings)?);
        }
    }
    Ok(counts)
}

fn of(tools: &Tools, case: Case, settings: Settings) -> Result<Count> {
    let list = tools.list(case, settings)?;
    Ok(Count {
        case,
        settings,
        millions: count(tools, &tools.function, &[], &list)?,
    })
}

/// The instructions that `program` with `args` takes to read `list`, on every thread, in millions.
pub fn count(tools: &Tools, program: &Path, args: &[&str], list: &Path) -> Result<f64> {
    let log = tools.scratch.join("callgrind");
    let log_file = format!("--log-file={}", log.display());
    let program = program.to_string_lossy();
    let mut all = vec![
        "--tool=callgrind",
        "--callgrind-out-file=/dev/null",
        &log_file,
        &program,
    ];
    all.extend(args);
    Program::new("valgrind", &all, Some(list)).measure()?;
    let text = std::fs::read_to_string(&log)?;
    collected(&text).context("callgrind does not say what it has collected")
}

/// The instructions in the log of callgrind, in millions.
fn collected(log: &str) -> Option<f64> {
    let (_, count) = log.split_once("Collected : ")?;
    let count: f64 = count.split_whitespace().next()?.parse().ok()?;
    Some(count / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_of_callgrind_is_read() {
        let log = "==7== Events    : Ir\n==7== Collected : 45300000\n==7==\n";
        assert_eq!(collected(log), Some(45.3));
        assert_eq!(collected("==7== nothing"), None);
    }
}
