//! Argo CD's config management plugin: the sidecar of the example under Argo CD's own plugin server,
//! asked by Argo CD's own client.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::BINARY;
use crate::folder::{Folder, said, succeed};
use crate::image::image;
use crate::manifests::{documents, replicas};
use crate::programs::installed;

const EXAMPLE: &str = "examples/argo-cd";
const PROGRAMS: [&str; 5] = [
    "podman",
    "busybox",
    "kustomize",
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
struct Sidecar {
    name: String,
    shared: Folder,
}

impl Sidecar {
    /// As in the pod of the repo server, where an init container has put the server; more strictly,
    /// without network. Nothing where a program is missing.
    fn start(name: &str) -> Option<Self> {
        if !installed(&PROGRAMS) {
            return None;
        }
        let image = sidecar_image(&image()?);
        let shared = Folder::empty();
        shared.write("plugins/.keep", "");
        let plugins = shared.path().join("plugins");
        std::fs::set_permissions(&plugins, std::fs::Permissions::from_mode(0o777)).unwrap();
        let server = path_of("argocd-cmp-server").canonicalize().unwrap();
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

    fn ask(&self, method: &str, repository: &Folder, environment: &[&str]) -> Output {
        let mut client = Command::new("argocd-cmp-client");
        client
            .arg(self.socket())
            .arg(method)
            .arg(repository.path())
            .arg("app");
        client.args(ENVIRONMENT).args(environment).output().unwrap()
    }

    /// What the application in `repository` becomes, as a stream.
    fn generated(&self, repository: &Folder, environment: &[&str]) -> String {
        let output = self.ask("generate", repository, environment);
        assert!(output.status.success(), "{}", said(&output));
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        let manifests = answer["manifests"].as_array().unwrap().iter();
        let manifests: Vec<_> = manifests.map(|it| it.as_str().unwrap()).collect();
        manifests.join("\n---\n")
    }

    /// Why nothing becomes of it.
    fn refused(&self, repository: &Folder, environment: &[&str]) -> String {
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
    let context = Folder::of_example(&format!("{EXAMPLE}/plugin"));
    let copy = |program: &str, to: &str| {
        let to = context.path().join(to);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(path_of(program), to).unwrap();
    };
    copy("kustomize", "bases/kustomize");
    copy("busybox", "bases/busybox");
    let bases = [
        (
            "registry.k8s.io/kustomize/kustomize:v5.7.1",
            "COPY bases/kustomize /app/kustomize",
        ),
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

/// Where an installed program is.
fn path_of(program: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap();
    let mut candidates = std::env::split_paths(&path).map(|folder| folder.join(program));
    candidates.find(|candidate| candidate.is_file()).unwrap()
}

fn golden() -> Vec<Value> {
    let path = format!("{}/{EXAMPLE}/rendered.yaml", env!("CARGO_MANIFEST_DIR"));
    documents(&std::fs::read_to_string(path).unwrap())
}

/// The command alone; `UPDATE_GOLDEN=1` writes anew what it prints.
#[test]
fn the_command_prints_manifests() {
    if !installed(&["sh", "kustomize"]) {
        return;
    }
    let repository = Folder::of_example(EXAMPLE);
    let bin = PathBuf::from(BINARY);
    let path = std::env::var("PATH").unwrap();
    let mut generate = Command::new("sh");
    generate
        .arg("../plugin/generate")
        .current_dir(repository.path().join("app"));
    generate.env(
        "PATH",
        format!("{}:{path}", bin.parent().unwrap().display()),
    );
    let built = String::from_utf8(generate.output().unwrap().stdout).unwrap();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let project = env!("CARGO_MANIFEST_DIR");
        std::fs::write(format!("{project}/{EXAMPLE}/rendered.yaml"), &built).unwrap();
    }
    assert_eq!(documents(&built), golden());
    assert_eq!(replicas(&built, "web-on-demand"), 4);
}

#[test]
fn the_plugin_generates_the_same_twice() {
    let Some(sidecar) = Sidecar::start("generate") else {
        return;
    };
    let repository = Folder::of_example(EXAMPLE);
    let once = sidecar.generated(&repository, &[]);
    assert_eq!(documents(&once), golden());
    assert_eq!(sidecar.generated(&repository, &[]), once);
}

#[test]
fn it_is_found_by_the_policy_and_announces_its_parameter() {
    let Some(sidecar) = Sidecar::start("discover") else {
        return;
    };
    let repository = Folder::of_example(EXAMPLE);
    let found = || said(&sidecar.ask("match", &repository, &[]));
    assert!(found().contains("\"isSupported\":true"), "{}", found());
    let announced = said(&sidecar.ask("parameters", &repository, &[]));
    assert!(announced.contains("\"name\":\"policy\""), "{announced}");
    std::fs::remove_file(repository.path().join("app/spot-distribution.yaml")).unwrap();
    assert!(!found().contains("\"isSupported\":true"), "{}", found());
}

#[test]
fn the_parameter_names_the_policy() {
    let Some(sidecar) = Sidecar::start("parameter") else {
        return;
    };
    let repository = Folder::of_example(EXAMPLE);
    let policy = repository
        .read("app/spot-distribution.yaml")
        .replace("base: 3", "base: majority");
    repository.write("app/policies/strict.yaml", &policy);
    let strict = sidecar.generated(&repository, &["PARAM_POLICY=policies/strict.yaml"]);
    assert_eq!(replicas(&strict, "web-on-demand"), 6);
    let said = sidecar.refused(&repository, &["PARAM_POLICY=policies/none.yaml"]);
    assert!(said.contains("policies/none.yaml"), "{said}");
    let said = sidecar.refused(&repository, &["PARAM_POLICY=../plugin/plugin.yaml"]);
    assert!(said.contains("not a file of the application"), "{said}");
}

/// With an empty output and success, Argo CD would prune the whole application.
#[test]
fn whatever_goes_wrong_is_an_error() {
    let Some(sidecar) = Sidecar::start("errors") else {
        return;
    };
    let broken = |path: &str, text: &str| {
        let repository = Folder::of_example(EXAMPLE);
        repository.write(path, text);
        sidecar.refused(&repository, &[])
    };
    let said = broken("app/kustomization.yaml", "resources: [nowhere.yaml]\n");
    assert!(said.contains("nowhere.yaml"), "{said}");
    let said = broken("app/kustomization.yaml", "namespace: shop\n");
    assert!(said.contains("not a single resource"), "{said}");
    let said = broken("app/spot-distribution.yaml", "kind: SpotDistribution\n");
    assert!(said.contains("apiVersion"), "{said}");
    let repository = Folder::of_example(EXAMPLE);
    repository.replace(
        "  name: web\nspec",
        "  name: web\n  annotations: {spot-distribution.dev/strategy: flor}\nspec",
    );
    let said = sidecar.refused(&repository, &[]);
    assert!(said.contains("flor"), "{said}");
}

/// Argo CD's own Deployment takes the patch, and has the volumes that the sidecar mounts.
#[test]
fn the_patch_fits_the_repo_server() {
    if !installed(&["kubectl", "go"]) {
        return;
    }
    let mut go = Command::new("go");
    let module = "github.com/argoproj/argo-cd/v3";
    go.args(["mod", "download", "-json", module]);
    go.current_dir(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/programs/go/argocd"
    ));
    let found: Value = serde_json::from_slice(&go.output().unwrap().stdout).unwrap();
    let base = format!(
        "{}/manifests/base/repo-server",
        found["Dir"].as_str().unwrap()
    );
    let deployment = format!("{base}/argocd-repo-server-deployment.yaml");
    let patch = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/examples/argo-cd/plugin/repo-server.yaml"
    );
    let mut kubectl = Command::new("kubectl");
    kubectl.args([
        "patch",
        "--local",
        "-o",
        "yaml",
        "-f",
        &deployment,
        "--patch-file",
        patch,
    ]);
    let patched = succeed(kubectl.env("KUBECONFIG", "/dev/null"));
    let pod = &documents(&patched)[0]["spec"]["template"]["spec"];
    let names = |list: &Value| -> Vec<String> {
        let items = list.as_array().unwrap().iter();
        items
            .map(|item| item["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let containers = pod["containers"].as_array().unwrap();
    assert_eq!(containers.len(), 2, "{patched}");
    let mut containers = containers.iter();
    let sidecar = containers
        .find(|it| it["name"] == "spot-distribution")
        .unwrap();
    let volumes = names(&pod["volumes"]);
    for mount in names(&sidecar["volumeMounts"]) {
        assert!(volumes.contains(&mount), "{mount} is not among {volumes:?}");
    }
    let copied = pod["initContainers"].to_string();
    assert!(copied.contains("argocd-cmp-server"), "{copied}");
}
