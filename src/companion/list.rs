//! The siblings of a stream by themselves, to be applied before everything else.

use crate::krm::{Companion, Input, Source};
use yaml_splice::{Edits, PatchedText, Stream, Value, YamlError, apply};

const LIST: &str = "apiVersion: v1\nkind: List\n";

/// The siblings in `manifests`, a stream to which the policy has been applied, as a `List`; `None`
/// where there is none.
///
/// # Errors
/// Where YAML makes an object ambiguous.
pub fn list_of(manifests: &str) -> Result<Option<PatchedText<'static>>, YamlError> {
    let stream = Stream::parse(manifests)?;
    let sources = [Source { file: None, stream }];
    let siblings = match Input::read(&sources) {
        Ok(input) => siblings(&input)?,
        // The stream was read before the policy was applied to it.
        Err(_) => Vec::new(),
    };
    if siblings.is_empty() {
        return Ok(None);
    }
    let list = Stream::parse(LIST)?;
    let Some(document) = list.documents.first() else {
        return Ok(None);
    };
    let mut edits = Edits::new(document);
    edits.append_all(document.root(), "items", &siblings, |sibling| {
        Some(sibling.clone())
    })?;
    Ok(apply(LIST, edits.splices()?).ok())
}

fn siblings(input: &Input<'_>) -> Result<Vec<Value>, YamlError> {
    let mut siblings = Vec::new();
    for resource in &input.resources {
        if Companion::of(resource)? == Some(Companion::Sibling) {
            siblings.push(Value::from_node(resource.node)?);
        }
    }
    Ok(siblings)
}
