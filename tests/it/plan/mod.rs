//! `plan` and `check`: what they show is what the function does.

mod agreement;
mod check;
mod counted;
mod diff;
mod figures;
mod folders;
mod golden;
mod order;
mod page;
mod stream;
mod table;
mod warnings;
mod words;

use std::fs;
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

/// The command, in a folder.
fn command(folder: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spot-distribution"));
    command.current_dir(folder).env_clear();
    command
}

/// Runs it with these arguments and this standard input.
fn run(folder: &str, arguments: &[&str], stdin: &str) -> Output {
    let mut command = command(folder);
    command.args(arguments).write_stdin(stdin).output().unwrap()
}

/// What a success writes to standard output.
fn shown(folder: &str, arguments: &[&str], stdin: &str) -> String {
    let output = run(folder, arguments, stdin);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    String::from_utf8(output.stdout).unwrap()
}

/// The plan of `stdin` as JSON.
fn plan(stdin: &str) -> Value {
    serde_json::from_str(&shown(".", &["plan", "-o", "json"], stdin)).unwrap()
}

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// A workload with these lines in its `spec`.
fn workload(kind: &str, name: &str, spec: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: {name}, namespace: shop}}\nspec:\n{spec}  \
         selector: {{matchLabels: {{app: {name}}}}}\n  template:\n    metadata: {{labels: {{app: {name}, \
         tier: front}}}}\n    spec:\n      containers: [{{name: main, image: shop/{name}}}]\n"
    )
}
