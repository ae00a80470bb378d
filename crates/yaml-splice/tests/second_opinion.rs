//! A second opinion: yaml-edit, another lossless editor, makes the same edits of the golden inputs,
//! and where it can, comes to the same bytes.
#![allow(clippy::unwrap_used)] // in helpers of tests as well

use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use yaml_splice::{Edits, Kind, Stream, Value, apply};

/// What this engine makes of `spec.replicas: 7`, where the value is plain and stands in block style.
fn ours(text: &str) -> Option<String> {
    let stream = Stream::parse(text).ok()?;
    let [document] = stream.documents.as_slice() else {
        return None;
    };
    let root = document.root();
    let spec = root.get_non_null("spec").ok()??;
    let replicas = spec.get_non_null("replicas").ok()??;
    let is_plain = replicas.written().bytes().all(|byte| byte.is_ascii_digit());
    // yaml-edit loses a comment between a key and its value.
    let is_plain = is_plain && text.contains(&format!("replicas: {}", replicas.written()));
    if spec.kind() != Kind::Mapping || spec.written().starts_with('{') || !is_plain {
        return None;
    }
    let mut edits = Edits::new(document);
    edits.put(root, &["spec", "replicas"], Value::Int(7)).ok()?;
    Some(apply(text, edits.splices().ok()?).ok()?.to_string())
}

/// What yaml-edit makes of it, where it reads the text without loss.
fn theirs(text: &str) -> Option<String> {
    let document = yaml_edit::Document::from_str(text).ok()?;
    if document.to_string() != text {
        return None;
    }
    let spec = document.as_mapping()?.get_mapping("spec")?;
    spec.set("replicas", 7);
    Some(document.to_string())
}

#[test]
fn another_editor_comes_to_the_same_bytes() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden");
    let (mut same, mut differences) = (0, Vec::new());
    for file in inputs(&golden) {
        let text = fs::read_to_string(&file).unwrap();
        for document in text
            .split("---\n")
            .filter(|document| document.contains("replicas:"))
        {
            let (Some(ours), Some(theirs)) = (ours(document), theirs(document)) else {
                continue;
            };
            if ours == theirs {
                same += 1;
            } else {
                differences.push(format!("{}\n{ours}\n{theirs}", file.display()));
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n\n"));
    assert!(same > 100, "{same}");
}

fn inputs(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                return inputs(&path);
            }
            let is_input = path.file_name().is_some_and(|name| name == "in.yaml");
            is_input.then_some(path).into_iter().collect()
        })
        .collect()
}
