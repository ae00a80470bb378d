//! The objects that make Flux follow the rendered branch or artifact, decoded strictly into Flux's own types.

use std::fs::File;
use std::io::Write;
use std::process::{Command, Stdio};

use testing::programs::installed;

use super::ROOT;
use super::said;

const FILE: &str = "examples/flux/in/flux.yaml";
const OCI: &str = "examples/flux/oci.yaml";

#[test]
fn flux_knows_every_field() {
    if !installed(&["flux-objects"]) {
        return;
    }
    for (file, source) in [(FILE, "GitRepository"), (OCI, "OCIRepository")] {
        let manifests = File::open(format!("{ROOT}/{file}")).unwrap();
        let (succeeded, said) = said(Command::new("flux-objects").stdin(manifests));
        assert!(succeeded, "{said}");
        assert_eq!(said, format!("{source} shop\nKustomization shop\n"));
    }
}

#[test]
fn a_field_that_flux_does_not_know_is_noticed() {
    if !installed(&["flux-objects"]) {
        return;
    }
    let text = std::fs::read_to_string(format!("{ROOT}/{FILE}")).unwrap();
    let wrong = text.replace("prune: true", "prunes: true");
    assert_ne!(text, wrong);
    let mut command = Command::new("flux-objects");
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::null());
    let mut child = piped.stderr(Stdio::null()).spawn().unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(wrong.as_bytes())
        .unwrap();
    assert!(!child.wait().unwrap().success());
}
