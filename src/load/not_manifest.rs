//! What a file of a folder is where it is no manifest to be applied.

use std::path::{Component, Path, PathBuf};

use crate::findings::Finding;
use crate::krm::{NotManifest, TypeMeta, template};
use yaml_splice::{Kind, Node, Stream, YamlError};

/// The names that kustomize looks for. Source: `RecognizedKustomizationFileNames` in kustomize's
/// `api/konfig/general.go`.
const KUSTOMIZATIONS: [&str; 3] = ["kustomization.yaml", "kustomization.yml", KUSTOMIZATION];
/// The one of them that has no extension.
pub const KUSTOMIZATION: &str = "Kustomization";

/// What a file is instead of a manifest, as far as it shows in itself: `parsed` is what came of its
/// `bytes`.
pub fn instead(parsed: &Result<Stream<'_>, Finding>, bytes: &[u8]) -> Option<NotManifest> {
    let Ok(stream) = parsed else {
        let text = String::from_utf8_lossy(bytes);
        let is_template = Stream::parse(&text).is_err_and(|error| template::breaks(&text, &error));
        return Some(if is_template {
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
        return Some(NotManifest::Template);
    }
    // What cannot be read is reported by whoever parses it later.
    let is_object = |root| is_object(root).unwrap_or(true);
    let is_something_else = roots().next().is_some() && !roots().any(is_object);
    is_something_else.then_some(NotManifest::Configuration)
}

/// Whether the text holds objects beside those that are templates.
pub fn holds_other_objects(stream: &Stream<'_>) -> bool {
    let mut roots = stream.documents.iter().map(|document| document.root());
    roots.any(|root| template::unrendered(root).is_none() && is_object(root).unwrap_or(false))
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
    if types.api_version.is_empty() || types.kind.is_empty() {
        return Ok(false);
    }
    let has = |path: &[&str]| root.at(path).map(|value| value.is_some());
    Ok(types.needs_name()
        || has(&["metadata", "name"])?
        || has(&["metadata", "generateName"])?
        || (types.kind.ends_with("List") && has(&["items"])?))
}

/// The files that the kustomization in `file` names as patches: each looks like a part of an
/// object and is none.
pub fn patches(file: &Path, stream: &Stream<'_>) -> Vec<PathBuf> {
    let name = file.file_name().and_then(|name| name.to_str());
    if !name.is_some_and(|name| KUSTOMIZATIONS.contains(&name)) {
        return Vec::new();
    }
    let folder = file.parent().unwrap_or(Path::new(""));
    let roots = stream.documents.iter().map(|document| document.root());
    let named = roots.flat_map(|root| {
        let items = |key| root.get_non_null(key).ok().flatten();
        let merges = items("patchesStrategicMerge").into_iter();
        let merges = merges.flat_map(Node::items).map(Node::text);
        let others = ["patches", "patchesJson6902"].into_iter().filter_map(items);
        let others = others.flat_map(Node::items).filter_map(path_of);
        merges.chain(others).collect::<Vec<_>>()
    });
    named.map(|path| normal(&folder.join(path))).collect()
}

fn path_of(patch: Node<'_>) -> Option<&str> {
    let file = patch.get_non_null("path").ok().flatten();
    file.map(Node::text)
}

/// The path without `.` and `..`, as far as that can be said without the file system.
pub fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if normal.file_name().is_some() => {
                normal.pop();
            }
            _ => normal.push(component),
        }
    }
    normal
}
