//! All that one run reads: files or standard input, and the resources in them.

use std::ops::Index;

use yaml_splice::parallel;
use yaml_splice::{Kind, Node, Stream, YamlError};

use super::{Place, Resource, ResourceError, ResourceList, TypeMeta};

/// One text that was read, with its name.
#[derive(Debug)]
pub struct Source<'s> {
    /// The file's path as messages show it; `None` for standard input.
    pub file: Option<String>,
    /// The parsed text.
    pub stream: Stream<'s>,
}

/// Which resource of an [`Input`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceId(usize);

/// Everything that one run decides about.
#[derive(Debug)]
pub struct Input<'d> {
    /// Where it came from.
    pub sources: &'d [Source<'d>],
    /// The objects, in the order of the text, those in lists included.
    pub resources: Vec<Resource<'d>>,
}

impl<'d> Input<'d> {
    /// Finds every object: documents, items of ResourceLists, and items of `kind: List`, nested as
    /// they may be.
    ///
    /// # Errors
    /// Every item that is not an object, with the index of its source.
    pub fn read(sources: &'d [Source<'d>]) -> Result<Self, Vec<(usize, ResourceError)>> {
        let (input, errors) = Self::read_lossy(sources);
        if errors.is_empty() {
            Ok(input)
        } else {
            Err(errors)
        }
    }

    /// As [`Input::read`], with every item that is not an object left out.
    pub fn read_lossy(sources: &'d [Source<'d>]) -> (Self, Vec<(usize, ResourceError)>) {
        let parts = parallel::map_chunks(&candidates(sources), |_, candidates| {
            let mut found = Found::default();
            for candidate in candidates {
                found.add(*candidate);
            }
            found
        });
        let mut parts = parts.into_iter();
        let mut found = parts.next().unwrap_or_default();
        for part in parts {
            found.resources.extend(part.resources);
            found.errors.extend(part.errors);
        }
        let input = Self {
            sources,
            resources: found.resources,
        };
        (input, found.errors)
    }

    /// The resources, each with its id.
    pub fn enumerate(&self) -> impl Iterator<Item = (ResourceId, &Resource<'d>)> {
        let resources = self.resources.iter().enumerate();
        resources.map(|(index, resource)| (ResourceId(index), resource))
    }

    /// Applies `work` to each resource, on several threads; the results are in their order.
    pub fn map<T: Send>(&self, work: impl Fn(ResourceId, &Resource<'d>) -> T + Sync) -> Vec<T> {
        parallel::map(&self.resources, |index, resource| {
            work(ResourceId(index), resource)
        })
    }

    /// The document that holds `resource`.
    pub fn document(&self, resource: &Resource<'d>) -> &'d yaml_splice::Document<'d> {
        &self.sources[resource.place.source].stream.documents[resource.place.document]
    }
}

impl<'d> Index<ResourceId> for Input<'d> {
    type Output = Resource<'d>;

    fn index(&self, ResourceId(index): ResourceId) -> &Self::Output {
        &self.resources[index]
    }
}

/// What may be an object, or, inside of a list, another list.
#[derive(Debug, Clone, Copy)]
struct Candidate<'d> {
    node: Node<'d>,
    /// The type of the items of its list, if that is of a single type.
    of_list: Option<TypeMeta<'d>>,
    place: Place,
    file: Option<&'d str>,
}

impl Candidate<'_> {
    /// Whether this is a `null` in a list of a type of which nobody needs the name: kubectl reads it as
    /// an object of the type without anything in it.
    fn is_nothing(self) -> bool {
        self.node.is_null() && self.of_list.is_some_and(|of_list| !of_list.needs_name())
    }

    /// The items of this one, if it is a list.
    fn items(self) -> Result<Option<impl Iterator<Item = Self>>, YamlError> {
        let Some(items) = list_items(self.node)? else {
            return Ok(None);
        };
        let place = Place {
            is_item: true,
            ..self.place
        };
        let of_list = TypeMeta::of_items(self.node)?;
        Ok(Some(items.items().map(move |node| Self {
            node,
            of_list,
            place,
            ..self
        })))
    }
}

/// The documents, and in place of those that are lists their items. Lists that are items are
/// opened when they are added.
fn candidates<'d>(sources: &'d [Source<'d>]) -> Vec<Candidate<'d>> {
    let mut candidates = Vec::new();
    for (source, Source { file, stream }) in sources.iter().enumerate() {
        for (document, content) in stream.documents.iter().enumerate() {
            let whole = Candidate {
                node: content.root(),
                of_list: None,
                place: Place {
                    source,
                    document,
                    is_item: false,
                },
                file: file.as_deref(),
            };
            match whole.items() {
                Ok(Some(items)) => candidates.extend(items),
                // An empty document, or one that says so.
                _ if content.root().is_null() => {}
                _ => candidates.push(whole),
            }
        }
    }
    candidates
}

#[derive(Default)]
struct Found<'d> {
    resources: Vec<Resource<'d>>,
    errors: Vec<(usize, ResourceError)>,
}

impl<'d> Found<'d> {
    fn add(&mut self, candidate: Candidate<'d>) {
        let Candidate {
            node,
            of_list,
            place,
            file,
        } = candidate;
        match candidate.items() {
            Ok(Some(items)) => items.for_each(|item| self.add(item)),
            Ok(None) if candidate.is_nothing() => {}
            Ok(None) => match Resource::read(node, of_list, place, file) {
                Ok(resource) => self.resources.push(resource),
                Err(error) => self.errors.push((place.source, error)),
            },
            Err(error) => self.errors.push((place.source, error.into())),
        }
    }
}

/// The items of a ResourceList or of a Kubernetes list (`List`, `DeploymentList`, ...), which has
/// items and no name of its own.
fn list_items(node: Node<'_>) -> Result<Option<Node<'_>>, YamlError> {
    // Lists are not followed through aliases: one could lead back to itself.
    if node.kind() != Kind::Mapping || node.is_alias() {
        return Ok(None);
    }
    let kind = node.text_at(&["kind"])?;
    if !kind.ends_with("List") {
        return Ok(None);
    }
    let named = node.at(&["metadata", "name"])?.is_some();
    let items = node
        .get_non_null("items")?
        .filter(|items| items.kind() == Kind::Sequence && !items.is_alias());
    // A ResourceList without items is a list of nothing, not an object.
    if items.is_none() && ResourceList::is_one(node)? {
        return Ok(Some(node));
    }
    Ok(items.filter(|_| !named))
}
