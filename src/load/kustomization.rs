//! What a kustomization names beside its resources: patches, and files that become something else.

use std::path::{Component, Path, PathBuf};

use crate::krm::NotManifest;
use yaml_splice::{Kind, Node, Stream};

/// The names that kustomize looks for. Source: `RecognizedKustomizationFileNames` in kustomize's
/// `api/konfig/general.go`.
const FILES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", KUSTOMIZATION];
/// The one of them that has no extension.
pub const KUSTOMIZATION: &str = "Kustomization";

/// The lists that name files; where an item is not the path itself, the field of it that holds one or several;
/// what such a file is, `None` for a resource. A text that is no path, such as that of an inline patch, names no
/// file.
///
/// Source: `Kustomization` in kustomize's `api/types/kustomization.go`.
const LISTS: [(&str, Option<&str>, Option<NotManifest>); 18] = [
    ("resources", None, None),
    ("patches", None, Some(NotManifest::Patch)),
    ("patches", Some("path"), Some(NotManifest::Patch)),
    ("patchesJson6902", Some("path"), Some(NotManifest::Patch)),
    ("patchesStrategicMerge", None, Some(NotManifest::Patch)),
    ("configMapGenerator", Some("files"), CONTENT),
    ("configMapGenerator", Some("envs"), CONTENT),
    ("secretGenerator", Some("files"), CONTENT),
    ("secretGenerator", Some("envs"), CONTENT),
    ("helmCharts", Some("valuesFile"), CONTENT),
    ("helmCharts", Some("additionalValuesFiles"), CONTENT),
    ("replacements", Some("path"), CONTENT),
    ("configurations", None, CONTENT),
    ("crds", None, CONTENT),
    ("generators", None, CONTENT),
    ("transformers", None, CONTENT),
    ("validators", None, CONTENT),
    ("openapi", Some("path"), CONTENT),
];

/// What is read by kustomize and not applied.
const CONTENT: Option<NotManifest> = Some(NotManifest::Configuration);

/// The files that the kustomization in `file` names, each with what it is instead of a manifest.
pub fn named(file: &Path, stream: &Stream<'_>) -> Vec<(PathBuf, Option<NotManifest>)> {
    let name = file.file_name().and_then(|name| name.to_str());
    if !name.is_some_and(|name| FILES.contains(&name)) {
        return Vec::new();
    }
    let folder = file.parent().unwrap_or(Path::new(""));
    let mut found = Vec::new();
    for root in stream.documents.iter().map(|document| document.root()) {
        for (list, field, kind) in LISTS {
            let paths = paths(root, list, field).into_iter();
            found.extend(paths.map(|path| (normal(&folder.join(path)), kind)));
        }
    }
    found
}

fn paths<'d>(root: Node<'d>, list: &str, field: Option<&str>) -> Vec<&'d str> {
    let value = |node: Node<'d>, key: &str| node.get_non_null(key).ok().flatten();
    let list = value(root, list).into_iter();
    let values = list
        .flat_map(one_or_several)
        .filter_map(|item| match field {
            Some(field) => value(item, field),
            None => Some(item),
        });
    let texts = values.flat_map(one_or_several);
    let texts = texts.filter(|node| node.kind() == Kind::Scalar);
    // A generator may give a file another name: `settings.yaml=production.yaml`.
    let path = |text: &'d str| text.split_once('=').map_or(text, |(_, path)| path);
    texts.map(|node| path(node.text())).collect()
}

/// The items of a list; any other node is the only one.
fn one_or_several(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let only = (node.kind() != Kind::Sequence).then_some(node);
    node.items().chain(only)
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
