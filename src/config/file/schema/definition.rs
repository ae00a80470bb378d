//! The KRMFunctionDefinition: what the function is, for catalogs, with the schema inside.
//!
//! Source: "Function Metadata Schema" in `keps/sig-cli/2906-kustomize-function-catalog` of
//! kubernetes/enhancements, and `kyaml/fn/framework/function_definition.go` of kustomize.

use serde_json::json;

use super::super::kind::ConfigKind;
use super::openapi::openapi;
use super::{GENERATED, json_schema};
use yaml_splice::{Edits, Stream, Value, apply};

/// What a new definition begins with.
const HEAD: &str = "apiVersion: config.kubernetes.io/v1alpha1\nkind: KRMFunctionDefinition\n";

/// The definition as YAML, written by the own engine: readers in Go take a bare `off` for false.
pub(in crate::config) fn krm_function_definition() -> String {
    let metadata = json!({ "name": env!("CARGO_PKG_NAME") });
    let source = format!("# {GENERATED}\n{HEAD}");
    let stream = Stream::parse(&source).unwrap();
    let document = &stream.documents[0];
    let mut edits = Edits::new(document);
    for (field, value) in [("metadata", metadata), ("spec", spec())] {
        let value = in_lines(Value::from_typed(&value));
        edits.put(document.root(), &[field], value).unwrap();
    }
    let splices = edits.splices().unwrap();
    apply(&source, splices).unwrap().to_string()
}

/// The same with texts of several lines written as such.
fn in_lines(value: Value) -> Value {
    match value {
        Value::Text(text) if text.contains('\n') => Value::Quoted(text),
        Value::Sequence(items) => Value::Sequence(items.into_iter().map(in_lines).collect()),
        Value::Mapping(entries) => {
            let entries = entries.into_iter();
            Value::Mapping(entries.map(|(key, value)| (key, in_lines(value))).collect())
        }
        other => other,
    }
}

/// What the function is.
fn spec() -> serde_json::Value {
    let form = ConfigKind::SpotDistribution;
    let (group, version) = form.api_version().split_once('/').unwrap();
    let home = env!("CARGO_PKG_REPOSITORY");
    let image = concat!(
        "ghcr.io/spot-distribution/spot-distribution:v",
        env!("CARGO_PKG_VERSION")
    );
    let page = |path: &str| format!("{home}/blob/main/{path}");
    let examples = ["shop", "kpt", "kustomize"];
    let examples = examples.map(|name| page(&format!("examples/{name}/README.md")));
    json!({
        "group": group,
        "names": { "kind": form.kind() },
        "description": env!("CARGO_PKG_DESCRIPTION"),
        "publisher": env!("CARGO_PKG_NAME"),
        "home": home,
        "maintainers": ["The maintainers of spot-distribution"],
        "tags": ["mutator", "validator", "spot", "scheduling", "availability", "cost"],
        "versions": [{
            "name": version,
            "idempotent": true,
            "usage": page("docs/configuration.md"),
            "examples": examples,
            // The spelling that the format asks for.
            "license": "Apache 2.0",
            "runtime": { "container": { "image": image } },
            "schema": { "openAPIV3Schema": openapi(json_schema()) },
        }],
    })
}
