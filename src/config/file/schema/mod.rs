//! The published schema of the own kind, derived from the raw types: descriptions, types and
//! ranges are theirs, the defaults are those of [`Policy::default`](crate::config::Policy::default).
//!
//! Only the tests build it. They compare it with the files in `fn-config/`, which the command
//! prints. To write those again: `UPDATE_SCHEMA=1 cargo test --lib schema`.

mod definition;
mod openapi;
pub(super) mod patterns;
mod places;
mod presets;
mod shape;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;

use super::raw::RawConfig;
use crate::placement::Base;

use super::words::{LARGEST, RawBase};

pub(in crate::config) use definition::krm_function_definition;

/// What the generated files say of themselves.
const GENERATED: &str = "Generated from the types of the configuration. \
                         To write it again: UPDATE_SCHEMA=1 cargo test --lib schema";

/// The JSON Schema, of draft 7 because that is what editors know best, and without references
/// because those hide descriptions from some of them.
pub(in crate::config) fn json_schema() -> Value {
    let settings = SchemaSettings::draft07().with(|settings| settings.inline_subschemas = true);
    let schema = settings
        .into_generator()
        .into_root_schema_for::<RawConfig>();
    let mut schema = schema.to_value();
    shape::simplify(&mut schema);
    places::fill(&mut schema);
    schema["$comment"] = GENERATED.into();
    shape::order(&mut schema);
    schema
}

impl JsonSchema for RawBase {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Base".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "anyOf": [
                { "type": "integer", "minimum": 0, "maximum": LARGEST },
                { "type": "string", "enum": Base::WORDS.map(|(name, _)| name) },
            ]
        })
    }
}
