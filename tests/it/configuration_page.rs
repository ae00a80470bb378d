//! The page of the configuration has every field of the schema and nothing else; its rule for flat keys holds.

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

/// The fields of the list.
fn rows() -> BTreeSet<String> {
    let page = read("docs/configuration.md");
    let (_, section) = page.split_once("## Every field").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("* `"));
    rows.map(|row| row.split_once('`').unwrap().0.to_owned())
        .collect()
}

#[test]
fn every_field_of_the_schema_has_its_row() {
    let schema: Value =
        serde_json::from_str(&read("fn-config/spot-distribution.schema.json")).unwrap();
    let mut fields = BTreeSet::new();
    collect(&schema["properties"]["spec"], "", &mut fields);
    assert_eq!(rows(), fields);
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
fn flat_keys_are_the_fields_as_one_word() {
    let fields = rows()
        .into_iter()
        .filter(|field| !LEAVES.contains(&field.as_str()));
    let documented: BTreeSet<_> = fields.map(|field| flat(&field)).collect();
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
    let accepted: BTreeSet<_> = keys.trim().split(", ").map(str::to_owned).collect();
    assert_eq!(documented, accepted);
}

/// `defaults.deployment.onDemand.base` is `deploymentOnDemandBase`.
fn flat(field: &str) -> String {
    let mut words = field.split('.').filter(|word| *word != "defaults");
    let first = words.next().unwrap().to_owned();
    words.fold(first, |key, word| {
        let (initial, rest) = word.split_at(1);
        key + &initial.to_uppercase() + rest
    })
}
