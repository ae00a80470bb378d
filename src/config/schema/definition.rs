//! The KRMFunctionDefinition: what the function is, for catalogs, with the schema inside.
//!
//! Source: "Function Metadata Schema" in `keps/sig-cli/2906-kustomize-function-catalog` of
//! kubernetes/enhancements, and `kyaml/fn/framework/function_definition.go` of kustomize.

use serde_json::json;

use super::openapi::openapi;
use super::{GENERATED, json_schema};
use crate::config::head::Form;

/// The definition as YAML.
pub(in crate::config) fn krm_function_definition() -> String {
    let form = Form::SpotDistribution;
    let (group, version) = form.api_version().split_once('/').unwrap();
    let home = env!("CARGO_PKG_REPOSITORY");
    let page = |path: &str| format!("{home}/blob/main/{path}");
    let examples = ["shop", "kpt", "kustomize"];
    let examples = examples.map(|name| page(&format!("examples/{name}/README.md")));
    let definition = json!({
        "apiVersion": "config.kubernetes.io/v1alpha1",
        "kind": "KRMFunctionDefinition",
        "metadata": { "name": env!("CARGO_PKG_NAME") },
        "spec": {
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
                "runtime": { "container": { "image": "localhost/spot-distribution:latest" } },
                "schema": { "openAPIV3Schema": openapi(json_schema()) },
            }],
        },
    });
    let yaml = serde_yaml::to_string(&definition).unwrap();
    format!("# {GENERATED}\n{yaml}")
}
