//! Files and folders as arguments of `apply`, and `--config`.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::process::Output;

use predicates::str::contains;
use tempfile::TempDir;

use super::{WEB, command, failure};

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn apply(folder: &TempDir, arguments: &[&str]) -> Output {
    let mut command = command();
    command.current_dir(folder.path()).arg("apply");
    command.args(arguments).output().unwrap()
}

/// The names of the Deployments that it prints.
fn names(output: &Output) -> Vec<String> {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    let stdout = String::from_utf8_lossy(&output.stdout);
    let names = stdout
        .lines()
        .filter_map(|line| line.strip_prefix("  name: "));
    names.map(str::to_owned).collect()
}

fn named(name: &str) -> String {
    WEB.replace("web", name)
}

#[test]
fn several_files_in_the_order_they_are_named() {
    let folder = folder(&[("a.yaml", &named("a")), ("b.yaml", &named("b"))]);
    let found = names(&apply(&folder, &["b.yaml", "a.yaml"]));
    assert_eq!(found, ["b", "b-on-demand", "a", "a-on-demand"]);
}

#[test]
fn a_folder_by_name_without_other_files() {
    let folder = folder(&[
        ("b/web.yml", &named("b")),
        (
            "a.json",
            r#"{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"x"}}"#,
        ),
        ("a.yaml", &named("a")),
        ("notes.txt", "not: a manifest"),
        (".hidden/web.yaml", "not a manifest"),
        (".web.yaml", "not a manifest"),
    ]);
    let found = names(&apply(&folder, &["."]));
    assert_eq!(found, ["a", "a-on-demand", "b", "b-on-demand"]);
}

#[test]
fn standard_input_beside_a_file() {
    let folder = folder(&[("a.yaml", &named("a"))]);
    let mut command = command();
    command
        .current_dir(folder.path())
        .args(["apply", "-", "a.yaml"]);
    let found = names(&command.write_stdin(WEB).output().unwrap());
    assert_eq!(found, ["web", "web-on-demand", "a", "a-on-demand"]);
}

#[test]
fn every_file_that_cannot_be_read_is_named() {
    let folder = folder(&[("a.yaml", &named("a"))]);
    symlink("nowhere", folder.path().join("lost.yaml")).unwrap();
    let output = apply(&folder, &["missing.yaml", "a.yaml", "lost.yaml", "gone/"]);
    let said = failure(&output);
    for name in ["missing.yaml", "lost.yaml", "gone/"] {
        assert!(said.contains(&format!("{name} cannot be read")), "{said}");
    }
}

/// A memory without an address: even root cannot read it.
#[test]
fn a_file_without_permission() {
    let folder = folder(&[]);
    symlink("/proc/self/mem", folder.path().join("secret.yaml")).unwrap();
    let said = failure(&apply(&folder, &["secret.yaml"]));
    assert!(said.contains("secret.yaml cannot be read"), "{said}");
    let said = failure(&apply(&folder, &["."]));
    let why = "not readable as YAML: ./secret.yaml (Input/output error";
    assert!(said.contains(why), "{said}");
}

/// `kubectl apply --recursive` follows links to files, and none to folders.
#[test]
fn links_to_folders_are_not_followed() {
    let folder = folder(&[("a/web.yaml", WEB), ("b/other.yaml", &named("other"))]);
    symlink("..", folder.path().join("a/up")).unwrap();
    symlink("../b", folder.path().join("a/out")).unwrap();
    symlink("../b/other.yaml", folder.path().join("a/z.yaml")).unwrap();
    let output = apply(&folder, &["a"]);
    let said = String::from_utf8_lossy(&output.stderr);
    let named =
        "warning[not-a-manifest]: left out, links to folders, which are not followed: a/out, a/up";
    assert!(said.contains(named), "{said}");
    let found = names(&output);
    assert_eq!(found, ["web", "web-on-demand", "other", "other-on-demand"]);
    symlink("a", folder.path().join("named")).unwrap();
    let found = names(&apply(&folder, &["named"]));
    assert_eq!(found, ["web", "web-on-demand", "other", "other-on-demand"]);
}

/// A manifest may be missing where one is named like a manifest, and a folder of them where it has no extension.
#[test]
fn links_that_lead_nowhere() {
    let folder = folder(&[("a/web.yaml", WEB)]);
    for name in ["README.md", "lib"] {
        symlink("nowhere", folder.path().join("a").join(name)).unwrap();
    }
    let output = apply(&folder, &["a"]);
    let said = String::from_utf8_lossy(&output.stderr);
    let named = "links to folders, which are not followed: a/lib (it leads nowhere)";
    assert!(said.contains(named) && !said.contains("README"), "{said}");
    assert_eq!(names(&output), ["web", "web-on-demand"]);
    symlink("nowhere", folder.path().join("a/b.json")).unwrap();
    let said = failure(&apply(&folder, &["a"]));
    assert!(said.contains("links that lead nowhere: a/b.json"), "{said}");
}

