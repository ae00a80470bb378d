//! The jobs of CI systems and hooks that `examples/ci` shows do what they say.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

mod flux;
mod github;
mod gitlab;
mod pre_commit;
mod repository;

/// The root of the project.
const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The function.
const BINARY: &str = env!("CARGO_BIN_EXE_spot-distribution");

/// The folder of the release that the jobs download, which `scripts/release linux` fills.
fn release() -> Option<PathBuf> {
    const VARIABLE: &str = "SPOT_DISTRIBUTION_DIST";
    let dist = std::env::var_os(VARIABLE);
    let needed = std::env::var_os("CI").is_some();
    assert!(dist.is_some() || !needed, "{VARIABLE} is not set");
    if dist.is_none() {
        testing::programs::skipped(
            "SPOT_DISTRIBUTION_DIST names no folder, see tests/external/release/mod.rs",
        );
    }
    Some(PathBuf::from(ROOT).join(dist?).join("release"))
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
