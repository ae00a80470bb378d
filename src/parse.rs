//! Bytes as text and text as YAML; what is wrong with either is a finding.

use yaml_splice::Stream;

use crate::findings::{Code, Finding};
use crate::krm::ResourceError;

/// The input as text.
pub fn text(input: &[u8]) -> Result<&str, Finding> {
    std::str::from_utf8(input).map_err(|error| {
        let line = input[..error.valid_up_to()]
            .split(|&byte| byte == b'\n')
            .count();
        let message = format!("the input is not UTF-8: line {line} holds other bytes");
        Finding::error(Code::InvalidInput, message)
    })
}

/// The text as YAML.
pub fn parse(text: &str) -> Result<Stream<'_>, Finding> {
    Stream::parse(text).map_err(|error| Finding::error(Code::InvalidInput, error.to_string()))
}

/// The finding for an item that is not an object.
pub fn bad_item(error: &ResourceError) -> Finding {
    let code = match error {
        ResourceError::Yaml(_) => Code::AmbiguousYaml,
        _ => Code::InvalidInput,
    };
    Finding::error(code, error.to_string())
}
