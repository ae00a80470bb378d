//! Standard output and standard error.

use std::io::{self, BufWriter, Write};

use crate::results::{Finding, Severity, codes};
use crate::yaml::Patched;

use super::{Exit, Response};

/// Writes the whole response and says how it ended. Success is only said after every byte has been
/// taken: an empty or partial output with exit code 0 would delete what it stands for.
pub fn deliver(response: &Response<'_>) -> Exit {
    for finding in &response.findings {
        if finding.severity != Severity::Info {
            say(finding);
        }
    }
    let Some(output) = &response.output else {
        return Exit::Failure;
    };
    match write_all(output) {
        Ok(()) => response.exit,
        Err(error) => {
            let message = format!("standard output cannot be written: {error}");
            say(&Finding::error(codes::INVALID_INPUT, message));
            Exit::Failure
        }
    }
}

/// A line on standard error. Where nobody takes it there is nobody left to tell.
pub fn say(finding: &Finding) {
    drop(writeln!(io::stderr().lock(), "{finding}"));
}

fn write_all(output: &Patched<'_>) -> io::Result<()> {
    let mut stdout = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    for piece in output.pieces() {
        stdout.write_all(piece.as_bytes())?;
    }
    stdout.flush()
}