/// What is listed and then gone is no less an error than what was never there.
#[test]
fn a_file_that_vanishes() {
    let folder = folder(&[("a.yaml", WEB)]);
    symlink("gone.yaml", folder.path().join("b.yaml")).unwrap();
    let said = failure(&apply(&folder, &["."]));
    assert!(said.contains("b.yaml"), "{said}");
}

#[test]
fn a_folder_without_manifests() {
    let folder = folder(&[("notes.txt", "hello")]);
    assert!(failure(&apply(&folder, &["."])).contains("not a single resource"));
}

/// What cannot be read may hold resources.
#[test]
fn a_folder_of_what_cannot_be_read() {
    let template = format!("{WEB}---\na: {{{{ b }}}}\n");
    let folder = folder(&[("a.yaml", &template)]);
    let said = failure(&apply(&folder, &["."]));
    let named = "error[not-a-manifest]: templates that have not been rendered: ./a.yaml; render";
    assert!(said.starts_with(named), "{said}");
}

#[test]
fn names_with_spaces_and_bytes_that_are_not_utf8() {
    let folder = folder(&[("a b/ü web.yaml", &named("a"))]);
    let strange = OsStr::from_bytes(b"b\xff.yaml");
    fs::write(folder.path().join(strange), named("b")).unwrap();
    let found = names(&apply(&folder, &["."]));
    assert_eq!(found, ["a", "a-on-demand", "b", "b-on-demand"]);
    fs::write(folder.path().join(strange), "{").unwrap();
    let said = failure(&apply(&folder, &["."]));
    assert!(said.contains("b\u{fffd}.yaml"), "{said}");
}

#[test]
fn every_file_with_a_problem_is_named() {
    let folder = folder(&[("a.yaml", "{"), ("b.yaml", "just text"), ("c.yaml", "[")]);
    let said = failure(&apply(&folder, &["a.yaml", "c.yaml"]));
    assert!(
        said.contains("a.yaml: ") && said.contains("c.yaml: "),
        "{said}"
    );
    assert!(failure(&apply(&folder, &["b.yaml"])).contains("b.yaml: "));
}

#[test]
fn all_problems_of_the_configuration_in_one_run() {
    let config = "\
apiVersion: spot-distribution.dev/v1alpha1
kind: SpotDistribution
metadata: {name: policy}
spec:
  mode: enforced
  spotPriceRatoi: 0.1
  rules:
  - match: {kinds: [Deploymint]}
    strategy: flor
";
    let folder = folder(&[("web.yaml", WEB), ("policy.yaml", config)]);
    let said = failure(&apply(&folder, &["--config", "policy.yaml", "web.yaml"]));
    for problem in [
        "spec.mode",
        "spec.spotPriceRatoi",
        "spec.rules[0].match.kinds[0]",
        "spec.rules[0].strategy",
    ] {
        let line = said.lines().find(|line| line.contains(problem));
        let line = line.unwrap_or_else(|| panic!("{problem} is missing in\n{said}"));
        assert!(line.contains("policy.yaml: "), "{line}");
    }
}

#[test]
fn a_configuration_that_cannot_be_read() {
    let folder = folder(&[
        ("web.yaml", WEB),
        ("text.yaml", "just text"),
        ("bad.yaml", "{"),
    ]);
    for config in ["missing.yaml", "text.yaml", "bad.yaml", "."] {
        let said = failure(&apply(&folder, &["--config", config, "web.yaml"]));
        assert!(said.contains(config), "{said}");
    }
}

/// A terminal does what escape sequences in names say.
#[test]
fn names_cannot_move_the_cursor() {
    let folder = folder(&[
        ("\u{1b}[2Jmissing.txt", ""),
        ("a\u{1b}[31m\n.yaml", "\"\\e[2J\": ["),
    ]);
    let file = "a\u{1b}[31m\n.yaml";
    for file in [file, "\u{1b}[31mgone.yaml"] {
        let said = failure(&apply(&folder, &[file]));
        assert!(!said.contains('\u{1b}'), "{said:?}");
        assert!(said.contains("\\u{1b}[31m"), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }

    let named = WEB.replace("name: web\nspec", "name: \"a\\e[2J\"\nspec");
    let unknown = named.replace("  replicas: 10\n", "");
    fs::write(folder.path().join("b.yaml"), unknown).unwrap();
    let output = apply(&folder, &["b.yaml"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("\\u{1b}[2J"), "{said}");
    assert!(!said.contains('\u{1b}'), "{said:?}");
}

#[test]
fn the_config_may_stand_before_or_after_the_files() {
    let config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {deploymentOnDemandBase: \"4\"}\n";
    let folder = folder(&[("web.yaml", WEB), ("policy.yaml", config)]);
    for arguments in [
        ["--config", "policy.yaml", "web.yaml"],
        ["web.yaml", "--config", "policy.yaml"],
    ] {
        let mut command = command();
        command
            .current_dir(folder.path())
            .arg("apply")
            .args(arguments);
        let assert = command.assert().success();
        assert.stdout(contains("strategy=floor replicas=10 floor=5"));
    }
}
