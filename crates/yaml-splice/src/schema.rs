//! Schemas of located values, for whoever derives a schema from the types that it decodes.

use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::Located;

/// Where a value stood is not a part of it.
impl<T: JsonSchema> JsonSchema for Located<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> std::borrow::Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}
