//! The published schema: fresh, and of one mind with the reader.

mod agreement;
mod fresh;
mod generated;

use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::Value;

use super::with_root;
use crate::config::Policy;
use crate::config::file::schema;

/// A validator of the JSON Schema.
fn validator() -> &'static Validator {
    static VALIDATOR: LazyLock<Validator> =
        LazyLock::new(|| jsonschema::draft7::new(&schema::json_schema()).unwrap());
    &VALIDATOR
}

/// A validator of the OpenAPI schema, whose keywords mean what they mean in draft 4 of JSON Schema;
/// only `nullable` it does not know.
fn openapi_validator() -> &'static Validator {
    static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| {
        let definition = schema::krm_function_definition();
        let definition: Value = serde_yaml::from_str(&definition).unwrap();
        let schema = &definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"];
        assert!(jsonschema::draft4::meta::is_valid(schema));
        jsonschema::draft4::new(schema).unwrap()
    });
    &VALIDATOR
}

/// A configuration with this `spec`.
fn config(spec: &Value) -> Value {
    serde_json::json!({
        "apiVersion": "spot-distribution.dev/v1alpha1",
        "kind": "SpotDistribution",
        "spec": spec,
    })
}

/// What the reader says.
fn read(config: &Value) -> Result<Policy, Vec<String>> {
    let source = config.to_string();
    let read = with_root(&source, |root| Policy::read(Some(root)));
    read.map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

/// Combinations of values that only the reader checks.
const COMBINATIONS: [&str; 15] = [
    "does not support the setting yet",
    "never sets for",
    "on spot nodes only",
    "no value says which nodes",
    "their values are not read",
    "\"spread\" needs the capacity key",
    "\"spread\" counts each value of the capacity key",
    "for both on-demand and spot nodes",
    "\"floor\" is for Deployments",
    "\"ordinals\" is for StatefulSets",
    "needs at least one value",
    "takes no values",
    "without a key the operator must be",
    "takes no value",
    "needs the effect",
];

/// Whether nothing but combinations of values is wrong.
fn is_combination(problems: &[String]) -> bool {
    let known = |problem: &String| COMBINATIONS.iter().any(|known| problem.contains(known));
    problems.iter().all(known)
}
