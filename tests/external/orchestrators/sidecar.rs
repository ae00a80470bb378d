//! The sidecar of the example for Argo CD, with Argo CD's own plugin server in it, and Argo CD's own
//! client to ask it.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;
use testing::programs::{find, installed};

use super::folder::{Folder, said, succeed};
use super::image::image;

const PROGRAMS: [&str; 6] = [
    "podman",
    "busybox",
    "kustomize",
    "helm",
    "argocd-cmp-server",
    "argocd-cmp-client",
];
/// What the repo server says of every application.
const ENVIRONMENT: [&str; 4] = [
    "ARGOCD_APP_NAME=shop",
    "ARGOCD_APP_NAMESPACE=shop",
    "ARGOCD_APP_SOURCE_PATH=app",
    "KUBE_VERSION=1.33.0",
];

/// The sidecar, from its start to its removal.
pub struct Sidecar {
    name: String,
    shared: Folder,
}

impl Sidecar {
    /// As in the pod of the repo server, where an init container has put the server; more strictly,
    /// without network. Nothing where a program is missing.
    pub fn start(name: &str) -> Option<Self> {
        if !installed(&PROGRAMS) {
            return None;
        }
        let image = sidecar_image(&image()?);
        let shared = Folder::empty();
        shared.write("plugins/.keep", "");
        let plugins = shared.path().join("plugins");
        std::fs::set_permissions(&plugins, std::fs::Permissions::from_mode(0o777)).unwrap();
        let server = find("argocd-cmp-server").unwrap().canonicalize().unwrap();
        let name = format!("spot-distribution-{name}-{}", std::process::id());
        let mut podman = Command::new("podman");
        podman.args([
            "run",
            "--detach",
            "--rm",
            "--name",
            &name,
            "--network",
            "none",
        ]);
        podman.args([
            "--user",
            "999",
            "--read-only",
            "--read-only-tmpfs=false",
            "--cap-drop",
            "all",
        ]);
        podman.args([
            "--security-opt",
            "no-new-privileges",
            "--tmpfs",
            "/tmp:mode=1777",
        ]);
        podman.arg("-v").arg(format!(
            "{}:/var/run/argocd/argocd-cmp-server:ro",
            server.display()
        ));
        podman.arg("-v").arg(format!(
            "{}:/home/argocd/cmp-server/plugins",
            plugins.display()
        ));
        succeed(podman.args([&image, "/var/run/argocd/argocd-cmp-server"]));
        let sidecar = Self { name, shared };
        sidecar.wait();
        Some(sidecar)
    }

    fn socket(&self) -> PathBuf {
        self.shared.path().join("plugins/spot-distribution.sock")
    }

    fn wait(&self) {
        let start = Instant::now();
        while !self.socket().exists() {
            let log = || {
                said(
                    &Command::new("podman")
                        .args(["logs", &self.name])
                        .output()
                        .unwrap(),
                )
            };
            assert!(
                start.elapsed() < Duration::from_secs(60),
                "no socket\n{}",
                log()
            );
            sleep(Duration::from_millis(100));
        }
    }

    pub fn ask(&self, method: &str, repository: &Folder, environment: &[&str]) -> Output {
        let mut client = Command::new("argocd-cmp-client");
        client
            .arg(self.socket())
            .arg(method)
            .arg(repository.path())
            .arg("app");
        client.args(ENVIRONMENT).args(environment).output().unwrap()
    }

    /// What the application in `repository` becomes, as a stream.
    pub fn generated(&self, repository: &Folder, environment: &[&str]) -> String {
        let output = self.ask("generate", repository, environment);
        assert!(output.status.success(), "{}", said(&output));
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        let manifests = answer["manifests"].as_array().unwrap().iter();
        let manifests: Vec<_> = manifests.map(|it| it.as_str().unwrap()).collect();
        manifests.join("\n---\n")
    }

    /// Why nothing becomes of it.
    pub fn refused(&self, repository: &Folder, environment: &[&str]) -> String {
        let output = self.ask("generate", repository, environment);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        said
    }
}

impl Drop for Sidecar {
    fn drop(&mut self) {
        drop(
            Command::new("podman")
                .args(["rm", "--force", "--time", "0", &self.name])
                .output(),
        );
    }
}

/// The Dockerfile of the example, with what is installed here in place of images from elsewhere.
fn sidecar_image(function: &str) -> String {
    let tag = "localhost/spot-distribution-argo-cd:test";
    let context = Folder::of_example("examples/argo-cd/plugin");
    let copy = |program: &str, to: &str| {
        let to = context.path().join(to);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(find(program).unwrap(), to).unwrap();
    };
    copy("kustomize", "bases/kustomize");
    copy("helm", "bases/helm");
    copy("busybox", "bases/busybox");
    let bases = [
        (
            "registry.k8s.io/kustomize/kustomize:v5.8.2",
            "COPY bases/kustomize /app/kustomize",
        ),
        ("alpine/helm:4.3.1", "COPY bases/helm /usr/bin/helm"),
        ("busybox:1.37", "COPY bases/busybox /bin/sh"),
    ];
    let dockerfile = context.read("Dockerfile");
    let mut dockerfile = dockerfile.replace("localhost/spot-distribution:latest", function);
    for (base, content) in bases {
        assert!(dockerfile.contains(base), "{base}");
        dockerfile = dockerfile.replace(&format!("FROM {base}"), &format!("FROM {}", name(base)));
        let base = format!("FROM scratch AS {}\n{content}\n", name(base));
        dockerfile.insert_str(0, &base);
    }
    context.write("Dockerfile", &dockerfile);
    let mut podman = context.command("podman");
    succeed(podman.args(["build", "--pull=never", "--tag", tag, "."]));
    tag.to_owned()
}

/// A name for the stage that stands in for an image.
fn name(image: &str) -> String {
    image.replace(['/', ':', '.'], "-")
}
