//! Input that nothing can be made of: exit code 1, nothing on standard output, one clear message.

use std::time::Duration;

use assert_cmd::Command;
use predicates::str::{contains, starts_with};

const HEAD: &str = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n";

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spot-distribution"));
    command.args(arguments).timeout(Duration::from_secs(120));
    command
}

/// The input is refused with `message`, and not a byte comes out.
fn refused(arguments: &[&str], input: impl Into<Vec<u8>>, message: &str) {
    let assert = command(arguments).write_stdin(input).assert().code(1);
    let assert = assert.stdout("");
    assert
        .stderr(starts_with("error[invalid-input]"))
        .stderr(contains(message));
}

/// The function and `apply` refuse the input with `message`.
fn refused_by_both(input: impl Into<Vec<u8>>, message: &str) {
    let input = input.into();
    refused(&[], input.clone(), message);
    refused(&["apply", "-"], input, message);
}

#[test]
fn nothing_at_all() {
    for empty in ["", "\n \n", "# only a comment\n", "---\n", "\u{feff}"] {
        refused(&[], empty, "the input is empty, expected a ResourceList");
        refused(&["apply", "-"], empty, "not a single resource");
    }
}

#[test]
fn a_stream_without_a_resource() {
    let none = "not a single resource";
    for text in [
        "---\n---\n# a\n",
        "apiVersion: v1\nkind: List\nitems: []\n",
        "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n",
    ] {
        refused(&["apply", "-"], text, none);
    }
}

#[test]
fn not_yaml() {
    for text in ["items: [\n", "a: \"unterminated\n", "a: b: c\n", "\t- a\n"] {
        refused_by_both(format!("{HEAD}{text}"), "not valid YAML at line ");
    }
    refused_by_both(format!("{HEAD}# \0\n"), "not valid YAML at line 3");
}

#[test]
fn not_utf_8() {
    let message = "the input is not UTF-8: line 3 holds the byte 0xFF";
    refused_by_both([HEAD.as_bytes(), b"items: # \xff\n"].concat(), message);
    let wide: Vec<u8> = HEAD.encode_utf16().flat_map(u16::to_le_bytes).collect();
    refused_by_both(
        [b"\xff\xfe".as_slice(), &wide].concat(),
        "the input is UTF-16LE, expected UTF-8",
    );
}

#[test]
fn more_than_one_document() {
    let separator = "found a document separator at line 4, column 1";
    refused(&[], format!("{HEAD}items: []\n---\n{HEAD}"), separator);
    refused(&[], format!("{HEAD}items: []\n---\n"), separator);
}

#[test]
fn something_else_than_a_list() {
    let list = "found kind \"List\" of apiVersion \"v1\", expected a ResourceList";
    refused(&[], "apiVersion: v1\nkind: List\nitems: []\n", list);
    let version = HEAD.replace("/v1", "/v2");
    refused(&[], version, "of apiVersion \"config.kubernetes.io/v2\"");
    refused(&[], "[]\n", "found a list, expected a ResourceList");
    refused(&[], "text\n", "found \"text\", expected a ResourceList");
    refused(&["apply", "-"], "text\n", "expected a Kubernetes object");
}

#[test]
fn items_that_are_no_list() {
    for (items, found) in [("{}", "a mapping"), ("text", "a single value")] {
        let message = format!("items at line 3, column 8 is {found}, expected a list");
        refused(&[], format!("{HEAD}items: {items}\n"), &message);
    }
    let alias = format!("{HEAD}x: &items []\nitems: *items\n");
    refused(&[], alias, "is an alias, expected a list");
}

#[test]
fn keys_that_stand_twice_on_the_path() {
    let twice = format!("{HEAD}items: []\nitems: []\n");
    refused(&[], twice, "duplicate key \"items\" at line 4, column 1");
    let twice = format!("{HEAD}kind: ResourceList\n");
    refused(&[], twice, "duplicate key \"kind\" at line 3, column 1");
}

#[test]
fn nesting_without_end() {
    const DEPTH: usize = 100_000;
    let limit = "recursion limit exceeded";
    refused_by_both("[".repeat(DEPTH), limit);
    refused_by_both("- ".repeat(DEPTH), limit);
    let closed = format!("{}{}", "{a: ".repeat(DEPTH), "}".repeat(DEPTH));
    refused_by_both(format!("{HEAD}items:\n- {closed}\n"), limit);
}

#[test]
fn a_line_of_ten_megabytes() {
    let long = "a".repeat(10_000_000);
    refused(&[], long.clone(), "found \"aaaaaaaa");
    refused_by_both(format!("{HEAD}{long}: 1\n"), "not valid YAML at line 3");
    // As a value it is one like any other, and comes out again.
    let list = format!("{HEAD}x: {long}\nitems: []\n");
    command(&[])
        .write_stdin(list.clone())
        .assert()
        .success()
        .stdout(list);
}

/// Ten aliases to ten aliases to ten, nine times: a billion values.
fn bomb() -> String {
    let mut bomb = "  x-bomb:\n  - &a [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (of, name) in ('a'..='i').zip('b'..='j') {
        let aliases = vec![format!("*{of}"); 10].join(", ");
        bomb.extend(["  - &", &name.to_string(), " [", &aliases, "]\n"]);
    }
    bomb
}

/// A list with a Deployment whose arguments are the bomb.
fn list_with_bomb(replicas: u32) -> String {
    let bomb = bomb();
    format!(
        "{HEAD}items:
- apiVersion: apps/v1
  kind: Deployment
{bomb}  metadata:
    name: web
  spec:
    replicas: {replicas}
    selector: {{matchLabels: {{app: web}}}}
    template:
      metadata: {{labels: {{app: web}}}}
      spec:
        containers: [{{name: web, image: web, args: *j}}]
"
    )
}

#[test]
fn an_alias_bomb() {
    // A sibling would have to write it out.
    let list = list_with_bomb(10);
    let assert = command(&[]).write_stdin(list.clone()).assert().code(1);
    let limit = "the aliases at line ";
    let assert = assert.stdout(starts_with(list));
    assert
        .stderr(starts_with("error[ambiguous-yaml] Deployment/web: "))
        .stderr(contains(limit));
    // Where nothing of it is needed it stays what it is: text.
    command(&[])
        .write_stdin(list_with_bomb(1))
        .assert()
        .success()
        .stdout(contains("args: *j"));
}

#[test]
fn merge_keys_that_lead_to_themselves() {
    let list = format!("{HEAD}items:\n- &a\n  apiVersion: v1\n  kind: ConfigMap\n  <<: *a\n");
    command(&[])
        .write_stdin(list)
        .assert()
        .code(1)
        .stderr(contains("aliases"));
}

#[test]
fn a_configuration_that_cannot_be_read() {
    let manifest = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n";
    let folder = tempfile::tempdir().unwrap();
    for (text, message) in [
        ("kind: [", "not valid YAML"),
        ("spec: {}\nspec: {}\n", "spec"),
        ("apiVersion: v1\nkind: Secret\n", "kind"),
        ("- a\n", "expected"),
    ] {
        let file = folder.path().join("policy.yaml");
        std::fs::write(&file, text).unwrap();
        let file = file.to_string_lossy().into_owned();
        command(&["apply", "--config", &file, "-"])
            .write_stdin(manifest)
            .assert()
            .code(1)
            .stdout("")
            .stderr(contains("policy.yaml"))
            .stderr(contains(message));
    }
    command(&["apply", "--config", "/does/not/exist", "-"])
        .write_stdin(manifest)
        .assert()
        .code(1)
        .stdout("")
        .stderr(contains("/does/not/exist cannot be read"));
}
