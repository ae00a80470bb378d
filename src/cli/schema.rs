//! `schema`: the committed schema of the configuration.

use crate::response::Response;

use super::Exit;
use super::args::{SchemaArgs, SchemaForm};
use super::output::deliver;

const JSON_SCHEMA: &str = include_str!("../../fn-config/spot-distribution.schema.json");
const KRM_FUNCTION_DEFINITION: &str = include_str!("../../fn-config/krm-function-definition.yaml");

/// Runs `schema`.
pub fn run(arguments: &SchemaArgs) -> Exit {
    deliver(&Response::printed(match arguments.form {
        SchemaForm::JsonSchema => JSON_SCHEMA,
        SchemaForm::KrmFunctionDefinition => KRM_FUNCTION_DEFINITION,
    }))
}
