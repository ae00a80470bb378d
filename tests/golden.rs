//! A folder per promise in `tests/golden/TOPIC`, and the examples: what is expected is compared byte
//! for byte, and the laws are checked on every output. Each folder is a test of its own.
//!
//! * `in.yaml` (or `in.json`, or the folder `in`): the input of `apply`; `out.yaml`: its output.
//! * `list.yaml`: a `ResourceList` on standard input of the function; `list-out.yaml`: its output.
//! * `config.yaml`, or in a package `in/spot-distribution.yaml`: what `--config` names.
//! * `stderr.txt`: what is said on standard error; nothing where it is absent.
//! * `fails`: an empty file that says exit code 1; `apply` then writes nothing.
//! * `off.yaml` (for a folder `off/FILE`): what taking everything back gives, where that is not the
//!   input's own bytes.
//!
//! `cargo test --test golden sibling/` runs one topic, `... -- --exact sibling/is-checked-too` one folder.
//! With `UPDATE_GOLDEN=1` in front the expected files are written again, except `fails` and the
//! existence of `off.yaml`: those are decided by hand.
// A test panics where a program would report.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};
use testing::golden::Case;

/// Examples that orchestrators, CI systems and pages of the docs use, in tests of their own.
const ELSEWHERE: [&str; 8] = [
    "admission-policy",
    "argo-cd",
    "audit",
    "ci",
    "config-sync",
    "helm",
    "kustomize",
    "start",
];

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let topics = folders(&root.join("tests/golden"));
    let mut cases: Vec<_> = topics.iter().flat_map(|topic| folders(topic)).collect();
    let mut examples = folders(&root.join("examples"));
    examples.retain(|folder| !ELSEWHERE.iter().any(|name| folder.ends_with(name)));
    cases.extend(examples);
    let trials = cases.into_iter().map(trial).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// The test of one folder, named by its last two names.
fn trial(folder: PathBuf) -> Trial {
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    let topic = name(folder.parent().unwrap());
    Trial::test(format!("{topic}/{}", name(&folder)), move || {
        let program = Path::new(env!("CARGO_BIN_EXE_spot-distribution"));
        let problems = Case::new(&folder, program).check();
        if problems.is_empty() {
            return Ok(());
        }
        Err(problems.join("\n\n").into())
    })
}

fn folders(root: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(root).unwrap();
    let mut folders: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    assert!(!folders.is_empty(), "{} holds no case", root.display());
    folders
}
