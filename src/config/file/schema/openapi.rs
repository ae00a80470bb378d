//! From JSON Schema to the schemas of OpenAPI 3.0, as Kubernetes reads them.

use std::fmt::Write;

use serde_json::{Map, Value, json};

use super::shape::{each, order};

/// What has no counterpart there.
const UNKNOWN: [&str; 5] = [
    "$schema",
    "$comment",
    "title",
    "patternErrorMessage",
    "propertyNames",
];

/// The same schema as OpenAPI 3.0: no type lists, no keywords of later drafts.
pub(super) fn openapi(mut schema: Value) -> Value {
    each(&mut schema, &mut |fields| {
        for keyword in UNKNOWN {
            fields.remove(keyword);
        }
        describe_words(fields);
        fields.remove("enumDescriptions");
        one_type(fields);
        no_null_branch(fields);
        exclusive(fields);
    });
    order(&mut schema);
    schema
}

/// `type: [string, "null"]` becomes `type: string` with `nullable: true`.
fn one_type(fields: &mut Map<String, Value>) {
    let Some(Value::Array(types)) = fields.get("type") else {
        return;
    };
    let named = types.iter().find(|name| *name != "null").cloned();
    fields.insert("type".to_owned(), named.unwrap_or_default());
    fields.insert("nullable".to_owned(), json!(true));
}

/// A branch for null becomes `nullable: true` on the others.
fn no_null_branch(fields: &mut Map<String, Value>) {
    let Some(Value::Array(branches)) = fields.get_mut("anyOf") else {
        return;
    };
    let all = branches.len();
    branches.retain(|branch| branch["type"] != "null");
    if branches.len() < all {
        for branch in branches {
            branch["nullable"] = json!(true);
        }
        fields.insert("nullable".to_owned(), json!(true));
    }
}

/// `exclusiveMinimum: 0` becomes `minimum: 0` with `exclusiveMinimum: true`.
fn exclusive(fields: &mut Map<String, Value>) {
    if let Some(bound) = fields.insert("exclusiveMinimum".to_owned(), json!(true)) {
        fields.insert("minimum".to_owned(), bound);
    } else {
        fields.remove("exclusiveMinimum");
    }
}

/// The meaning of each word stands in the description as well, once.
pub(super) fn describe_words(fields: &mut Map<String, Value>) {
    let Some(Value::Array(meanings)) = fields.get("enumDescriptions") else {
        return;
    };
    let words = fields["enum"].as_array().cloned().unwrap_or_default();
    let mut list = String::new();
    for (word, meaning) in words.iter().zip(meanings) {
        if let (Some(word), Some(meaning)) = (word.as_str(), meaning.as_str()) {
            let _ = write!(list, "\n* `{word}`: {meaning}");
        }
    }
    let text = fields.get("description").and_then(Value::as_str);
    let text = text.unwrap_or_default();
    if !text.ends_with(&list) {
        let text = format!("{text}{list}");
        fields.insert("description".to_owned(), text.into());
    }
}
