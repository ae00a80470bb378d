//! What is wrong with a decoded value, as data.

use std::fmt;

use serde::de::{Error, Expected, Unexpected};

use crate::Position;

/// A problem with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError {
    /// The field path from the document's root: `spec.rules[2].match`.
    pub path: String,
    /// The position of the value.
    pub at: Option<Position>,
    /// What is wrong.
    pub problem: Problem,
    /// The node, for a second attempt without it.
    pub(crate) node: Option<u32>,
}

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// A key that no field has.
    UnknownField {
        /// The key.
        found: String,
        /// The fields there are.
        accepted: Vec<&'static str>,
    },
    /// A word that is none of the accepted ones.
    UnknownVariant {
        /// The word.
        found: String,
        /// The accepted ones.
        accepted: Vec<&'static str>,
    },
    /// A value of the wrong type or out of range.
    Unexpected {
        /// What was found.
        found: String,
        /// What is accepted.
        expected: String,
    },
    /// A key that is twice in its mapping.
    DuplicateKey {
        /// The key.
        key: String,
        /// Its first position.
        first: Position,
    },
    /// A field that must be there.
    MissingField(&'static str),
    /// Anything else, in words.
    Other(String),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownField { found, .. } => write!(f, "unknown field \"{found}\""),
            Self::UnknownVariant { found, .. } => write!(f, "unknown value \"{found}\""),
            Self::Unexpected { found, expected } => write!(f, "found {found}, expected {expected}"),
            Self::DuplicateKey { key, first } => {
                write!(f, "duplicate key \"{key}\", first at {first}")
            }
            Self::MissingField(field) => write!(f, "missing field \"{field}\""),
            Self::Other(message) => f.write_str(message),
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.problem)
    }
}

impl std::error::Error for DecodeError {}

impl From<Problem> for DecodeError {
    fn from(problem: Problem) -> Self {
        Self {
            path: String::new(),
            at: None,
            problem,
            node: None,
        }
    }
}

impl Error for DecodeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Problem::Other(message.to_string()).into()
    }

    fn invalid_type(found: Unexpected, expected: &dyn Expected) -> Self {
        Self::invalid_value(found, expected)
    }

    fn invalid_value(found: Unexpected, expected: &dyn Expected) -> Self {
        let found = match found {
            Unexpected::Str(text) => format!("\"{text}\""),
            Unexpected::Bool(value) => value.to_string(),
            Unexpected::Signed(value) => value.to_string(),
            Unexpected::Unsigned(value) => value.to_string(),
            Unexpected::Float(value) => value.to_string(),
            Unexpected::Unit => "null".to_owned(),
            Unexpected::Seq => "a list".to_owned(),
            Unexpected::Map => "a mapping".to_owned(),
            other => other.to_string(),
        };
        let expected = in_words(expected.to_string());
        Problem::Unexpected { found, expected }.into()
    }

    fn unknown_field(field: &str, accepted: &'static [&'static str]) -> Self {
        let found = field.to_owned();
        Problem::UnknownField {
            found,
            accepted: accepted.to_vec(),
        }
        .into()
    }

    fn unknown_variant(variant: &str, accepted: &'static [&'static str]) -> Self {
        let found = variant.to_owned();
        Problem::UnknownVariant {
            found,
            accepted: accepted.to_vec(),
        }
        .into()
    }

    fn missing_field(field: &'static str) -> Self {
        Problem::MissingField(field).into()
    }
}

/// The types of Rust and serde in the words of a configuration's author.
fn in_words(expected: String) -> String {
    let words = match expected.as_str() {
        "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" => "a whole number",
        "f32" | "f64" => "a number",
        "a boolean" => "true or false",
        "a sequence" => "a list",
        "a map" => "a mapping",
        _ if expected.starts_with("struct ") => "a mapping",
        _ => return expected,
    };
    words.to_owned()
}
