//! Instructions, counted by valgrind: they hold on a busy machine, where times do not.

use std::path::Path;

use anyhow::{Context, Result};

use crate::contest::{Case, Tools};
use crate::input::{Form, Settings};
use crate::process::Program;

/// How many instructions the function takes for one list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Count {
    /// How the list of 1,000 items is written.
    pub form: Form,
    /// What is asked for.
    pub settings: Settings,
    /// In millions.
    pub millions: f64,
}

/// Counts for 1,000 items of each form of block style; nothing where valgrind is not installed.
pub fn run(tools: &Tools) -> Result<Vec<Count>> {
    if Program::new("valgrind", &["--version"], None)
        .measure()
        .is_err()
    {
        eprintln!("benchmark: left out the instructions: valgrind is not installed");
        return Ok(Vec::new());
    }
    let mut counts = Vec::new();
    for form in Form::BLOCK {
        for settings in [Settings::Spread, Settings::Defaults] {
            let list = tools.list(Case { form, count: 1_000 }, settings)?;
            let millions = count(tools, &list)?;
            counts.push(Count {
                form,
                settings,
                millions,
            });
        }
    }
    Ok(counts)
}

fn count(tools: &Tools, list: &Path) -> Result<f64> {
    let log = tools.scratch.join("callgrind");
    let log_file = format!("--log-file={}", log.display());
    let function = tools.function.to_string_lossy();
    let args = [
        "--tool=callgrind",
        "--callgrind-out-file=/dev/null",
        &log_file,
        &function,
    ];
    Program::new("valgrind", &args, Some(list)).measure()?;
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
