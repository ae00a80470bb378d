//! `apply --siblings` writes what has to be applied first, and nothing else.

use predicates::str::contains;

use super::command;

const WEB: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 10
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: c, image: example/c:1}]
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
";

fn siblings(input: &str) -> assert_cmd::assert::Assert {
    let arguments = ["apply", "--siblings", "-"];
    command().args(arguments).write_stdin(input).assert()
}

#[test]
fn nothing_but_the_siblings() {
    let output = siblings(WEB)
        .success()
        .stderr("")
        .get_output()
        .stdout
        .clone();
    let text = String::from_utf8(output).unwrap();
    assert!(
        text.starts_with("apiVersion: v1\nkind: List\nitems:\n"),
        "{text}"
    );
    assert_eq!(text.matches("kind: Deployment").count(), 1, "{text}");
    assert!(
        text.contains("name: web-on-demand") && text.contains("replicas: 2"),
        "{text}"
    );
    assert!(!text.contains("kind: Service"), "{text}");
}

#[test]
fn they_are_those_of_the_whole_output() {
    let whole = command()
        .args(["apply", "-"])
        .write_stdin(WEB)
        .output()
        .unwrap();
    let whole = String::from_utf8(whole.stdout).unwrap();
    let of_original = siblings(WEB).get_output().stdout.clone();
    let of_output = siblings(&whole).get_output().stdout.clone();
    assert_eq!(of_original, of_output);
}

#[test]
fn without_one_there_is_nothing_to_apply_first() {
    let single = WEB.replace("replicas: 10", "replicas: 1");
    siblings(&single)
        .code(1)
        .stdout("")
        .stderr(contains("no workload gets a sibling"));
}
