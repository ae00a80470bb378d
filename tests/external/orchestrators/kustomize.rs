//! `kubectl kustomize`: the function as a container transformer.
//!
//! kubectl runs `docker`; a script of that name in front of the path runs the binary instead.

use std::process::Command;

use testing::programs::installed;

use super::BINARY;
use super::folder::{Folder, succeed};
use super::manifests::{autoscaler, deployment, documents, replicas};

const IMAGE: &str = "localhost/spot-distribution:latest";

/// A folder with a `docker` of our own.
pub struct Docker {
    folder: Folder,
}

impl Docker {
    /// It knows one image, which is the binary.
    pub fn new() -> Self {
        Self::of_image(IMAGE)
    }

    pub fn of_image(image: &str) -> Self {
        let last = "for last; do :; done";
        let check = format!("[ \"$1 $last\" = 'run {image}' ] || exit 125");
        Self::script(&format!("{last}\n{check}\nexec '{BINARY}'"))
    }

    /// It is podman.
    pub fn podman() -> Self {
        Self::script("exec podman \"$@\"")
    }

    fn script(script: &str) -> Self {
        let folder = Folder::empty();
        folder.script("docker", script);
        Self { folder }
    }

    /// The path with it in front.
    pub fn path(&self) -> String {
        let path = std::env::var("PATH").unwrap();
        format!("{}:{path}", self.folder.path().display())
    }

    /// `kubectl kustomize` of a folder.
    pub fn kustomize(&self, folder: &Folder, kustomization: &str) -> Command {
        let mut kubectl = folder.command("kubectl");
        kubectl.env("PATH", self.path()).args([
            "kustomize",
            "--enable-alpha-plugins",
            kustomization,
        ]);
        kubectl
    }

    /// The manifests that it prints.
    pub fn built(&self, folder: &Folder, kustomization: &str) -> String {
        let output = self.kustomize(folder, kustomization).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{stderr}");
        String::from_utf8(output.stdout).unwrap()
    }
}

fn config(function: &str, spec: &str) -> String {
    let head = "apiVersion: spot-distribution.dev/v1alpha1\nkind: SpotDistribution\n";
    let annotation =
        format!("  annotations:\n    config.kubernetes.io/function: |\n      {function}");
    format!("{head}metadata:\n  name: policy\n{annotation}\nspec: {spec}\n")
}

fn container(spec: &str) -> String {
    config(&format!("container: {{image: \"{IMAGE}\"}}"), spec)
}

/// Versions of kubectl print the same objects, though not always in the same order or with the same
/// line breaks, so what they print is compared as objects. `UPDATE_GOLDEN=1` writes the files again.
fn expect(overlay: &str) {
    if !installed(&["kubectl"]) {
        return;
    }
    let example = Folder::of_example("examples/kustomize/in");
    let built = Docker::new().built(&example, &format!("overlays/{overlay}"));
    let project = env!("CARGO_MANIFEST_DIR");
    let golden = format!("{project}/examples/kustomize/out-{overlay}.yaml");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&golden, &built).unwrap();
    }
    let expected = std::fs::read_to_string(&golden).unwrap();
    assert_eq!(documents(&built), documents(&expected), "{golden}");
}

#[test]
fn the_staging_overlay() {
    expect("staging");
}

#[test]
fn the_production_overlay() {
    expect("production");
}

/// kustomize gives names their prefix before the function runs, and mends references to them after.
#[test]
fn an_autoscaler_is_known_by_the_name_before_the_prefix() {
    if !installed(&["kubectl"]) {
        return;
    }
    let folder = Folder::of([
        (
            "base/kustomization.yaml",
            "resources: [web.yaml, hpa.yaml]\n",
        ),
        ("base/web.yaml", &deployment("web", 10)),
        ("base/hpa.yaml", &autoscaler("web", 12)),
        (
            "kustomization.yaml",
            "namePrefix: eu-\nnameSuffix: -v2\nnamespace: shop\nresources: [base]\ntransformers: [policy.yaml]\n",
        ),
        ("policy.yaml", &container("{}")),
    ]);
    let built = Docker::new().built(&folder, ".");
    assert_eq!(
        replicas(&built, "eu-web-v2"),
        10,
        "the autoscaler's own business"
    );
    assert_eq!(replicas(&built, "eu-web-v2-on-demand"), 3);
}

