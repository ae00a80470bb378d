//! The command line: arguments, files, streams, exit codes, and what the process leaves alone.

mod arguments;
mod command_line;
mod encodings;
mod explain;
mod faults;
mod isolation;
mod paths;
mod policies;
mod schema;
mod separators;
mod siblings;
mod streams;
mod variables;

use std::process::Output;

use assert_cmd::Command;

/// A Deployment of ten.
const WEB: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 10
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - {name: web, image: shop/web}
";

/// The command.
fn command() -> Command {
    Command::new(env!("CARGO_BIN_EXE_spot-distribution"))
}

/// Its path, for other programs to run it.
const BINARY: &str = env!("CARGO_BIN_EXE_spot-distribution");

/// A ResourceList of these items, each a manifest in block style.
fn list(items: &[&str]) -> String {
    let items = items.iter().map(|item| {
        let lines = item.trim_end().replace('\n', "\n  ");
        format!("- {lines}\n")
    });
    format!(
        "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n{}",
        items.collect::<String>()
    )
}

/// How a failure looks: exit code 1, nothing on standard output, no panic. Returns what it said.
fn failure(output: &Output) -> String {
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert_eq!(stdout, "", "{stderr}");
    assert!(stderr.contains("error["), "{stderr}");
    assert!(!stderr.contains("panicked"), "{stderr}");
    stderr
}
