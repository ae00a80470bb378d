//! What a file of a folder is where it is no manifest to be applied.

use std::path::Path;

use crate::findings::Finding;
use crate::krm::{NotManifest, TypeMeta, template};
use yaml_splice::{Kind, Node, Stream, YamlError};

use super::of_tools::is_of_a_tool;

/// What the file at `path` is instead of a manifest, as far as it shows in itself: `parsed` is what came of
/// its `bytes`.
pub fn instead(
    path: &Path,
    parsed: &Result<Stream<'_>, Finding>,
    bytes: &[u8],
) -> Option<NotManifest> {
    let Ok(stream) = parsed else {
        let text = String::from_utf8_lossy(bytes);
        let is_template = Stream::parse(&text).is_err_and(|error| template::breaks(&text, &error));
        return Some(if is_json_of_a_tool(path, bytes) {
            NotManifest::Configuration
        } else if is_template {
            NotManifest::Template
        } else {
            NotManifest::Unreadable
        });
    };
    let roots = || {
        let roots = stream.documents.iter().map(|document| document.root());
        roots.filter(|root| !root.is_null())
    };
    if roots().any(|root| template::unrendered(root).is_some()) {
        return Some(if is_json_of_a_tool(path, bytes) {
            NotManifest::Configuration
        } else {
            NotManifest::Template
        });
    }
    // What cannot be read is reported by whoever parses it later.
    let is_object = |root| is_object(root).unwrap_or(true);
    let is_something_else = roots().next().is_some() && !roots().any(is_object);
    is_something_else.then_some(NotManifest::Configuration)
}

/// Whether a file in JSON that cannot be read, or not yet, is no manifest all the same: nowhere does it say what
/// API version it is of. Tools allow comments in theirs (`tsconfig.json`), and names of any length.
fn is_json_of_a_tool(path: &Path, bytes: &[u8]) -> bool {
    let is_json = path
        .extension()
        .is_some_and(|extension| extension == "json");
    // In another encoding it may say so.
    let holds_none = |text: &str| !text.contains('\0') && !text.contains("apiVersion");
    is_json && std::str::from_utf8(bytes).is_ok_and(holds_none)
}

/// Whether the text holds objects beside those that are templates.
pub fn holds_other_objects(stream: &Stream<'_>) -> bool {
    let mut roots = stream.documents.iter().map(|document| document.root());
    roots.any(|root| template::unrendered(root).is_none() && is_object(root).unwrap_or(false))
}

/// Whether half of a type is that of a workload: the other half is forgotten, and what it is no question.
fn is_half_a_workload(types: TypeMeta<'_>) -> bool {
    matches!(
        (types.api_version, types.kind),
        ("", "Deployment" | "StatefulSet") | ("apps/v1", "")
    )
}

/// Whether `root` is an object that can be applied, or a list of such. One without a name can not
/// be; where a name is missing that is needed, it is a mistake, and not something else.
fn is_object(root: Node<'_>) -> Result<bool, YamlError> {
    if root.kind() != Kind::Mapping {
        return Ok(false);
    }
    let types = TypeMeta {
        api_version: root.text_at(&["apiVersion"])?,
        kind: root.text_at(&["kind"])?,
    };
    let has = |path: &[&str]| root.at(path).map(|value| value.is_some());
    if types.api_version.is_empty() || types.kind.is_empty() {
        return Ok(is_half_a_workload(types) && has(&["metadata", "name"])? && has(&["spec"])?);
    }
    if is_of_a_tool(types) {
        return Ok(false);
    }
    Ok(types.needs_name()
        || has(&["metadata", "name"])?
        || has(&["metadata", "generateName"])?
        || (types.kind.ends_with("List") && has(&["items"])?))
}
