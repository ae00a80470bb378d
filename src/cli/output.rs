//! Standard output and standard error.

use std::io::{self, BufWriter, Write};

use crate::findings::{Code, Finding, Severity};
use crate::response::Response;
use yaml_splice::PatchedText;

use super::Exit;

/// Writes the whole response and says how it ended. Success is only said after every byte has been
/// taken: an empty or partial output with exit code 0 would delete what it stands for.
pub fn deliver(response: &Response<'_>) -> Exit {
    let findings = response.findings().iter();
    print_findings(findings.filter(|finding| finding.severity != Severity::Info));
    match response.output().map_or(Ok(()), write_all) {
        Ok(()) if response.is_success() => Exit::Success,
        Ok(()) => Exit::Failure,
        Err(error) => {
            let message = format!("standard output cannot be written: {error}");
            print_finding(&Finding::error(Code::InvalidInput, message));
            Exit::Failure
        }
    }
}

/// A line on standard error. Errors writing to it are ignored: there is nowhere left to report them.
pub fn print_finding(finding: &Finding) {
    print_findings([finding]);
}

/// A line on standard error for each of `findings`, all at once.
fn print_findings<'f>(findings: impl IntoIterator<Item = &'f Finding>) {
    let mut lines = BufWriter::with_capacity(1 << 16, io::stderr().lock());
    for finding in findings {
        let mut line = finding.line();
        line.push('\n');
        drop(lines.write_all(line.as_bytes()));
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
