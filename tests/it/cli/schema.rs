//! `schema` prints the committed files.

use predicates::prelude::*;
use predicates::str::{contains, starts_with};

use super::command;

const JSON_SCHEMA: &str = include_str!("../../../fn-config/spot-distribution.schema.json");
const DEFINITION: &str = include_str!("../../../fn-config/krm-function-definition.yaml");

#[test]
fn the_json_schema_is_printed_as_committed() {
    for arguments in [&["schema"][..], &["schema", "json-schema"]] {
        let assert = command().args(arguments).assert().success();
        assert.stdout(JSON_SCHEMA).stderr("");
    }
}

#[test]
fn the_krm_function_definition_is_printed_as_committed() {
    let arguments = ["schema", "krm-function-definition"];
    let assert = command().args(arguments).assert().success();
    assert.stdout(DEFINITION).stderr("");
}

#[test]
fn another_form_is_a_wrong_command_line() {
    let assert = command().args(["schema", "xml"]).assert().code(2);
    assert
        .stdout("")
        .stderr(starts_with("error: ").and(contains("krm-function-definition")));
}

#[test]
fn the_help_shows_the_line_for_editors() {
    let assert = command().args(["schema", "--help"]).assert().success();
    assert.stdout(contains(
        "# yaml-language-server: $schema=spot-distribution.schema.json",
    ));
}
