//! The real kubectl, which needs no cluster to annotate what it reads.

use std::process::Command;

use serde_json::Value;
use testing::programs::installed;

use super::readers::{Reader, available, pipe};

const MANIFEST: &str = "\
apiVersion: example.com/v1
kind: Thing
metadata: {name: thing}
spec: {octal: 010, on: on, y: y, quoted: \"on\", date: 2001-01-01, thousand: 1_000, minutes: 1:30,
  binary: !!binary aGVsbG8=, text: !!str 1, hex: 0x1F, float: 1e3, \"=\": =, merged: {<<: {a: 1}}}
";

/// The reader that stands for kubectl reads as kubectl does.
#[test]
fn our_reader_is_the_one_of_kubectl() {
    if !available() || !installed(&["kubectl"]) {
        return;
    }
    let mut command = Command::new("kubectl");
    command.args(["annotate", "--local", "-f", "-", "-o", "json", "oracle-"]);
    let real = pipe(command.env("KUBECONFIG", "/dev/null"), MANIFEST.as_bytes());
    let real: Value = serde_json::from_slice(&real).unwrap();
    let ours = Reader::Kubectl.read(&[MANIFEST.to_owned()]);
    assert_eq!(real["spec"], ours[0].as_ref().unwrap()["spec"]);
}
