//! The packages of a release for this machine, made by `scripts/release packages` of the program that
//! was built for the tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use tempfile::TempDir;
use testing::programs::installed;

use super::{BINARY, VERSION};
use crate::orchestrators::folder::succeed;
use crate::release::copy_scripts;

/// The folder that they are in; nothing where Python is missing or the machine is another one.
pub fn packages() -> Option<&'static Path> {
    static MADE: OnceLock<TempDir> = OnceLock::new();
    if !installed(&["python3", "tar", "strip"]) {
        return None;
    }
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        testing::programs::skipped("the packages are made on Linux on amd64");
        return None;
    }
    let root = MADE.get_or_init(make).path();
    Some(Box::leak(release(root).into_boxed_path()))
}

/// The archive for this machine.
pub fn archive() -> PathBuf {
    let name = format!("spot-distribution-{VERSION}-x86_64-unknown-linux-gnu.tar.gz");
    packages().unwrap().join(name)
}

fn release(root: &Path) -> PathBuf {
    root.join("dist/release")
}

/// A project with one archive, and what the scripts make of it.
fn make() -> TempDir {
    let project = TempDir::new().unwrap();
    let root = project.path();
    copy_scripts(root);
    for file in ["Cargo.toml", "LICENSE"] {
        fs::copy(
            Path::new(env!("CARGO_MANIFEST_DIR")).join(file),
            root.join(file),
        )
        .unwrap();
    }
    let name = format!("spot-distribution-{VERSION}-x86_64-unknown-linux-gnu");
    let folder = root.join(&name);
    fs::create_dir(&folder).unwrap();
    let mut strip = Command::new("strip");
    succeed(
        strip
            .arg("-o")
            .arg(folder.join("spot-distribution"))
            .arg(BINARY),
    );
    fs::copy(root.join("LICENSE"), folder.join("LICENSE")).unwrap();
    fs::create_dir_all(release(root)).unwrap();
    let mut tar = Command::new("tar");
    tar.arg("--create").arg("--gzip").arg("--file");
    tar.arg(release(root).join(format!("{name}.tar.gz")));
    succeed(tar.arg(&name).current_dir(root));
    for what in ["packages", "checksums"] {
        let mut python = Command::new("python3");
        python.arg(root.join("scripts/release")).arg(what);
        succeed(python.env("SOURCE_DATE_EPOCH", "1700000000"));
    }
    project
}
