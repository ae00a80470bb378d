//! The page of the configuration has every field of the schema with its flat key, and nothing else.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

/// What the page describes in a section of its own, or as Kubernetes does.
const LEAVES: [&str; 5] = [
    "rules",
    "capacity.alsoSpot",
    "spotTolerations",
    "onDemandTolerations",
    "onDemandPodAnnotations",
];

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The first two columns of the table of fields: the field, and its flat key or nothing.
fn rows() -> Vec<(String, String)> {
    let page = read("docs/configuration.md");
    let (_, section) = page.split_once("## Every field").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    let rows = rows.map(|row| {
        let mut cells = row.split('|').skip(1);
        let mut cell = || cells.next().unwrap().trim().trim_matches('`').to_owned();
        (cell(), cell())
    });
    rows.collect()
}

#[test]
fn every_field_of_the_schema_has_its_row() {
    let schema: Value =
        serde_json::from_str(&read("fn-config/spot-distribution.schema.json")).unwrap();
    let mut fields = BTreeSet::new();
    collect(&schema["properties"]["spec"], "", &mut fields);
    let documented: BTreeSet<_> = rows().into_iter().map(|(field, _)| field).collect();
    assert_eq!(documented, fields);
}

/// The paths of what has no fields of its own.
fn collect(schema: &Value, path: &str, fields: &mut BTreeSet<String>) {
    let properties = schema["properties"].as_object();
    let Some(properties) = properties.filter(|_| !LEAVES.contains(&path)) else {
        fields.insert(path.to_owned());
        return;
    };
    for (name, schema) in properties {
        let dot = if path.is_empty() { "" } else { "." };
        collect(schema, &format!("{path}{dot}{name}"), fields);
    }
}

#[test]
fn every_flat_key_has_its_row() {
    let documented: BTreeSet<_> = rows().into_iter().map(|(_, key)| key).collect();
    let documented: BTreeSet<_> = documented.iter().map(String::as_str).collect();
    let config = "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {none: 1}}";
    let list = format!(
        "{{apiVersion: config.kubernetes.io/v1, kind: ResourceList, items: [], functionConfig: {config}}}"
    );
    let output = Command::new(env!("CARGO_BIN_EXE_spot-distribution"))
        .write_stdin(list)
        .output()
        .unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    let (_, keys) = message.split_once("expected one of ").unwrap();
    let accepted: BTreeSet<_> = keys.trim().split(", ").collect();
    assert_eq!(&documented - &BTreeSet::from([""]), accepted);
}
