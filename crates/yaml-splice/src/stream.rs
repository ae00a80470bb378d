//! Texts of several documents.

use crate::parse::{events, fast, json_stream, pieces, touching_comments};
use crate::{Document, YamlError};

/// A parsed text of any number of documents.
#[derive(Debug, PartialEq)]
pub struct Stream<'s> {
    /// The text.
    pub source: &'s str,
    /// Its documents, in order.
    pub documents: Vec<Document<'s>>,
}

impl<'s> Stream<'s> {
    /// Parses `source`: YAML, JSON objects one after the other, which are no YAML, YAML that is split
    /// into documents first, as kubectl does it, or YAML with comments that touch what is before them.
    ///
    /// # Errors
    /// [`YamlError::Syntax`] where the text is not YAML or nested deeper than 255 levels,
    /// [`YamlError::TooLarge`] above 4 GiB, [`YamlError::TooManyNodes`] above 134 million in one
    /// document.
    pub fn parse(source: &'s str) -> Result<Self, YamlError> {
        if let Some(stream) = Self::parse_fast(source) {
            return Ok(stream);
        }
        if let Some(documents) = json_stream::documents(source) {
            return Ok(Self { source, documents });
        }
        Self::parse_fully(source).or_else(|error| {
            let found = pieces::documents(source)
                .map_or_else(|| touching_comments::documents(source, error), Ok);
            let documents = found.map_err(|error| json_stream::error(source).unwrap_or(error))?;
            Ok(Self { source, documents })
        })
    }

    /// The same with the parser of the whole of YAML only.
    pub fn parse_fully(source: &'s str) -> Result<Self, YamlError> {
        let documents = events::documents(source)?;
        Ok(Self { source, documents })
    }

    /// The same with the fast scanner for block style and JSON, or `None` where that leaves the text
    /// to the full parser. What it returns is equal to what [`Stream::parse_fully`] returns.
    pub fn parse_fast(source: &'s str) -> Option<Self> {
        let documents = fast::documents(source)?;
        Some(Self { source, documents })
    }

    /// The same where every list is read in parts, as otherwise only long ones are.
    pub fn parse_fast_in_parts(source: &'s str) -> Option<Self> {
        let documents = fast::documents_in_parts(source, 0)?;
        Some(Self { source, documents })
    }
}
