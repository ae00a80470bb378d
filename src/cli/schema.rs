//! `schema`: the committed schema of the configuration.

use yaml_splice::PatchedText;

use super::args::{SchemaArgs, SchemaForm};
use super::output::deliver;
use super::{Exit, Response};

const JSON_SCHEMA: &str = include_str!("../../fn-config/spot-distribution.schema.json");
const KRM_FUNCTION_DEFINITION: &str = include_str!("../../fn-config/krm-function-definition.yaml");

/// Runs `schema`.
pub fn run(arguments: &SchemaArgs) -> Exit {
    let mut output = PatchedText::default();
    output.push(match arguments.form {
        SchemaForm::JsonSchema => JSON_SCHEMA,
        SchemaForm::KrmFunctionDefinition => KRM_FUNCTION_DEFINITION,
    });
    deliver(&Response {
        output: Some(output),
        findings: Vec::new(),
        exit: Exit::Success,
    })
}
