//! Between documents: a `---` is added where a new document needs one, and nowhere else.

use super::{WEB, command};

/// What `apply` makes of `input`.
fn applied(input: &str) -> String {
    let assert = command().args(["apply", "-"]).write_stdin(input).assert();
    let stdout = assert.success().get_output().stdout.clone();
    String::from_utf8(stdout).unwrap()
}

/// How many lines begin with a marker.
fn markers(text: &str) -> usize {
    text.lines().filter(|line| line.starts_with("---")).count()
}

/// Nothing in it is placed: `name` is the name of a ConfigMap.
fn config_map(name: &str) -> String {
    format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n")
}

/// What other tools print, with two objects each.
fn printed(a: &str, b: &str) -> Vec<(&'static str, String)> {
    let item = |object: &str| format!("- {}\n", object.trim_end().replace('\n', "\n  "));
    let items = item(a) + &item(b);
    vec![
        (
            "kubectl get -o yaml",
            format!(
                "apiVersion: v1\nitems:\n{items}kind: List\nmetadata:\n  resourceVersion: \"\"\n"
            ),
        ),
        (
            "kubectl create --dry-run=client -o yaml",
            format!("{a}---\n{b}"),
        ),
        ("kustomize build", format!("{a}---\n{b}")),
        (
            "helm template",
            format!(
                "---\n# Source: chart/templates/a.yaml\n{a}---\n# Source: chart/templates/b.yaml\n{b}"
            ),
        ),
        (
            "helm template, empty templates",
            format!(
                "---\n# Source: chart/templates/none.yaml\n---\n# Source: chart/templates/a.yaml\n{a}\n\n---\n\n---\n# Source: chart/templates/b.yaml\n{b}---\n"
            ),
        ),
        (
            "helm get manifest",
            format!(
                "---\n# Source: chart/templates/a.yaml\n{a}---\n# Source: chart/templates/b.yaml\n{b}\n"
            ),
        ),
        ("kpt fn source --output unwrap", format!("{a}---\n{b}")),
        ("jsonnet -y", format!("---\n{a}---\n{b}...\n")),
        ("cdk8s", format!("{a}---\n{b}")),
        (
            "a directive",
            format!("%YAML 1.1\n---\n{a}...\n%YAML 1.1\n---\n{b}"),
        ),
        (
            "comments and spaces behind markers",
            format!("--- # first\n{a}---   \n{b}"),
        ),
        (
            "comments before the first",
            format!("# made by hand\n\n{a}\n# and the second\n---\n{b}# the end"),
        ),
        ("CRLF", format!("---\n{a}---\n{b}").replace('\n', "\r\n")),
        (
            "no line break at the end",
            format!("{a}---\n{}", b.trim_end()),
        ),
    ]
}

#[test]
fn what_needs_no_change_is_printed_as_it_came() {
    let (a, b) = (config_map("a"), config_map("b"));
    let json = |name: &str| {
        format!(r#"{{"apiVersion":"v1","kind":"ConfigMap","metadata":{{"name":"{name}"}}}}"#)
    };
    let (c, d) = (json("a"), json("b"));
    let mut texts = printed(&a, &b);
    texts.extend([
        ("kubectl get -o json", format!("{{\n    \"apiVersion\": \"v1\",\n    \"items\": [\n        {c},\n        {d}\n    ],\n    \"kind\": \"List\"\n}}\n")),
        ("jq -c", format!("{c}\n{d}\n")),
        ("JSON without anything between", format!("{c}{d}")),
        ("JSON and YAML", format!("{c}\n---\n{a}---\n{d}\n")),
        ("YAML and JSON", format!("{a}---\n{c}\n---\n{d}")),
        ("one JSON object", c.clone()),
    ]);
    for (printer, text) in texts {
        assert_eq!(applied(&text), text, "{printer}");
    }
}

#[test]
fn a_new_document_brings_one_marker() {
    for (printer, text) in printed(&config_map("a"), WEB) {
        let once = applied(&text);
        assert!(once.contains("name: web-on-demand"), "{printer}\n{once}");
        let new = usize::from(!text.contains("kind: List"));
        assert_eq!(markers(&once), markers(&text) + new, "{printer}\n{once}");
        assert_eq!(applied(&once), once, "{printer}");
    }
}

#[test]
fn a_change_inside_a_document_brings_none() {
    let single = WEB.replace("replicas: 10", "replicas: 1");
    for (printer, text) in printed(&config_map("a"), &single) {
        let once = applied(&text);
        assert!(once.contains("strategy=on-demand"), "{printer}\n{once}");
        assert_eq!(markers(&once), markers(&text), "{printer}\n{once}");
    }
}

/// An empty file in front is nothing, and JSON behind it is still read to its end.
#[test]
fn an_empty_text_is_no_document() {
    let web = r#"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":4,"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"web","image":"example/web:1"}]}}}}"#;
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("empty.yaml", "");
    write("web.json", web);
    let printed = |files: &[&str]| {
        let mut command = command();
        command.current_dir(folder.path()).arg("apply").args(files);
        let assert = command.assert().success();
        String::from_utf8(assert.get_output().stdout.clone()).unwrap()
    };
    let alone = printed(&["web.json"]);
    assert_eq!(markers(&alone), 0, "{alone}");
    assert_eq!(printed(&["empty.yaml", "web.json"]), alone);
    write("other.json", &web.replace("\"web\"", "\"other\""));
    let both = printed(&["empty.yaml", "web.json", "other.json"]);
    assert!(both.starts_with("---\n{"), "{both}");
    assert_eq!(markers(&both), 4, "{both}");
}

/// kubectl splits a text at line feeds only.
#[test]
fn carriage_returns_alone_hide_no_document() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let last = WEB.replace('\n', "\r\n");
    write("last.yaml", last.strip_suffix('\n').unwrap());
    write("all.yaml", &WEB.replace('\n', "\r"));
    write("other.yaml", &WEB.replace("web", "other"));
    for file in ["last.yaml", "all.yaml"] {
        let mut command = command();
        command.current_dir(folder.path());
        let assert = command
            .args(["apply", file, "other.yaml"])
            .assert()
            .success();
        let stdout = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
        assert_eq!(stdout.split("\n---").count(), 4, "{file}: {stdout:?}");
    }
    let two = format!("{}---\r{WEB}", config_map("a")).replace('\n', "\r");
    let assert = command().args(["apply", "-"]).write_stdin(two).assert();
    let stderr = String::from_utf8(assert.failure().get_output().stderr.clone()).unwrap();
    assert!(stderr.contains("between carriage returns"), "{stderr}");
}
