//! What a release consists of: the archives, the list of what is in them, the crate, the notes, and
//! the workflow that publishes them.
//!
//! `SPOT_DISTRIBUTION_DIST` names the folder that `scripts/release linux` and `scripts/image --all`
//! fill, which is `dist`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use walkdir::WalkDir;

mod archives;
mod bom;
mod image;
mod notes;
mod package;
mod workflows;

/// The root of the project.
const ROOT: &str = env!("CARGO_MANIFEST_DIR");

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What the scripts have made, if they have; they must have in CI.
fn dist() -> Option<PathBuf> {
    const VARIABLE: &str = "SPOT_DISTRIBUTION_DIST";
    let folder = env::var_os(VARIABLE);
    assert!(
        folder.is_some() || env::var_os("CI").is_none(),
        "{VARIABLE} is not set"
    );
    if folder.is_none() {
        testing::programs::skipped(
            "SPOT_DISTRIBUTION_DIST names no folder, see tests/external/release/mod.rs",
        );
    }
    Some(Path::new(ROOT).join(folder?))
}

/// `scripts/release` and what it consists of, below `root`, for which it then works.
pub fn copy_scripts(root: &Path) {
    let scripts = Path::new(ROOT).join("scripts");
    let packages = WalkDir::new(scripts.join("packages")).into_iter();
    let files = packages.map(|entry| entry.unwrap().into_path());
    for from in files
        .chain([scripts.join("release")])
        .filter(|path| path.is_file())
    {
        let to = root.join(from.strip_prefix(ROOT).unwrap());
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(from, to).unwrap();
    }
}

/// Runs `command`, which must succeed, and returns what it printed.
fn succeed(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{stderr}");
    String::from_utf8(output.stdout).unwrap()
}
