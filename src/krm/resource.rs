//! One Kubernetes object of the input.

use std::collections::BTreeSet;

use yaml_splice::{Kind, Node, Position, YamlError};

use super::annotations::{self, LEGACY_PATH, PACKAGE_PATH, PATH};
use super::template;

/// Where a resource stands in the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The index of the source: one file, or standard input.
    pub source: usize,
    /// The index of the document in it.
    pub document: usize,
    /// Whether the resource is an item of a list, not the document itself.
    pub is_item: bool,
}

/// A Kubernetes object with what names it.
#[derive(Debug, Clone)]
pub struct Resource<'d> {
    /// Where it stands.
    pub place: Place,
    /// The object.
    pub node: Node<'d>,
    /// Such as `apps/v1`.
    pub api_version: &'d str,
    /// Such as `Deployment`.
    pub kind: &'d str,
    /// `metadata.name`, or `metadata.generateName` where only that is there. Empty where there is
    /// neither and nobody needs it.
    pub name: &'d str,
    /// Whether the name is only the prefix of one that the API server makes.
    pub is_name_generated: bool,
    /// `metadata.namespace`, if it is given.
    pub namespace: Option<&'d str>,
    /// The file it came from: the path annotation, else the file that was read.
    pub file: Option<&'d str>,
    /// The package that the path counts from, where packages are rendered together.
    pub package: Option<&'d str>,
    /// `metadata` and `metadata.annotations`, which are asked for many times.
    metadata: Option<Node<'d>>,
    annotations: Option<Node<'d>>,
    /// Whether one of ours may be among the annotations. Tools write many, and each of ours is asked for.
    may_have_ours: bool,
}

/// The type of an object: from itself, or from the list that it is an item of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TypeMeta<'d> {
    /// Such as `apps/v1`.
    pub api_version: &'d str,
    /// Such as `Deployment`.
    pub kind: &'d str,
}

impl<'d> TypeMeta<'d> {
    /// The type of the items of the list `node`, if it is one of a single type: `Deployment` in a
    /// `DeploymentList`.
    ///
    /// # Errors
    /// As [`Node::get`].
    pub fn of_items(node: Node<'d>) -> Result<Option<Self>, YamlError> {
        let [api_version, kind] = node.pick(["apiVersion", "kind"])?.map(text);
        let kind = kind.and_then(|kind| kind.strip_suffix("List"));
        let kind = kind.filter(|kind| !matches!(*kind, "" | "Resource"));
        let of_kind = |(api_version, kind)| Self { api_version, kind };
        Ok(api_version.zip(kind).map(of_kind))
    }

    /// The type that `node` says, else, where it says nothing of it, that of its list: API servers
    /// write it once. Source: `decodeToList` in Kubernetes'
    /// `apimachinery/pkg/apis/meta/v1/unstructured/helpers.go`.
    fn read(node: Node<'d>, of_list: Option<Self>) -> Result<Self, ResourceError> {
        let missing = |field| ResourceError::MissingField {
            field,
            at: node.position(),
        };
        match (node.pick(["apiVersion", "kind"])?.map(text), of_list) {
            ([None, None], Some(of_list)) => Ok(of_list),
            ([api_version, kind], _) => Ok(Self {
                api_version: api_version.ok_or_else(|| missing("apiVersion"))?,
                kind: kind.ok_or_else(|| missing("kind"))?,
            }),
        }
    }

    /// Whether an object of this type is placed, or read for one that is: only then its name
    /// matters. Others, such as the configuration of a tool, may have none.
    pub fn needs_name(self) -> bool {
        matches!(
            (group(self.api_version), self.kind),
            ("apps" | "extensions", "Deployment" | "StatefulSet")
                | ("autoscaling", "HorizontalPodAutoscaler")
                | ("keda.sh", "ScaledObject")
                | ("policy", "PodDisruptionBudget")
                | ("autoscaling.x-k8s.io", "CapacityBuffer")
                | ("", "PersistentVolumeClaim")
        )
    }
}

/// Where a file lies. The same path may stand in several packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Location<'d> {
    /// The folder of the package, if it is given.
    pub package: Option<&'d str>,
    /// The file, by its path below the package.
    pub file: Option<&'d str>,
}

