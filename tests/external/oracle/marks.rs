//! A byte order mark inside of a text.
//!
//! go-yaml drops characters of the lines that follow a mark which stands just where it reads on,
//! every 512 bytes or so, and so loses items without a word. The function moves no mark.

use super::compare::{Ran, run};
use super::readers::{Reader, available};

/// A list whose mark stands `padding` bytes further down.
fn list(padding: usize) -> String {
    let comment = "x".repeat(padding);
    format!(
        "apiVersion: config.kubernetes.io/v1
kind: ResourceList
items:
- apiVersion: apps/v1
  kind: StatefulSet
  metadata: {{name: web}} # {comment}
  spec:
    replicas: 1
    selector: {{matchLabels: {{app: web}}}}
    template:
      metadata: {{labels: {{app: web}}}}
      spec: {{containers: [{{name: web, image: web}}]}}
- apiVersion: v1
  kind: ConfigMap
  metadata: {{name: text}}
  data:
    text: |
      \u{feff}first
      second \u{feff}
    quoted: \"\u{feff}\"
- apiVersion: v1
  kind: ConfigMap
  metadata: {{name: last}}
"
    )
}

/// Why the function may not move marks: kubectl and kustomize lose items where one stands badly.
#[test]
fn go_yaml_loses_what_follows_a_mark() {
    if !available() {
        return;
    }
    let lists: Vec<_> = (0..520).map(list).collect();
    for reader in [Reader::Kubectl, Reader::Kustomize] {
        let meanings = reader.read(&lists).into_iter();
        let items = meanings.map(|meaning| Some(meaning.ok()?["items"].as_array()?.len()));
        let lost = items.filter(|items| *items != Some(3)).count();
        assert!((1..100).contains(&lost), "{reader:?}: {lost}");
    }
}

#[test]
fn a_mark_is_not_moved() {
    for padding in 0..520 {
        match run("", &list(padding)) {
            Ran::Changed(_) => panic!("padding {padding}: a mark was moved"),
            Ran::Refused(messages) => assert!(messages.contains("byte order mark"), "{messages}"),
        }
    }
    // Where nothing is to be done it stays.
    let unchanged = list(0).replace("kind: StatefulSet", "kind: DaemonSet");
    match run("", &unchanged) {
        Ran::Changed(pair) => assert_eq!(pair.output, unchanged),
        Ran::Refused(messages) => panic!("{messages}"),
    }
}
