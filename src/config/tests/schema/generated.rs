//! Whatever the schema accepts the reader accepts, and the other way round.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::string::string_regex;
use serde_json::{Map, Value, json};

use super::{config, is_combination, read, schema, validator};

/// Longer texts have limits that no regular expression states.
const LONGEST: usize = 200;

/// Values that the schema accepts.
fn values(schema: &Value) -> BoxedStrategy<Value> {
    if let Some(words) = schema["enum"].as_array() {
        return select(words.clone()).boxed();
    }
    if let Some(branches) = schema["anyOf"].as_array() {
        let branches = branches.iter().map(values).collect::<Vec<_>>();
        return proptest::strategy::Union::new(branches).boxed();
    }
    match &schema["type"] {
        Value::Array(kinds) if kinds.contains(&json!("null")) => {
            let value = of_kind(kinds[0].as_str().unwrap(), schema);
            prop_oneof![9 => value, 1 => Just(Value::Null)].boxed()
        }
        kind => of_kind(kind.as_str().unwrap(), schema),
    }
}

fn of_kind(kind: &str, schema: &Value) -> BoxedStrategy<Value> {
    let bound = |keyword: &str, other: i64| schema[keyword].as_i64().unwrap_or(other);
    let (least, most) = (bound("minimum", -1000), bound("maximum", 1000));
    match kind {
        "null" => Just(Value::Null).boxed(),
        "boolean" => any::<bool>().prop_map(Value::from).boxed(),
        "integer" => prop_oneof![Just(least), Just(most), least..=most]
            .prop_map(Value::from)
            .boxed(),
        // The only number is the price ratio: above 0, at most 1.
        "number" => (1..=1000u32)
            .prop_map(|part| json!(f64::from(part) / 1000.0))
            .boxed(),
        "string" => texts(&schema["pattern"]).prop_map(Value::from).boxed(),
        "array" => {
            let least = usize::try_from(bound("minItems", 0)).unwrap();
            prop::collection::vec(values(&schema["items"]), least..3)
                .prop_map(Value::from)
                .boxed()
        }
        "object" => objects(schema),
        other => panic!("{other} in the schema"),
    }
}

fn texts(pattern: &Value) -> BoxedStrategy<String> {
    let pattern = pattern.as_str().unwrap_or("[a-z]{0,5}");
    let texts = string_regex(pattern.trim_matches(['^', '$'])).unwrap();
    texts
        .prop_filter("too long", |text| text.len() <= LONGEST)
        .boxed()
}

fn objects(schema: &Value) -> BoxedStrategy<Value> {
    let Some(properties) = schema["properties"].as_object() else {
        let keys = texts(&schema["propertyNames"]["pattern"]);
        let labels =
            prop::collection::btree_map(keys, values(&schema["additionalProperties"]), 0..3);
        return labels.prop_map(|labels| json!(labels)).boxed();
    };
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let mut objects = Just(Map::new()).boxed();
    for (name, field) in properties {
        let value = values(field);
        let field = if required.contains(&json!(name)) {
            value.prop_map(Some).boxed()
        } else {
            prop::option::weighted(0.4, value).boxed()
        };
        let name = name.clone();
        objects = (objects, field)
            .prop_map(move |(mut object, value)| {
                object.extend(value.map(|value| (name.clone(), value)));
                object
            })
            .boxed();
    }
    objects.prop_map(Value::Object).boxed()
}

/// Values that are wrong in most places.
fn junk() -> impl Strategy<Value = Value> {
    let junk = [
        json!(null),
        json!(true),
        json!(-1),
        json!(0),
        json!(101),
        json!(1.5),
        json!(2_147_483_648_u64),
        json!(""),
        json!("5"),
        json!("A b"),
        json!("floor"),
        json!("majority"),
        json!("On"),
        json!([]),
        json!([null]),
        json!([5]),
        json!({}),
        json!({ "unheard": "of" }),
    ];
    select(junk.to_vec())
}

/// Every value inside, the outermost first.
fn places(value: &Value, path: &str, found: &mut Vec<String>) {
    found.push(path.to_owned());
    let escape = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(fields) => {
            for (key, inner) in fields {
                places(inner, &format!("{path}/{}", escape(key)), found);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                places(inner, &format!("{path}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// Fails where schema and reader disagree about more than a combination of values.
fn agree(spec: &Value) -> Result<(), TestCaseError> {
    let config = config(spec);
    let by_schema = validator()
        .validate(&config)
        .map_err(|error| error.to_string());
    match (by_schema, read(&config)) {
        (Ok(()), Err(problems)) => {
            prop_assert!(is_combination(&problems), "{config}: {problems:?}");
        }
        (Err(error), Ok(_)) => prop_assert!(false, "only the schema refuses {config}: {error}"),
        _ => {}
    }
    Ok(())
}

fn specs() -> BoxedStrategy<Value> {
    values(&schema::json_schema()["properties"]["spec"])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_the_schema_accepts_is_read(spec in specs()) {
        let valid = validator().is_valid(&config(&spec));
        prop_assert!(valid, "{spec}");
        agree(&spec)?;
    }

    #[test]
    fn schema_and_reader_agree_on_one_wrong_value(spec in specs(), junk in junk(), at in any::<Index>()) {
        let mut spec = spec;
        let mut found = Vec::new();
        places(&spec, "", &mut found);
        let at: &String = at.get(&found);
        *spec.pointer_mut(at).unwrap() = junk;
        agree(&spec)?;
    }
}
