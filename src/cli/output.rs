//! Standard output and standard error.

use std::io::{self, BufWriter, Write};

use crate::findings::{Code, Finding, Severity};
use yaml_splice::PatchedText;

use super::{Exit, Response};

/// Writes the whole response and says how it ended. Success is only said after every byte has been
/// taken: an empty or partial output with exit code 0 would delete what it stands for.
pub fn deliver(response: &Response<'_>) -> Exit {
    let findings = response.findings.iter();
    say_all(findings.filter(|finding| finding.severity != Severity::Info));
    let Some(output) = &response.output else {
        return Exit::Failure;
    };
    match write_all(output) {
        Ok(()) => response.exit,
        Err(error) => {
            let message = format!("standard output cannot be written: {error}");
            say(&Finding::error(Code::InvalidInput, message));
            Exit::Failure
        }
    }
}

/// A line on standard error. Where nobody takes it there is nobody left to tell.
pub fn say(finding: &Finding) {
    say_all([finding]);
}

/// A line on standard error for each of `findings`, all at once.
fn say_all<'f>(findings: impl IntoIterator<Item = &'f Finding>) {
    let mut lines = BufWriter::with_capacity(1 << 16, io::stderr().lock());
    for finding in findings {
        drop(writeln!(lines, "{finding}"));
    }
    drop(lines.flush());
}

fn write_all(output: &PatchedText<'_>) -> io::Result<()> {
    let mut stdout = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    for piece in output.pieces() {
        stdout.write_all(piece.as_bytes())?;
    }
    stdout.flush()
}
