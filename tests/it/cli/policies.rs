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

/// The file that `--config` names is no manifest where it lies in the folder, and neither is another policy.
#[test]
fn policies_in_the_folder_are_not_applied() {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("policy.yaml", POLICY),
        ("other/policy.yaml", POLICY),
        ("web.yaml", WEB),
    ];
    for (name, text) in files {
        let path = folder.path().join("in").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let mut command = Command::cargo_bin("spot-distribution").unwrap();
    command.current_dir(folder.path());
    let done = command.args(["apply", "--config", "in/policy.yaml", "in"]);
    let left_out =
        "warning[not-a-manifest]: left out, no objects to be applied: in/other/policy.yaml\n";
    done.assert().success().stdout(WEB).stderr(left_out);
}

/// In a folder the input of another function's test is a manifest like any other; who names it means it.
#[test]
fn the_configuration_of_another_function_is_not_ours() {
    let list =
        "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: []\nfunctionConfig:\n";
    let configs = [
        "  apiVersion: fn.kpt.dev/v1alpha1\n  kind: SetNamespace\n  namespace: shop\n",
        "  apiVersion: v1\n  kind: ConfigMap\n  data: {namespace: shop}\n",
    ];
    for config in configs {
        let list = format!("{list}{config}");
        apply(None, &[("list.yaml", &list), ("web.yaml", WEB)]).success();
        let mut command = Command::cargo_bin("spot-distribution").unwrap();
        let refused = command.args(["apply", "-"]).write_stdin(list).assert();
        refused.code(1).stderr(contains("error[invalid-config]"));
    }
    let ours = format!(
        "{list}  apiVersion: spot-distribution.dev/v1alpha1\n  kind: SpotDistribution\n  spec: {{mode: on}}\n"
    );
    let refused = apply(None, &[("list.yaml", &ours), ("web.yaml", WEB)]).code(1);
    refused.stderr(contains("list.yaml: spec.mode"));
}
