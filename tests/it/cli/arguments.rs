//! Help, version, and wrong command lines.

use predicates::prelude::*;
use predicates::str::{contains, starts_with};

use super::{WEB, command};

#[test]
fn help_short_and_long() {
    let short = command().arg("-h").assert().success();
    let short = short
        .stdout(contains("Usage: spot-distribution"))
        .stderr("");
    let long = command().arg("--help").assert().success();
    let long = long
        .stdout(contains("Usage: spot-distribution"))
        .stdout(contains("kpt fn eval --exec spot-distribution"))
        .stdout(contains("spot-distribution.dev/strategy"))
        .stderr("");
    assert!(short.get_output().stdout.len() < long.get_output().stdout.len());
}

#[test]
fn help_of_apply() {
    for arguments in [["apply", "-h"], ["apply", "--help"], ["help", "apply"]] {
        let assert = command().args(arguments).assert().success();
        assert.stdout(contains("--config <FILE>")).stderr("");
    }
}

#[test]
fn help_of_plan_and_check() {
    let plan = command().args(["plan", "--help"]).assert().success();
    plan.stdout(
        contains("--diff")
            .and(contains("html"))
            .and(contains("NO_COLOR")),
    )
    .stderr("");
    let check = command().args(["check", "--help"]).assert().success();
    check.stdout(contains("Exit code 0")).stderr("");
}

#[test]
fn version() {
    let version = format!("spot-distribution {}\n", env!("CARGO_PKG_VERSION"));
    command()
        .arg("--version")
        .assert()
        .success()
        .stdout(version);
}

#[test]
fn a_wrong_command_line_is_exit_code_2() {
    let wrong: [&[&str]; 8] = [
        &["plan", "-o", "yaml"],
        &["check", "--diff"],
        &["--nonsense"],
        &["aply"],
        &["apply", "--nonsense"],
        &["apply", "--config"],
        &["apply", "--config=a.yaml", "--config=b.yaml"],
        &["--config", "a.yaml"],
    ];
    for arguments in wrong {
        let assert = command().args(arguments).write_stdin(WEB).assert();
        assert.code(2).stdout("").stderr(starts_with("error: "));
    }
}

#[test]
fn a_misspelt_command_names_the_right_one() {
    let assert = command().arg("aply").assert();
    assert.stderr(contains("apply").and(contains("panicked").not()));
}
