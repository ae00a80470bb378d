//! A folder per promise in `tests/golden`, and the examples: what is expected is compared byte for
//! byte, and the laws are checked on every output.
//!
//! * `in.yaml` (or `in.json`, or the folder `in`): the input of `apply`; `out.yaml`: its output.
//! * `list.yaml`: a `ResourceList` on standard input of the function; `list-out.yaml`: its output.
//! * `config.yaml`, or in a package `in/spot-distribution.yaml`: what `--config` names.
//! * `stderr.txt`: what is said on standard error; nothing where it is absent.
//! * `fails`: an empty file that says exit code 1; `apply` then writes nothing.
//! * `off.yaml` (for a folder `off/FILE`): what taking everything back gives, where that is not the
//!   input's own bytes.
//!
//! `UPDATE_GOLDEN=1 cargo test --test golden` writes the expected files anew, except `fails` and
//! the existence of `off.yaml`: those are decided by hand.
// A test panics where a program would report.
#![allow(clippy::unwrap_used)]

mod harness;

use harness::check_all;

#[test]
fn every_promise_is_kept() {
    check_all("tests/golden", |_| true);
}

#[test]
fn every_example_gives_what_stands_beside_it() {
    // Orchestrators and CI systems render these, in tests of their own.
    let elsewhere = ["argo-cd", "ci", "config-sync", "kustomize"];
    check_all("examples", |name| !elsewhere.contains(&name));
}
