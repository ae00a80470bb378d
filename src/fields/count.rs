//! Replica counts as the API server reads them.

use crate::findings::{Code, Finding};
use crate::krm::template::has_variable;
use yaml_splice::{Node, Position, YamlError};

/// A count that the API server would reject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadCount {
    /// The value as it is written.
    pub found: String,
    /// The field path below the object.
    pub field: String,
    /// Where it stands.
    pub at: Position,
}

impl From<&BadCount> for Finding {
    fn from(bad: &BadCount) -> Self {
        if has_variable(&bad.found) {
            return Self::unresolved_variable(&bad.field, &bad.found, bad.at);
        }
        let message = format!(
            "{}: found {}, expected a whole number from 0 to {}, without quotes",
            bad.field,
            bad.found,
            i32::MAX
        );
        let finding = Self::error(Code::InvalidReplicas, message);
        finding.located(Some(bad.at)).at(bad.field.clone())
    }
}

/// Why a fact about a workload is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactError {
    /// YAML makes the field ambiguous.
    Yaml(YamlError),
    /// A count that the API server would reject.
    Count(BadCount),
    /// The field of this path is not there.
    Missing(&'static str),
}

impl From<YamlError> for FactError {
    fn from(error: YamlError) -> Self {
        Self::Yaml(error)
    }
}

impl From<FactError> for Finding {
    fn from(error: FactError) -> Self {
        match error {
            FactError::Yaml(error) => error.into(),
            FactError::Count(bad) => Self::from(&bad),
            FactError::Missing(field) => {
                Self::error(Code::InvalidManifest, format!("{field} is missing")).at(field)
            }
        }
    }
}

/// The count at `path` below `object`; `None` where it is absent or `null`.
///
/// Octal (`010`), hexadecimal and `1e1` are what they are for the API server's YAML reader; a
/// quoted number is text and not a count.
///
/// # Errors
/// Where the value is not a whole number from 0 to 2147483647, or YAML makes it ambiguous.
pub fn count(object: Node<'_>, path: &[&str]) -> Result<Option<u32>, FactError> {
    let number = match object.at(path)? {
        Some(node) => number(node, path).map(Some),
        None => nothing(object, path).map(|()| None),
    };
    number.map_err(FactError::Count)
}

/// Nothing where no number stands at `path` below `object`.
///
/// # Errors
/// Where a variable that YAML takes for a comment stands there: `#{Replicas}`.
pub(super) fn nothing(object: Node<'_>, path: &[&str]) -> Result<(), BadCount> {
    let variable = || {
        let (key, outer) = path.split_last()?;
        let node = object.at(outer).ok()??.get(key).ok()??;
        let comment = node.comment_after()?;
        comment.starts_with("#{").then_some((node, comment))
    };
    variable().map_or(Ok(()), |(node, comment)| {
        Err(BadCount {
            found: comment.chars().take(60).collect(),
            field: path.join("."),
            at: node.position(),
        })
    })
}

/// The count that `node` is, which stands at `path`.
///
/// # Errors
/// Where it is none.
pub(super) fn number(node: Node<'_>, path: &[&str]) -> Result<u32, BadCount> {
    whole(node).ok_or_else(|| BadCount {
        found: node.resolved().written().chars().take(60).collect(),
        field: path.join("."),
        at: node.position(),
    })
}

fn whole(node: Node<'_>) -> Option<u32> {
    let value = node.scalar()?.whole()?;
    i32::try_from(value)
        .ok()
        .and_then(|value| u32::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use yaml_splice::Stream;

    #[test]
    fn what_yaml_takes_for_a_comment() {
        assert_eq!(read("#{Replicas}"), Err("#{Replicas}".to_owned()));
        assert_eq!(read("# {none}"), Ok(None));
        assert_eq!(read("3 #{Replicas}"), Ok(Some(3)));
    }

    fn read(written: &str) -> Result<Option<u32>, String> {
        let text = format!("spec:\n  replicas: {written}\n");
        let stream = Stream::parse(&text).unwrap();
        let root = stream.documents[0].root();
        count(root, &["spec", "replicas"]).map_err(|error| match error {
            FactError::Count(bad) => bad.found,
            other => panic!("{other:?}"),
        })
    }

    #[test]
    fn what_the_api_server_takes() {
        let cases = [
            ("0", 0),
            ("1", 1),
            ("010", 8),
            ("0x10", 16),
            ("1e1", 10),
            ("3.0", 3),
        ];
        for (written, value) in cases {
            assert_eq!(read(written), Ok(Some(value)), "{written}");
        }
        assert_eq!(read("2147483647"), Ok(Some(2_147_483_647)));
        assert_eq!(read("null"), Ok(None));
        assert_eq!(read(""), Ok(None));
    }

    #[test]
    fn what_the_api_server_rejects() {
        for written in [
            "\"3\"",
            "-1",
            "2147483648",
            "1.5",
            "three",
            "true",
            "[3]",
            "_1",
        ] {
            assert_eq!(read(written), Err(written.to_owned()), "{written}");
        }
    }
}
