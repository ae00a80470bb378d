//! The form of the schema: short where schemars is long, and in an order that reads well.

use serde_json::{Map, Value, json};

use super::patterns::MESSAGES;

/// The order of the keywords; those that are not named come last.
const ORDER: [&str; 22] = [
    "$schema",
    "$comment",
    "title",
    "description",
    "type",
    "nullable",
    "anyOf",
    "enum",
    "enumDescriptions",
    "default",
    "minimum",
    "exclusiveMinimum",
    "maximum",
    "pattern",
    "patternErrorMessage",
    "maxLength",
    "minItems",
    "items",
    "required",
    "properties",
    "propertyNames",
    "additionalProperties",
];

/// Calls `change` on every schema, those inside first.
pub(super) fn each(schema: &mut Value, change: &mut impl FnMut(&mut Map<String, Value>)) {
    let Value::Object(fields) = schema else {
        return;
    };
    for (keyword, value) in fields.iter_mut() {
        match (keyword.as_str(), value) {
            ("properties", Value::Object(properties)) => {
                for inner in properties.values_mut() {
                    each(inner, change);
                }
            }
            ("anyOf" | "oneOf", Value::Array(branches)) => {
                for inner in branches {
                    each(inner, change);
                }
            }
            ("items" | "additionalProperties", inner) => each(inner, change),
            _ => {}
        }
    }
    change(fields);
}

/// Words become an `enum`, and what says nothing goes.
pub(super) fn simplify(schema: &mut Value) {
    each(schema, &mut |fields| {
        fields.remove("format");
        if fields.get("additionalProperties") == Some(&json!(true)) {
            fields.remove("additionalProperties");
        }
        words(fields);
        or_null(fields);
        message(fields);
        if let Some(Value::String(text)) = fields.get_mut("description") {
            *text = text.replace('\n', " ");
        }
    });
}

/// A pattern gets its message.
fn message(fields: &mut Map<String, Value>) {
    let pattern = fields.get("pattern");
    let known = MESSAGES
        .iter()
        .find(|(known, _)| pattern == Some(&json!(known)));
    if let Some((_, message)) = known {
        fields.insert("patternErrorMessage".to_owned(), json!(message));
    }
}

/// `oneOf` with one word each becomes `enum`.
fn words(fields: &mut Map<String, Value>) {
    let Some(Value::Array(branches)) = fields.remove("oneOf") else {
        return;
    };
    let all = |keyword: &str| -> Value {
        branches
            .iter()
            .map(|branch| branch[keyword].clone())
            .collect()
    };
    fields.insert("type".to_owned(), json!("string"));
    fields.insert("enum".to_owned(), all("const"));
    fields.insert("enumDescriptions".to_owned(), all("description"));
}

/// `anyOf` with a choice in one branch and null in the other becomes one choice.
fn or_null(fields: &mut Map<String, Value>) {
    let Some(Value::Array(branches)) = fields.get("anyOf") else {
        return;
    };
    let [mut choice, null] = match branches.as_slice() {
        [choice, null] if null["type"] == "null" => [choice.clone(), null.clone()],
        _ => return,
    };
    if choice.get("anyOf").is_some() {
        push(&mut choice["anyOf"], null);
        fields["anyOf"] = choice["anyOf"].take();
    } else if choice.get("enum").is_some() {
        push(&mut choice["enum"], Value::Null);
        push(
            &mut choice["enumDescriptions"],
            json!("As if the field were left out."),
        );
        fields.remove("anyOf");
        fields.insert("type".to_owned(), json!(["string", "null"]));
        for keyword in ["enum", "enumDescriptions"] {
            fields.insert(keyword.to_owned(), choice[keyword].take());
        }
    }
}

fn push(list: &mut Value, item: Value) {
    if let Value::Array(items) = list {
        items.push(item);
    }
}

/// Puts the keywords of every schema in [`ORDER`].
pub(super) fn order(schema: &mut Value) {
    each(schema, &mut |fields| {
        let rank = |keyword: &String| ORDER.iter().position(|known| known == keyword);
        let mut sorted: Vec<_> = std::mem::take(fields).into_iter().collect();
        sorted.sort_by_key(|(keyword, _)| rank(keyword).unwrap_or(ORDER.len()));
        fields.extend(sorted);
    });
}
