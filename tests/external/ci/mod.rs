//! The jobs of CI systems and hooks that `examples/ci` shows do what they say.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::delivery::packages::packages;

mod flux;
mod github;
mod gitlab;
mod pre_commit;
mod repository;

/// The root of the project.
const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The function.
const BINARY: &str = env!("CARGO_BIN_EXE_spot-distribution");

/// The folder of the release that the jobs download.
fn release() -> Option<PathBuf> {
    Some(packages()?.to_owned())
}

/// The release with one more byte in each file but that of the checksums.
fn changed(release: &Path) -> TempDir {
    let changed = TempDir::new().unwrap();
    for entry in fs::read_dir(release).unwrap().map(Result::unwrap) {
        let mut content = fs::read(entry.path()).unwrap();
        if entry.file_name() != "SHA256SUMS" {
            content.push(0);
        }
        fs::write(changed.path().join(entry.file_name()), content).unwrap();
    }
    changed
}

/// What a command printed on both streams, and whether it succeeded.
fn said(command: &mut Command) -> (bool, String) {
    let output = command.output().unwrap();
    let streams = [output.stdout, output.stderr].map(|it| String::from_utf8(it).unwrap());
    (output.status.success(), streams.concat())
}
