//! The real `kustomize build`: the function as a program and as a container.

use std::process::Command;

use testing::programs::installed;

use super::BINARY;
use super::folder::{Folder, succeed};
use super::kustomize::Docker;
use super::manifests::{deployment, documents, replicas};

const OVERLAYS: [&str; 2] = ["staging", "production"];
const CONTAINER: &str = "container:\n        image: localhost/spot-distribution:latest";

fn kustomize(folder: &Folder, kustomization: &str, flags: &[&str]) -> Command {
    let mut kustomize = folder.command("kustomize");
    kustomize.args(["build", kustomization, "--enable-alpha-plugins"]);
    kustomize.args(flags);
    kustomize
}

/// What it prints; nothing may be said besides, unless the function has a warning.
fn built(mut kustomize: Command) -> String {
    let output = kustomize.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    String::from_utf8(output.stdout).unwrap()
}

/// The example with the program in place of the container.
fn example() -> Folder {
    let folder = Folder::of_example("examples/kustomize/in");
    folder.replace(CONTAINER, &format!("exec:\n        path: {BINARY}"));
    folder
}

fn golden(overlay: &str) -> String {
    let project = env!("CARGO_MANIFEST_DIR");
    let path = format!("{project}/examples/kustomize/out-{overlay}.yaml");
    std::fs::read_to_string(path).unwrap()
}

/// What `build` makes of each overlay in `folder` is what stands beside the example.
fn overlays_are_golden(folder: &Folder, build: impl Fn(Command) -> String, flags: &[&str]) {
    for overlay in OVERLAYS {
        let overlay_folder = format!("overlays/{overlay}");
        let found = build(kustomize(folder, &overlay_folder, flags));
        assert_eq!(documents(&found), documents(&golden(overlay)), "{overlay}");
    }
}

#[test]
fn as_a_program_the_overlays_are_what_kubectl_builds_with_the_container() {
    if installed(&["kustomize"]) {
        overlays_are_golden(&example(), built, &["--enable-exec"]);
    }
}

#[test]
fn as_a_container() {
    if !installed(&["kustomize"]) {
        return;
    }
    let docker = Docker::new();
    let folder = Folder::of_example("examples/kustomize/in");
    let with_docker = |mut command: Command| {
        command.env("PATH", docker.path());
        built(command)
    };
    overlays_are_golden(&folder, with_docker, &[]);
}

/// What was built once, as the resources of another kustomization with the same policy.
#[test]
fn built_again_from_what_was_built() {
    if !installed(&["kustomize"]) {
        return;
    }
    for overlay in OVERLAYS {
        let folder = example();
        let once = built(kustomize(
            &folder,
            &format!("overlays/{overlay}"),
            &["--enable-exec"],
        ));
        folder.write("again/built.yaml", &once);
        let policy = folder.read(&format!("overlays/{overlay}/spot-distribution.yaml"));
        folder.write("again/policy.yaml", &policy);
        let again = "resources: [built.yaml]\ntransformers: [policy.yaml]\n";
        folder.write("again/kustomization.yaml", again);
        assert_eq!(
            built(kustomize(&folder, "again", &["--enable-exec"])),
            once,
            "{overlay}"
        );
    }
}

/// Like kubectl, it leaves the function out without a word where it may not run programs.
#[test]
fn without_enable_exec_it_is_skipped() {
    if !installed(&["kustomize"]) {
        return;
    }
    let folder = example();
    let skipped = built(kustomize(&folder, "overlays/production", &[]));
    assert!(
        !skipped.contains("spot-distribution.dev/applied"),
        "{skipped}"
    );
    assert_eq!(replicas(&skipped, "prod-api"), 10);
}

/// A path is seen from the kustomization that names the policy, wherever kustomize is started; a
/// file that may not be executed is an error.
#[test]
fn a_program_in_the_repository() {
    if !installed(&["kustomize"]) {
        return;
    }
    let policy = "\
apiVersion: spot-distribution.dev/v1alpha1
kind: SpotDistribution
metadata:
  name: policy
  annotations:
    config.kubernetes.io/function: |
      exec: {path: ../bin/function}
";
    let folder = Folder::of([
        (
            "app/kustomization.yaml",
            "resources: [web.yaml]\ntransformers: [policy.yaml]\n",
        ),
        ("app/web.yaml", &deployment("web", 10)),
        ("app/policy.yaml", policy),
    ]);
    folder.script("bin/function", &format!("exec '{BINARY}'"));
    let app = folder.path().join("app").display().to_string();
    let mut elsewhere = kustomize(&folder, &app, &["--enable-exec"]);
    elsewhere.current_dir("/");
    assert_eq!(replicas(&built(elsewhere), "web"), 8);

    folder.write("bin/other", &folder.read("bin/function"));
    folder.replace("bin/function", "bin/other");
    let output = kustomize(&folder, "app", &["--enable-exec"])
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        !output.status.success() && output.stdout.is_empty(),
        "{stderr}"
    );
    assert!(stderr.contains("permission denied"), "{stderr}");
}

/// The check of the page, with either outcome.
#[test]
fn the_mark_tells_whether_it_ran() {
    if !installed(&["kustomize", "sh", "grep"]) {
        return;
    }
    let folder = example();
    let check = |flags: &str| {
        let build = format!("kustomize build overlays/production --enable-alpha-plugins {flags}");
        let script = format!("{build} | grep -q spot-distribution.dev/applied");
        folder
            .command("sh")
            .args(["-c", &script])
            .status()
            .unwrap()
            .success()
    };
    assert!(check("--enable-exec"));
    assert!(!check(""));
    succeed(&mut kustomize(&folder, "overlays/production", &[]));
}

/// `validators:` is no place for a function, not even for one that returns its input.
#[test]
fn under_validators_every_function_fails() {
    if !installed(&["kustomize", "cat"]) {
        return;
    }
    let policy = "\
apiVersion: example.com/v1
kind: Nothing
metadata:
  name: nothing
  annotations:
    config.kubernetes.io/function: |
      exec: {path: cat}
";
    let folder = Folder::of([
        (
            "kustomization.yaml",
            "resources: [web.yaml]\ntransformers: [nothing.yaml]\n",
        ),
        ("web.yaml", &deployment("web", 10)),
        ("nothing.yaml", policy),
    ]);
    succeed(&mut kustomize(&folder, ".", &["--enable-exec"]));
    folder.replace("transformers", "validators");
    let output = kustomize(&folder, ".", &["--enable-exec"])
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{stderr}");
    assert!(
        stderr.contains("validator shouldn't modify the resource map"),
        "{stderr}"
    );
}
