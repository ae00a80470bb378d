//! Programs that tests need and that may be missing: in CI that is a failure, for a person without
//! them the test says so in one line and passes. `tests/external/programs/build` builds some of them.

use std::env;
use std::io::{self, Write};
use std::path::PathBuf;

/// Whether every one of `programs` is on the path.
///
/// # Panics
/// Where one is missing and `CI` is set.
pub fn installed(programs: &[&str]) -> bool {
    let missing = programs.iter().find(|program| find(program).is_none());
    let Some(missing) = missing else {
        return true;
    };
    assert!(env::var_os("CI").is_none(), "{missing} is not installed");
    skipped(&format!("{missing} is not installed"));
    false
}

/// Says why a test did not run.
pub fn skipped(reason: &str) {
    // Not `eprintln!`, which the test harness would keep to itself.
    drop(writeln!(io::stderr(), "skipped: {reason}"));
}

/// Where `program` is, by the path.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut candidates = env::split_paths(&path).map(|folder| folder.join(program));
    candidates.find(|candidate| candidate.is_file())
}
