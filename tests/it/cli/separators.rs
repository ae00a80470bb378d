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
