//! The committed files are what the types say now.

use std::fs;

use serde_json::Value;

use super::super::with_root;
use super::{config, read};
use crate::config::Policy;
use crate::config::file::schema;
use yaml_splice::decode;

/// Compares a committed file with its new content, or writes it again with `UPDATE_SCHEMA=1`.
fn is_fresh(path: &str, content: &str) {
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        fs::write(path, content).unwrap();
    }
    let committed = fs::read_to_string(path).unwrap();
    assert!(
        committed == content,
        "{path} is out of date, write it again with: UPDATE_SCHEMA=1 cargo test --lib schema"
    );
}

#[test]
fn the_committed_json_schema_is_fresh() {
    let schema = serde_json::to_string_pretty(&schema::json_schema()).unwrap();
    is_fresh(
        "fn-config/spot-distribution.schema.json",
        &format!("{schema}\n"),
    );
}

#[test]
fn the_committed_krm_function_definition_is_fresh() {
    let definition = schema::krm_function_definition();
    is_fresh("fn-config/krm-function-definition.yaml", &definition);
}

#[test]
fn the_json_schema_is_one() {
    let schema = schema::json_schema();
    assert!(jsonschema::meta::is_valid(&schema));
    assert_eq!(
        schema["required"],
        serde_json::json!(["apiVersion", "kind"])
    );
}

/// The defaults that a schema names, as a configuration.
fn defaults(schema: &Value) -> Option<Value> {
    if let Some(default) = schema.get("default") {
        return Some(default.clone());
    }
    let fields = schema.get("properties")?.as_object()?.iter();
    let fields = fields.filter_map(|(name, field)| Some((name.clone(), defaults(field)?)));
    Some(fields.collect::<serde_json::Map<_, _>>().into())
        .filter(|all| *all != serde_json::json!({}))
}

#[test]
fn the_defaults_are_those_of_the_policy() {
    let schema = schema::json_schema();
    let spec = defaults(&schema["properties"]["spec"]).unwrap();
    assert_eq!(read(&config(&spec)), Ok(Policy::default()));
    let of_every_field = spec.as_object().unwrap().len();
    let fields = schema["properties"]["spec"]["properties"]
        .as_object()
        .unwrap();
    assert_eq!(of_every_field, fields.len());
}

#[test]
fn every_field_is_described() {
    fn check(path: &str, schema: &Value) {
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            let path = format!("{path}.{name}");
            assert!(field["description"].is_string(), "{path}");
            check(&path, field);
            check(&path, &field["items"]);
        }
    }
    check("", &schema::json_schema());
}

/// Nothing of a preset is hidden: each field that it sets, with its value, in both schemas.
#[test]
fn the_description_of_the_provider_spells_out_each_preset() {
    let field = "/properties/spec/properties/capacity/properties/provider/description";
    let json = schema::json_schema();
    let definition: Value = serde_yaml::from_str(&schema::krm_function_definition()).unwrap();
    let openapi = &definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"];
    let [json, openapi] = [&json, openapi].map(|schema| schema.pointer(field).unwrap());
    assert_eq!(json, openapi);
    let text = json.as_str().unwrap();
    for expected in [
        "* `karpenter`: Nodes that Karpenter makes. Sets `key: karpenter.sh/capacity-type`, \
         `onDemandLabelled: true`, `onDemand: [on-demand, reserved]`, `spot: [spot]`, `alsoSpot: []`, \
         `spotTolerations: []`, `noticeSeconds: 120`.",
        "`alsoSpot: [{key: karpenter.sh/capacity-type, values: [spot]}]`",
        "`spotTolerations: [{effect: NoSchedule, key: cloud.google.com/gke-spot, operator: Equal, value: \
         \"true\"}]`, `noticeSeconds: 15`",
        "`key: kubernetes.azure.com/scalesetpriority`, `onDemandLabelled: false`, `spot: [spot]`",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
}

#[test]
fn the_krm_function_definition_carries_plain_openapi() {
    fn check(schema: &Value) {
        let Value::Object(fields) = schema else {
            return;
        };
        for foreign in [
            "$ref",
            "$schema",
            "const",
            "oneOf",
            "propertyNames",
            "enumDescriptions",
        ] {
            assert!(!fields.contains_key(foreign), "{foreign}: {schema}");
        }
        assert!(
            fields
                .get("type")
                .is_none_or(|kind| kind.is_string() && kind != "null"),
            "{schema}"
        );
        for inner in fields
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            check(inner.1);
        }
        for inner in fields
            .get("anyOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            check(inner);
        }
        for keyword in ["items", "additionalProperties"] {
            fields.get(keyword).into_iter().for_each(check);
        }
    }
    let definition: Value = serde_yaml::from_str(&schema::krm_function_definition()).unwrap();
    let version = &definition["spec"]["versions"][0];
    assert_eq!(definition["spec"]["group"], "spot-distribution.dev");
    assert_eq!(version["name"], "v1alpha1");
    let schema = &version["schema"]["openAPIV3Schema"];
    assert_eq!(schema["properties"]["kind"]["enum"][0], "SpotDistribution");
    check(schema);
}

#[test]
fn readers_of_old_and_new_yaml_take_the_krm_function_definition_alike() {
    let definition = schema::krm_function_definition();
    let new: Value = serde_yaml::from_str(&definition).unwrap();
    let old = with_root(&definition, |root| decode::<Value>(root).unwrap());
    assert_eq!(old, new);
    assert!(definition.contains("\"off\""));
}
