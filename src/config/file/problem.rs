//! What is wrong with a configuration or an annotation.

use std::fmt;

use super::suggest::hint;
use crate::findings::Code;
use yaml_splice::{DecodeError, Position, Problem};

/// A problem with its place, what was found there and what is accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigProblem {
    /// The stable code: [`INVALID_CONFIG`], [`INVALID_ANNOTATION`] or [`UNSUPPORTED_STRATEGY`].
    ///
    /// [`INVALID_CONFIG`]: Self::INVALID_CONFIG
    /// [`INVALID_ANNOTATION`]: Self::INVALID_ANNOTATION
    /// [`UNSUPPORTED_STRATEGY`]: Self::UNSUPPORTED_STRATEGY
    pub code: Code,
    /// The field path, from the configuration's own root or, for an annotation, from the
    /// workload's: `spec.rules[2].match.kinds[0]`. Empty for the whole configuration.
    pub path: String,
    /// Line and column in the text that the configuration was read from.
    pub at: Option<Position>,
    /// What is wrong, in lower case and without a period.
    pub message: String,
}

impl ConfigProblem {
    /// The code of everything wrong in the configuration itself.
    pub const INVALID_CONFIG: Code = Code::InvalidConfig;
    /// The code of a wrong or misspelt annotation on a workload.
    pub const INVALID_ANNOTATION: Code = Code::InvalidAnnotation;
    /// The code of a strategy that a kind of workload cannot have.
    pub const UNSUPPORTED_STRATEGY: Code = Code::UnsupportedStrategy;

    /// The problem of `error`, found below the node with the path `root`.
    pub(super) fn from_decode(error: &DecodeError, root: &str) -> Self {
        Self {
            code: Self::INVALID_CONFIG,
            path: relative(&error.path, root).to_owned(),
            at: error.at,
            message: in_words(&error.problem),
        }
    }
}

impl fmt::Display for ConfigProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, message, .. } = self;
        match (path.as_str(), self.at) {
            ("", None) => f.write_str(message),
            ("", Some(at)) => write!(f, "{at}: {message}"),
            (path, None) => write!(f, "{path}: {message}"),
            (path, Some(at)) => write!(f, "{path} ({at}): {message}"),
        }
    }
}

impl std::error::Error for ConfigProblem {}

/// `path` as seen from the node with the path `root`.
pub(super) fn relative<'a>(path: &'a str, root: &str) -> &'a str {
    let rest = path.strip_prefix(root).unwrap_or(path);
    rest.strip_prefix('.').unwrap_or(rest)
}

fn in_words(problem: &Problem) -> String {
    match problem {
        Problem::UnknownField { found, accepted } => {
            let list = accepted.join(", ");
            let hint = hint(found, accepted);
            format!("unknown field \"{found}\", expected one of {list}{hint}")
        }
        Problem::UnknownVariant { found, accepted } => unknown_word(found, accepted),
        other => other.to_string(),
    }
}

/// The message for a word that is none of `accepted`.
pub(super) fn unknown_word(found: &str, accepted: &[&str]) -> String {
    let expected = match accepted {
        [only] => format!("\"{only}\""),
        _ => format!("one of {}", accepted.join(", ")),
    };
    let hint = hint(found, accepted);
    format!("found \"{found}\", expected {expected}{hint}")
}