/// An item that is not a Kubernetes object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResourceError {
    /// Not even a mapping.
    #[error("found {found} at {at}, expected a Kubernetes object")]
    NotAnObject {
        /// What stands there.
        found: &'static str,
        /// Where.
        at: Position,
    },
    /// A template that has not been rendered.
    #[error(
        "found a mapping with a mapping as its key at {at}, expected text; this looks like a template: render it first"
    )]
    Template {
        /// Where.
        at: Position,
    },
    /// A field that names the object, or where it lies, is a mapping or a list.
    #[error("{field} at {at} is {found}, expected text")]
    NotText {
        /// The field: `metadata.name` or `metadata.namespace`.
        field: &'static str,
        /// What stands there.
        found: &'static str,
        /// Where.
        at: Position,
    },
    /// A field that every object has is missing.
    #[error("the object at {at} has no {field}")]
    MissingField {
        /// The field: `apiVersion`, `kind` or `metadata.name`.
        field: &'static str,
        /// Where the object begins.
        at: Position,
    },
    /// The object cannot be read.
    #[error(transparent)]
    Yaml(#[from] YamlError),
}

impl ResourceError {
    /// Where the problem stands.
    pub fn position(&self) -> Option<Position> {
        match self {
            Self::NotAnObject { at, .. }
            | Self::NotText { at, .. }
            | Self::MissingField { at, .. }
            | Self::Template { at } => Some(*at),
            Self::Yaml(error) => error.position(),
        }
    }
}

impl<'d> Resource<'d> {
    /// Reads what names the object `node`; `of_list` is the type of the items of its list, `file`
    /// the file that was read, if any.
    ///
    /// # Errors
    /// Where the node is not an object with `apiVersion` and `kind`, and a name where one is needed.
    pub fn read(
        node: Node<'d>,
        of_list: Option<TypeMeta<'d>>,
        place: Place,
        file: Option<&'d str>,
    ) -> Result<Self, ResourceError> {
        if node.kind() != Kind::Mapping {
            return Err(ResourceError::NotAnObject {
                found: if node.is_null() {
                    "nothing"
                } else {
                    node.kind().description()
                },
                at: node.position(),
            });
        }
        let missing = |field| ResourceError::MissingField {
            field,
            at: node.position(),
        };
        let template = || {
            let at = template::unrendered(node)?.position();
            Some(ResourceError::Template { at })
        };
        let types = TypeMeta::read(node, of_list).map_err(|error| template().unwrap_or(error))?;
        let needs_name = types.needs_name();
        if let Some(template) = needs_name.then(template).flatten() {
            return Err(template);
        }
        let metadata = read_once(node.get_non_null("metadata"), needs_name)?;
        let annotations = within(metadata, |metadata| metadata.get_non_null("annotations"));
        let annotations = read_once(annotations, needs_name)?;
        let keys = ["name", "generateName", "namespace"];
        let named = metadata.map_or(Ok([None; 3]), |metadata| metadata.pick(keys));
        let named = read_once(named, needs_name)?;
        if needs_name && let Some(error) = not_text(named) {
            return Err(error);
        }
        let [name, prefix, namespace] = named.map(text);
        let nameless = (!needs_name).then_some("");
        let keys = [PATH, LEGACY_PATH, PACKAGE_PATH];
        let [path, legacy_path, package] = read_once(texts(annotations, keys), needs_name)?;
        Ok(Self {
            place,
            node,
            api_version: types.api_version,
            kind: types.kind,
            name: name
                .or(prefix)
                .or(nameless)
                .ok_or_else(|| missing("metadata.name"))?,
            is_name_generated: name.is_none(),
            namespace,
            file: path.or(legacy_path).or(file),
            package,
            metadata,
            annotations,
            may_have_ours: annotations.is_some_and(may_have_ours),
        })
    }

