//! The package for pip, and the hook that pre-commit and prek install with it: nothing is compiled.

use std::process::Command;

use testing::programs::installed;

use super::VERSION;
use super::packages::packages;
use crate::orchestrators::folder::{Folder, succeed};

#[test]
fn pip_installs_the_program() {
    if !installed(&["python3"]) {
        return;
    }
    let Some(packages) = packages() else { return };
    let folder = Folder::empty();
    succeed(folder.command("python3").args(["-m", "venv", "venv"]));
    let python = folder.path().join("venv/bin");
    let mut pip = Command::new(python.join("pip"));
    pip.args(["install", "--quiet", "--no-index", "--find-links"]);
    succeed(pip.arg(packages).arg("spot-distribution"));
    let version = succeed(Command::new(python.join("spot-distribution")).arg("--version"));
    assert_eq!(version, format!("spot-distribution {VERSION}\n"));
    succeed(Command::new(python.join("pip")).args(["check", "--quiet"]));
}
