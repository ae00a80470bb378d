//! The function in a pipe.

use std::process::{Command, Output, Stdio};

use assert_cmd::Command as Piped;
use testing::programs::installed;

use super::BINARY;
use super::folder::{Folder, succeed};
use super::kustomize::Docker;
use super::manifests::documents;

/// Runs `command` with `input`; it must succeed.
fn pipe(command: Command, input: Vec<u8>) -> Vec<u8> {
    let mut command = Piped::from_std(command);
    let assert = command.write_stdin(input).assert().success();
    assert.get_output().stdout.clone()
}

#[test]
fn source_and_sink_of_kpt() {
    if !installed(&["kpt"]) {
        return;
    }
    let package = Folder::of_example("examples/kpt/in");
    let mut source = package.command("kpt");
    let source = source.args(["fn", "source"]).output().unwrap().stdout;
    let placed = pipe(package.command(BINARY), source);
    let mut sink = package.command("kpt");
    sink.args(["fn", "sink", "sunk"]);
    pipe(sink, placed);

    let evaluated = Folder::of_example("examples/kpt/in");
    succeed(
        evaluated
            .command("kpt")
            .args(["fn", "eval", "--exec", BINARY]),
    );
    let compared = evaluated.files().into_iter().map(|(path, text)| {
        let found = package.read(&format!("sunk/{}", path.display()));
        assert_eq!(found, text, "{}", path.display());
    });
    assert!(compared.count() > 10);
}

/// Where the function fails, a shell with `pipefail` says so, and nothing is sunk.
#[test]
fn a_failure_in_the_pipe() {
    if !installed(&["kpt", "bash"]) {
        return;
    }
    let package = Folder::of_example("examples/kpt/in");
    let script =
        format!("set -o pipefail; kpt fn source | '{BINARY}' --nonsense | kpt fn sink sunk");
    let Output { status, .. } = package
        .command("bash")
        .args(["-c", &script])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(status.code(), Some(2));
    let sunk = package
        .names()
        .into_iter()
        .filter(|name| name.starts_with("sunk/"));
    assert_eq!(sunk.count(), 0);
}

/// Behind kustomize the function decides what it decides within it.
#[test]
fn kustomize_and_apply() {
    if !installed(&["kubectl"]) {
        return;
    }
    for overlay in ["staging", "production"] {
        let folder = Folder::of_example("examples/kustomize/in");
        let within = Docker::new().built(&folder, &format!("overlays/{overlay}"));
        folder.replace("transformers:\n  - spot-distribution.yaml\n", "");
        let mut plain = folder.command("kubectl");
        let plain = plain.args(["kustomize", &format!("overlays/{overlay}")]);
        let plain = plain.output().unwrap().stdout;
        let mut apply = folder.command(BINARY);
        let config = format!("overlays/{overlay}/spot-distribution.yaml");
        apply.args(["apply", "--config", &config, "-"]);
        let behind = String::from_utf8(pipe(apply, plain)).unwrap();
        assert_eq!(documents(&behind), documents(&within), "{overlay}");
    }
}