    /// The namespace that the object lands in: `default` where none is given.
    pub fn effective_namespace(&self) -> &'d str {
        self.namespace.unwrap_or("default")
    }

    /// Where its file lies.
    pub fn location(&self) -> Location<'d> {
        Location {
            package: self.package,
            file: self.file,
        }
    }

    /// The API group: empty for the core group.
    pub fn group(&self) -> &'d str {
        group(self.api_version)
    }

    /// Whether the object is of this API group and kind.
    pub fn is(&self, group: &str, kind: &str) -> bool {
        // Most objects differ by their kind.
        self.kind == kind && self.group() == group
    }

    /// `metadata`, whatever it is.
    pub fn metadata(&self) -> Option<Node<'d>> {
        self.metadata
    }

    /// `metadata.annotations`, whatever it is.
    pub fn annotations(&self) -> Option<Node<'d>> {
        self.annotations
    }

    /// An annotation's value, whatever it is.
    ///
    /// # Errors
    /// As [`Node::get`].
    pub fn annotation_node(&self, key: &str) -> Result<Option<Node<'d>>, YamlError> {
        if key.starts_with(annotations::PREFIX) && !self.may_have_ours {
            return Ok(None);
        }
        within(self.annotations, |annotations| {
            annotations.get_non_null(key)
        })
    }

    /// An annotation's text.
    ///
    /// # Errors
    /// As [`Node::get`].
    pub fn annotation(&self, key: &str) -> Result<Option<&'d str>, YamlError> {
        let value = self.annotation_node(key)?;
        Ok(value
            .filter(|value| value.kind() == Kind::Scalar)
            .map(Node::text))
    }

    /// The names that the object had before, under which others may refer to it still: kustomize
    /// renames objects before it runs a function, and mends what refers to them afterwards.
    ///
    /// # Errors
    /// As [`Node::get`].
    pub fn former_names(&self) -> Result<BTreeSet<&'d str>, YamlError> {
        let names = self.annotation(annotations::PREVIOUS_NAMES)?;
        let names = names.into_iter().flat_map(|names| names.split(','));
        Ok(names
            .filter(|name| !name.is_empty() && *name != self.name)
            .collect())
    }

    /// Whether the object is for tools only and never applied to a cluster.
    ///
    /// # Errors
    /// As [`Node::get`].
    pub fn is_local_config(&self) -> Result<bool, YamlError> {
        Ok(self.annotation(annotations::LOCAL_CONFIG)? == Some("true"))
    }
}

/// The API group of `api_version`: empty for the core group.
pub(super) fn group(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}

/// Whether an annotation of ours may be among `annotations`, or in what they merge.
fn may_have_ours(annotations: Node<'_>) -> bool {
    let mut keys = annotations.entries().map(|(key, _)| key.text());
    keys.any(|key| key.starts_with(annotations::PREFIX) || key == "<<")
}

/// What `read` finds in `node`, if that is there.
fn within<'d, T>(
    node: Option<Node<'d>>,
    read: impl FnOnce(Node<'d>) -> Result<Option<T>, YamlError>,
) -> Result<Option<T>, YamlError> {
    node.map_or(Ok(None), read)
}

/// What is wrong with the name and the namespace of an object that needs both to be text.
fn not_text([name, _, namespace]: [Option<Node<'_>>; 3]) -> Option<ResourceError> {
    let mut both = [("metadata.name", name), ("metadata.namespace", namespace)].into_iter();
    both.find_map(|(field, node)| {
        let node = node.filter(|node| node.kind() != Kind::Scalar)?;
        Some(ResourceError::NotText {
            field,
            found: node.kind().description(),
            at: node.position(),
        })
    })
}

/// What was `found`, or nothing where its key stands twice and it is not `needed`: readers that take the last of
/// two keys have no problem with it, and nothing is decided by it.
fn read_once<T: Default>(found: Result<T, YamlError>, needed: bool) -> Result<T, YamlError> {
    match found {
        Err(YamlError::DuplicateKey { .. }) if !needed => Ok(T::default()),
        other => other,
    }
}

/// What stands under `keys` in `node`, if that is there.
fn texts<'d, const N: usize>(
    node: Option<Node<'d>>,
    keys: [&str; N],
) -> Result<[Option<&'d str>; N], YamlError> {
    node.map_or(Ok([None; N]), |node| Ok(node.pick(keys)?.map(text)))
}

/// The text of a scalar that has any.
fn text(node: Option<Node<'_>>) -> Option<&str> {
    let scalar = node.filter(|node| node.kind() == Kind::Scalar)?;
    Some(scalar.text()).filter(|text| !text.is_empty())
}
