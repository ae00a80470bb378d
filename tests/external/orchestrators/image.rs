//! The container image gives what the binary gives, however it is run.
//!
//! `SPOT_DISTRIBUTION_IMAGE` names the image; `scripts/image` builds it.

use std::env;
use std::io::{self, Write};
use std::process::{Command, Output};

use assert_cmd::Command as Piped;
use testing::programs::installed;

use super::BINARY;
use super::folder::{Folder, succeed};
use super::kustomize::Docker;
use super::manifests::deployment;

const VARIABLE: &str = "SPOT_DISTRIBUTION_IMAGE";

/// The image, if there is one; there must be in CI.
pub fn image() -> Option<String> {
    if !installed(&["podman"]) {
        return None;
    }
    let image = env::var(VARIABLE).ok();
    assert!(
        image.is_some() || env::var_os("CI").is_none(),
        "{VARIABLE} is not set"
    );
    if image.is_none() {
        let message = "skipped: SPOT_DISTRIBUTION_IMAGE names no image, scripts/image builds one";
        drop(writeln!(io::stderr(), "{message}"));
    }
    image
}

fn inspect(image: &str, format: &str) -> String {
    let mut podman = Command::new("podman");
    let said = succeed(podman.args(["image", "inspect", "--format", format, image]));
    said.trim().to_owned()
}

/// Runs the image as orchestrators do, and more strictly.
fn run(image: &str, arguments: &[&str], input: &str) -> Output {
    let mut podman = Piped::new("podman");
    podman
        .args([
            "run",
            "--rm",
            "-i",
            "--network",
            "none",
            "--user",
            "nobody",
            "--read-only",
        ])
        .args([
            "--security-opt",
            "no-new-privileges",
            "--cap-drop",
            "all",
            image,
        ])
        .args(arguments);
    podman.write_stdin(input).output().unwrap()
}

#[test]
fn small_and_not_root() {
    let Some(image) = image() else { return };
    let size: u64 = inspect(&image, "{{.Size}}").parse().unwrap();
    assert!(size < 10_000_000, "{size} bytes");
    assert_eq!(inspect(&image, "{{.Config.User}}"), "65534:65534");
    let label = |name| {
        inspect(
            &image,
            &format!("{{{{index .Labels \"org.opencontainers.image.{name}\"}}}}"),
        )
    };
    assert_eq!(label("version"), env!("CARGO_PKG_VERSION"));
    assert_eq!(label("licenses"), "Apache-2.0");
}

#[test]
fn the_bytes_of_the_binary() {
    let Some(image) = image() else { return };
    let web = deployment("web", 10);
    let list = format!(
        "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- {}",
        web.trim_end().replace('\n', "\n  ")
    );
    let cases: [(&[&str], &str); 5] = [
        (&[], &list),
        (&[], "not a list"),
        (&["apply", "-"], &web),
        (&["apply", "-"], ""),
        (&["--help"], ""),
    ];
    for (arguments, input) in cases {
        let found = run(&image, arguments, input);
        let expected = Piped::new(BINARY)
            .args(arguments)
            .write_stdin(input)
            .output()
            .unwrap();
        assert_eq!(found, expected, "{arguments:?}");
    }
}

fn kpt(package: &Folder, arguments: &[&str]) -> Command {
    let mut kpt = package.command("kpt");
    // The older and the newer name.
    kpt.env("KPT_FN_RUNTIME", "podman")
        .env("KRM_FN_RUNTIME", "podman");
    kpt.arg("fn").args(arguments);
    kpt
}

#[test]
fn under_kpt() {
    let Some(image) = image() else { return };
    if !installed(&["kpt"]) {
        return;
    }
    let found = Folder::of_example("examples/kpt/in");
    succeed(&mut kpt(&found, &["eval", "--image", &image]));
    let expected = Folder::of_example("examples/kpt/in");
    succeed(&mut kpt(&expected, &["eval", "--exec", BINARY]));
    assert_eq!(found.files(), expected.files());
}

#[test]
fn in_a_kptfile() {
    let Some(image) = image() else { return };
    if !installed(&["kpt"]) {
        return;
    }
    let named = "image: localhost/spot-distribution:latest";
    let found = Folder::of_example("examples/kpt/in");
    found.replace(named, &format!("image: {image}"));
    succeed(&mut kpt(&found, &["render"]));
    let expected = Folder::of_example("examples/kpt/in");
    expected.replace(named, &format!("exec: {BINARY}"));
    succeed(&mut kpt(&expected, &["render", "--allow-exec"]));
    found.replace(&format!("image: {image}"), named);
    expected.replace(&format!("exec: {BINARY}"), named);
    assert_eq!(found.files(), expected.files());
}

#[test]
fn under_kustomize() {
    let Some(image) = image() else { return };
    if !installed(&["kubectl"]) {
        return;
    }
    let example = Folder::of_example("examples/kustomize/in");
    example.replace("localhost/spot-distribution:latest", &image);
    for overlay in ["overlays/staging", "overlays/production"] {
        let found = Docker::podman().built(&example, overlay);
        let expected = Docker::of_image(&image).built(&example, overlay);
        assert_eq!(found, expected);
    }
}
