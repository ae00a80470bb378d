//! What the README shows is what the function does.
#![allow(clippy::unwrap_used)] // in helpers of tests as well

use std::fs;
use std::process::Command;

use assert_cmd::cargo::CommandCargoExt;
use similar::TextDiff;

/// The content of the first code block of `language` in the README.
fn block(language: &str) -> String {
    let readme = fs::read_to_string("README.md").unwrap();
    let fence = format!("```{language}\n");
    let start = readme.find(&fence).unwrap() + fence.len();
    let end = readme[start..].find("\n```").unwrap();
    readme[start..=start + end].to_owned()
}

#[test]
fn the_diff_in_the_readme_is_the_one_that_the_function_makes() {
    let before = fs::read_to_string("examples/web/in/web.yaml").unwrap();
    let mut apply = Command::cargo_bin("spot-distribution").unwrap();
    let output = apply.args(["apply", "examples/web/in"]).output().unwrap();
    let after = String::from_utf8(output.stdout).unwrap();
    let diff = TextDiff::from_lines(&before, &after);
    assert_eq!(block("diff"), diff.unified_diff().to_string());
}

#[test]
fn every_file_that_the_readme_links_to_is_there() {
    let readme = fs::read_to_string("README.md").unwrap();
    let links = readme
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    for link in links.filter(|link| !link.contains("://")) {
        assert!(fs::exists(link).unwrap(), "{link}");
    }
}
