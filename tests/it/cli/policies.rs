//! Where `apply` takes its policy from, and what must not pass for one.

use std::fs;

use assert_cmd::Command;
use predicates::str::contains;

const POLICY: &str =
    "apiVersion: spot-distribution.dev/v1alpha1\nkind: SpotDistribution\nmetadata: {name: p}\n";
const WEB: &str = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n";

fn apply(config: Option<&str>, manifests: &[(&str, &str)]) -> assert_cmd::assert::Assert {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in");
    fs::create_dir(&input).unwrap();
    for (name, text) in manifests {
        fs::write(input.join(name), text).unwrap();
    }
    let mut command = Command::cargo_bin("spot-distribution").unwrap();
    command.arg("apply");
    if let Some(config) = config {
        let path = folder.path().join("policy.yaml");
        fs::write(&path, config).unwrap();
        command.arg("--config").arg(path);
    }
    command.arg(input).assert()
}

#[test]
fn an_empty_configuration_is_not_the_defaults() {
    let failed = apply(Some("# nothing\n"), &[("web.yaml", WEB)])
        .code(1)
        .stdout("");
    failed.stderr(contains("the configuration is empty"));
}

#[test]
fn a_configuration_is_one_document() {
    let two = format!("{POLICY}---\n{POLICY}");
    let failed = apply(Some(&two), &[("web.yaml", WEB)]).code(1).stdout("");
    failed.stderr(contains("several documents"));
}

#[test]
fn a_policy_among_the_manifests_is_not_ignored() {
    let manifests = [("policy.yaml", POLICY), ("web.yaml", WEB)];
    let failed = apply(None, &manifests).code(1).stdout("");
    failed.stderr(contains(
        "policy.yaml: this is a configuration; name it with --config",
    ));
    apply(Some(POLICY), &manifests).success();
}