/// Every overlay that renders sees what the one below it rendered.
#[test]
fn a_base_and_an_overlay_that_both_render() {
    if !installed(&["kubectl"]) {
        return;
    }
    let folder = Folder::of([
        (
            "base/kustomization.yaml",
            "resources: [web.yaml]\ntransformers: [policy.yaml]\n",
        ),
        ("base/web.yaml", &deployment("web", 10)),
        ("base/policy.yaml", &container("{}")),
        (
            "same/kustomization.yaml",
            "resources: [../base]\ntransformers: [policy.yaml]\n",
        ),
        ("same/policy.yaml", &container("{}")),
        (
            "other/kustomization.yaml",
            "namePrefix: eu-\nresources: [../base]\ntransformers: [policy.yaml]\n",
        ),
        (
            "other/policy.yaml",
            &container("{defaults: {deployment: {onDemand: {base: 5, percentAboveBase: 0}}}}"),
        ),
    ]);
    let docker = Docker::new();
    let base = docker.built(&folder, "base");
    assert_eq!(docker.built(&folder, "same"), base);
    let other = docker.built(&folder, "other");
    assert_eq!(documents(&other).len(), 2, "{other}");
    assert_eq!(replicas(&other, "eu-web"), 5);
    assert_eq!(replicas(&other, "eu-web-on-demand"), 5);
}

#[test]
fn a_failure_prints_nothing_but_the_reason() {
    if !installed(&["kubectl"]) {
        return;
    }
    let folder = Folder::of([
        (
            "kustomization.yaml",
            "resources: [web.yaml]\ntransformers: [policy.yaml]\n",
        ),
        ("web.yaml", &deployment("web", 10)),
        ("policy.yaml", &container("{mode: check}")),
    ]);
    let output = Docker::new().kustomize(&folder, ".").output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(output.stdout.is_empty());
    assert!(
        stderr.contains("error[not-placed] Deployment/web"),
        "{stderr}"
    );
}

/// kubectl leaves `exec:` functions out without a word. The mark tells whether one has run.
#[test]
fn kubectl_skips_an_exec_function_and_the_mark_shows_it() {
    if !installed(&["kubectl", "grep"]) {
        return;
    }
    let folder = Folder::of([
        (
            "kustomization.yaml",
            "resources: [web.yaml]\ntransformers: [policy.yaml]\n",
        ),
        ("web.yaml", &deployment("web", 10)),
        (
            "policy.yaml",
            &config(&format!("exec: {{path: \"{BINARY}\"}}"), "{}"),
        ),
    ]);
    let docker = Docker::new();
    let skipped = docker.built(&folder, ".");
    assert_eq!(replicas(&skipped, "web"), 10);
    let check =
        "kubectl kustomize --enable-alpha-plugins . | grep -q spot-distribution.dev/applied";
    let status = |folder: &Folder| {
        let mut sh = folder.command("sh");
        sh.args(["-c", check]).env("PATH", docker.path());
        sh.status().unwrap()
    };
    assert!(!status(&folder).success());
    folder.write("policy.yaml", &container("{}"));
    assert!(status(&folder).success());
}

/// What is said about the placement reaches the person who builds.
#[test]
fn warnings_reach_standard_error() {
    if !installed(&["kubectl"]) {
        return;
    }
    let web = deployment("web", 10).replace("  replicas: 10 # on a Monday\n", "");
    let folder = Folder::of([
        (
            "kustomization.yaml",
            "resources: [web.yaml]\ntransformers: [policy.yaml]\n",
        ),
        ("web.yaml", &web),
        ("policy.yaml", &container("{}")),
    ]);
    let said = succeed(&mut Docker::new().kustomize(&folder, "."));
    assert!(
        said.contains("warning[replicas-unknown] Deployment/web"),
        "{said}"
    );
}
