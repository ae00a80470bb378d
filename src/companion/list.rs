//! The siblings of a stream by themselves, to be applied before everything else.

use crate::findings::{Code, Finding};
use crate::krm::{Companion, Input, Source};
use crate::parse::{bad_item, parse};
use yaml_splice::{Edits, PatchedText, Splice, Stream, Value, YamlError, apply};

const LIST: &str = "apiVersion: v1\nkind: List\n";

/// The siblings in `manifests`, a stream to which the policy has been applied, as a `List`; `None`
/// where there is none.
///
/// # Errors
/// A finding for each object that cannot be read, and where YAML makes one ambiguous.
pub fn list_of(manifests: &str) -> Result<Option<PatchedText<'static>>, Vec<Finding>> {
    let stream = parse(manifests).map_err(|finding| vec![finding])?;
    let sources = [Source { file: None, stream }];
    let input = Input::read(&sources);
    let input = input.map_err(|errors| {
        let findings = errors.iter().map(|(_, error)| bad_item(error));
        findings.collect::<Vec<_>>()
    })?;
    let one = |error: YamlError| vec![Finding::from(error)];
    let siblings = siblings(&input).map_err(one)?;
    if siblings.is_empty() {
        return Ok(None);
    }
    let list = Stream::parse(LIST).map_err(one)?;
    let splices = items(&list, &siblings).map_err(one)?;
    let text = apply(LIST, splices);
    text.map(Some).map_err(|overlap| {
        let overlap = Finding::error(Code::AmbiguousYaml, overlap.to_string());
        vec![overlap]
    })
}

/// The splices that make `siblings` the items of `list`.
fn items(list: &Stream<'_>, siblings: &[Value]) -> Result<Vec<Splice>, YamlError> {
    let Some(document) = list.documents.first() else {
        return Ok(Vec::new());
    };
    let mut edits = Edits::new(document);
    let item = |sibling: &Value| Some(sibling.clone());
    edits.append_all(document.root(), "items", siblings, item)?;
    edits.splices()
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

#[cfg(test)]
mod tests {
    use super::list_of;

    #[test]
    fn what_cannot_be_read_is_no_missing_sibling() {
        for (text, expected) in [
            ("- 1\n", "found a list"),
            (
                "apiVersion: v1\nkind: List\nitems: [1]\n",
                "found a single value",
            ),
            ("a: [", "not valid YAML"),
            ("kind: a\napiVersion: b\nkind: c\n", "\"kind\""),
        ] {
            let findings = list_of(text).unwrap_err();
            let message = findings[0].to_string();
            assert!(message.contains(expected), "{message}");
        }
        assert!(
            list_of("apiVersion: v1\nkind: ConfigMap\n")
                .unwrap()
                .is_none()
        );
    }
}
