//! `explain` prints the catalogue of codes, and the page of results has the same one.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use predicates::str::contains;
use spot_distribution::findings::{Code, Severity};

use super::command;

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

/// `UPDATE_DOCS=1` writes the tables.
#[test]
fn the_page_of_results_has_every_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/results.md");
    let mut page = fs::read_to_string(&path).unwrap();
    for severity in [Severity::Error, Severity::Warning, Severity::Info] {
        page = with_table(&page, severity);
    }
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap();
    assert!(
        written == page,
        "docs/results.md: run this test with UPDATE_DOCS=1"
    );
}

/// The page with the table of `severity` between its two comments.
fn with_table(page: &str, severity: Severity) -> String {
    let name = severity.name();
    let (begin, end) = (
        format!("<!-- {name} codes -->\n"),
        format!("<!-- end of {name} codes -->"),
    );
    let (before, rest) = page.split_once(&begin).unwrap();
    let (_, after) = rest.split_once(&end).unwrap();
    format!("{before}{begin}{}{end}{after}", table(severity))
}

fn table(severity: Severity) -> String {
    let mut table =
        "\n| code | when | what to do | in `check` |\n| --- | --- | --- | --- |\n".to_owned();
    for code in Code::ALL.iter().filter(|code| code.severity() == severity) {
        let check = if code.fails_check() {
            "error"
        } else {
            name_of(severity)
        };
        let row = [&format!("`{code}`"), code.when(), code.action(), check];
        writeln!(table, "| {} |", row.join(" | ")).unwrap();
    }
    table.push('\n');
    table
}

fn name_of(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "silent",
        other => other.name(),
    }
}
