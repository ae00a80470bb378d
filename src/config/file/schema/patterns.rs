//! The syntax of names and labels as regular expressions.
//!
//! They say what `label` and `glob` check, but for the length of a key's prefix: look-ahead is
//! unknown to the regular expressions of Go, which read the KRM function definition.

use schemars::Schema;
use serde_json::json;

macro_rules! dns_name {
    () => {
        r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*"
    };
}

macro_rules! name {
    () => {
        r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?"
    };
}

/// A name of a Kubernetes object, with the globs `*` and `?`.
pub const GLOB: &str = "^[a-z0-9.*?-]+$";

/// A DNS subdomain.
pub const DNS_NAME: &str = concat!("^", dns_name!(), "$");

/// A label's key.
pub const LABEL_KEY: &str = concat!("^(", dns_name!(), "/)?", name!(), "$");

/// A label's key or nothing.
pub const LABEL_KEY_OR_NOTHING: &str = concat!("^((", dns_name!(), "/)?", name!(), ")?$");

/// A label's value that says something.
pub const LABEL_VALUE: &str = concat!("^", name!(), "$");

/// A label's value.
pub const LABEL_VALUE_OR_NOTHING: &str = concat!("^(", name!(), ")?$");

/// What editors say instead of an expression.
pub const MESSAGES: [(&str, &str); 6] = [
    (
        GLOB,
        "expected lower-case letters, digits, -, ., and the globs * and ?",
    ),
    (
        DNS_NAME,
        "expected a name: lower-case letters, digits, - and .",
    ),
    (
        LABEL_KEY,
        "expected a label key such as app or example.com/app",
    ),
    (
        LABEL_KEY_OR_NOTHING,
        "expected a taint key such as spot or example.com/spot",
    ),
    (
        LABEL_VALUE,
        "expected a label value: 1 to 63 letters, digits, -, _ or .",
    ),
    (
        LABEL_VALUE_OR_NOTHING,
        "expected a label value: at most 63 letters, digits, -, _ or .",
    ),
];

/// The names in a mapping of annotations.
pub fn annotations(schema: &mut Schema) {
    let name = json!({ "pattern": LABEL_KEY });
    schema.insert("propertyNames".to_owned(), name);
    let value = json!({ "type": "string" });
    schema.insert("additionalProperties".to_owned(), value);
}

/// Keys and values of a mapping of labels.
pub fn labels(schema: &mut Schema) {
    schema.insert("propertyNames".to_owned(), json!({ "pattern": LABEL_KEY }));
    let value = json!({ "type": "string", "pattern": LABEL_VALUE_OR_NOTHING });
    schema.insert("additionalProperties".to_owned(), value);
}
