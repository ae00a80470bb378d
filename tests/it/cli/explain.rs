//! `explain` prints the catalogue of codes, and the page of results has the same one.

use std::fmt::Write as _;

use predicates::str::contains;
use spot_distribution::findings::{Code, Severity};

use super::command;
use crate::generated;

#[test]
fn a_code_is_explained() {
    for code in Code::ALL {
        let assert = command().args(["explain", code.name()]).assert().success();
        assert
            .stdout(contains(code.when()))
            .stdout(contains(code.action()))
            .stderr("");
    }
}

#[test]
fn without_a_code_all_of_them_are_listed() {
    let output = command().arg("explain").output().unwrap().stdout;
    let listed = String::from_utf8(output).unwrap();
    assert_eq!(listed.lines().count(), Code::ALL.len());
}

#[test]
fn a_misspelt_code_is_a_wrong_command_line_that_names_the_closest() {
    let assert = command().args(["explain", "pdb-blocks-drian"]).assert();
    assert
        .code(2)
        .stdout("")
        .stderr(contains("pdb-blocks-drain"));
}

/// A list of the page: the name in its comments, and which codes are in it.
type List = (&'static str, fn(Code) -> bool);

const LISTS: [List; 4] = [
    ("errors", |code| code.severity() == Severity::Error),
    ("warnings that fail a check", |code| {
        code.severity() == Severity::Warning && code.fails_check()
    }),
    ("other warnings", |code| {
        code.severity() == Severity::Warning && !code.fails_check()
    }),
    ("infos", |code| code.severity() == Severity::Info),
];

#[test]
fn the_page_of_results_has_every_code() {
    let lists = LISTS.map(|(name, holds)| (name, list(holds)));
    generated::hold("docs/results.md", &lists);
}

/// One line for each code. Only what fails a check has its action here; `explain` has all of them.
fn list(holds: fn(Code) -> bool) -> String {
    let mut list = String::new();
    for code in Code::ALL.iter().filter(|code| holds(**code)) {
        let fails = code.severity() == Severity::Warning && code.fails_check();
        let action = if fails {
            format!(" **Do:** {}.", code.action())
        } else {
            String::new()
        };
        writeln!(list, "* `{code}`: {}.{action}", code.when()).unwrap();
    }
    list
}
