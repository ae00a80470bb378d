//! The ResourceList that orchestrators put on standard input.

use yaml_splice::{Kind, Node, Position, Stream, YamlError};

/// The API versions of a ResourceList that are understood.
const API_VERSIONS: [&str; 2] = ["config.kubernetes.io/v1", "config.kubernetes.io/v1beta1"];

/// A ResourceList: what a KRM function reads and returns.
#[derive(Debug, Clone, Copy)]
pub struct ResourceList<'d> {
    /// The list itself.
    pub root: Node<'d>,
    /// `items`, if there are any.
    pub items: Option<Node<'d>>,
    /// `functionConfig`, if there is one.
    pub function_config: Option<Node<'d>>,
    /// `results` of functions that ran before.
    pub results: Option<Node<'d>>,
}

/// Input that is not one ResourceList.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResourceListError {
    /// Nothing but white space and comments.
    #[error("the input is empty, expected a ResourceList")]
    Empty,
    /// A second document, if only an empty one.
    #[error("found a document separator at {at}, expected a single ResourceList")]
    SeveralDocuments {
        /// Where the separator stands.
        at: Position,
    },
    /// Something else.
    #[error("found {found}, expected a ResourceList of {accepted}; plain manifests are read by `spot-distribution apply`", accepted = API_VERSIONS.join(" or "))]
    NotAResourceList {
        /// What was found.
        found: String,
    },
    /// `items` is not a list.
    #[error("items at {at} is {found}, expected a list")]
    ItemsNotAList {
        /// What was found.
        found: &'static str,
        /// Where.
        at: Position,
    },
    /// It cannot be read.
    #[error(transparent)]
    Yaml(#[from] YamlError),
}

impl<'d> ResourceList<'d> {
    /// Reads the only document of `stream` as a ResourceList.
    ///
    /// # Errors
    /// Where the stream is empty, has several documents, or holds something else.
    pub fn read(stream: &'d Stream<'_>) -> Result<Self, ResourceListError> {
        let (first, second) = (stream.documents.first(), stream.documents.get(1));
        if let Some(second) = second {
            let at = second
                .marker()
                .map_or(second.root().range().start, |marker| marker.start);
            return Err(ResourceListError::SeveralDocuments {
                at: Position::of(stream.source, at),
            });
        }
        let document = first.filter(|document| !document.is_empty());
        let root = document.ok_or(ResourceListError::Empty)?.root();
        if !Self::is_one(root)? {
            return Err(ResourceListError::NotAResourceList {
                found: description(root)?,
            });
        }
        let items = root.get_non_null("items")?;
        let is_list = |items: &Node<'_>| items.kind() == Kind::Sequence && !items.is_alias();
        if let Some(items) = items.filter(|items| !is_list(items)) {
            let found = match items.kind() {
                _ if items.is_alias() => "an alias",
                other => other.description(),
            };
            return Err(ResourceListError::ItemsNotAList {
                found,
                at: items.position(),
            });
        }
        Ok(Self {
            root,
            items,
            function_config: root.get_non_null("functionConfig")?,
            results: root.get_non_null("results")?,
        })
    }

    /// Whether `node` says that it is a ResourceList.
    ///
    /// # Errors
    /// As [`Node::get`].
    pub fn is_one(node: Node<'_>) -> Result<bool, YamlError> {
        if node.kind() != Kind::Mapping {
            return Ok(false);
        }
        let is_list = node.text_at(&["kind"])? == "ResourceList";
        Ok(is_list && API_VERSIONS.contains(&node.text_at(&["apiVersion"])?))
    }
}

fn description(node: Node<'_>) -> Result<String, YamlError> {
    match node.kind() {
        Kind::Sequence => Ok(node.kind().description().to_owned()),
        Kind::Scalar => {
            let text: String = node.text().chars().take(40).collect();
            Ok(format!("\"{text}\""))
        }
        Kind::Mapping => Ok(format!(
            "kind \"{}\" of apiVersion \"{}\"",
            node.text_at(&["kind"])?,
            node.text_at(&["apiVersion"])?
        )),
    }
}
