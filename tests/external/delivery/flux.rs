//! Flux's own program pushes what was placed as an artifact, and gets it back as its controllers do.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use testing::programs::installed;

use super::BINARY;
use crate::orchestrators::folder::{Folder, succeed};

/// A registry on a port of its own, until it is dropped.
struct Registry {
    process: Child,
    port: String,
}

impl Registry {
    fn start() -> Self {
        let mut command = Command::new("registry");
        command.args(["-port", "0"]).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let mut line = String::new();
        let mut messages = BufReader::new(process.stderr.take().unwrap());
        messages.read_line(&mut line).unwrap();
        // It says every request.
        std::thread::spawn(move || messages.lines().for_each(drop));
        let port = line.trim().rsplit(' ').next().unwrap().to_owned();
        Self { process, port }
    }

    fn artifact(&self) -> String {
        format!("oci://localhost:{}/shop:production", self.port)
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn flux(folder: &Folder, what: &str, artifact: &str) -> Command {
    let mut flux = folder.command("flux");
    flux.env("HOME", folder.path());
    flux.args([what, "artifact", artifact, "--insecure-registry"]);
    flux
}

#[test]
fn the_artifact_holds_what_was_placed() {
    if !installed(&["flux", "registry", "kustomize"]) {
        return;
    }
    let folder = Folder::of_example("examples/argo-cd/app");
    let rendered = succeed(folder.command("kustomize").args(["build", "."]));
    folder.write("rendered.yaml", &rendered);
    let mut apply = folder.command(BINARY);
    apply.args(["apply", "--config", "spot-distribution.yaml"]);
    let placed = succeed(apply.arg("rendered.yaml"));
    folder.write("placed.yaml", &placed);

    let registry = Registry::start();
    let artifact = registry.artifact();
    let mut push = flux(&folder, "push", &artifact);
    push.args(["--path", "placed.yaml"]);
    push.args(["--source", "https://git.example.com/shop.git"]);
    succeed(push.args([
        "--revision",
        "main@sha1:0123456789abcdef0123456789abcdef01234567",
    ]));
    folder.write("pulled/.keep", "");
    succeed(flux(&folder, "pull", &artifact).args(["--output", "pulled"]));
    let pulled = folder.names();
    let pulled = pulled.iter().find(|it| {
        it.starts_with("pulled/") && Path::new(it).extension().is_some_and(|end| end == "yaml")
    });
    assert_eq!(folder.read(pulled.unwrap()), placed);
}
