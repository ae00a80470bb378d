//! Every form of the plan, byte for byte. `UPDATE_GOLDEN=1` writes the expected files again.

use std::{env, fs};

use similar::TextDiff;

use super::stream::stream;
use super::{run, shown};

const FORMS: [(&str, &str); 4] = [
    ("table", "txt"),
    ("markdown", "md"),
    ("json", "json"),
    ("html", "html"),
];

fn compare(name: &str, found: &str) {
    let path = format!("tests/it/plan/golden/{name}");
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, found).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    let diff = TextDiff::from_lines(&expected, found);
    let diff = diff.unified_diff().header("expected", "found").to_string();
    assert!(diff.is_empty(), "{name} differs\n{diff}");
}

fn every_form(name: &str, folder: &str, arguments: &[&str], stdin: &str) {
    for (form, extension) in FORMS {
        let arguments = [&["plan", "-o", form], arguments].concat();
        let found = shown(folder, &arguments, stdin);
        compare(&format!("{name}.{extension}"), &found);
    }
}

#[test]
fn the_shop() {
    every_form(
        "shop",
        "examples/shop",
        &["--config", "config.yaml", "in"],
        "",
    );
}

#[test]
fn the_web_with_its_diff() {
    every_form("web", "examples/web", &["--diff", "in"], "");
}

#[test]
fn two_hundred_mixed_manifests() {
    let stream = stream();
    every_form("stream", ".", &["-"], &stream);
    let table = shown(".", &["plan", "-"], &stream);
    let wide = table.lines().find(|line| line.chars().count() > 130);
    assert_eq!(wide, None);
    assert!(!table.contains('\u{1b}'));
}

#[test]
fn a_pipe_gets_the_same_whatever_the_environment_says() {
    let arguments = ["plan", "--config", "config.yaml", "in"];
    let plain = run("examples/shop", &arguments, "").stdout;
    let mut command = super::command("examples/shop");
    let variables = [
        ("COLUMNS", "20"),
        ("CLICOLOR_FORCE", "1"),
        ("TERM", "xterm"),
    ];
    let output = command.args(arguments).envs(variables).output().unwrap();
    assert_eq!(output.stdout, plain);
}
