//! The changes of a run, collected as byte ranges of each source.

use std::collections::{BTreeMap, BTreeSet};

use crate::findings::Finding;
use crate::krm::{Input, Place, Resource};
use yaml_splice::{Edits, Splice, Value, YamlError};

/// Collects changes. What happens inside a resource is turned into splices at once; what happens
/// to the list around it waits for the end, because neighbours share commas and brackets.
#[derive(Debug)]
pub struct Patches<'a, 'd> {
    input: &'a Input<'d>,
    /// By source.
    splices: Vec<Vec<Splice>>,
    /// Lists that gain and lose items, by source and document.
    lists: BTreeMap<(usize, usize), Edits<'d>>,
    /// Documents that come, with their source.
    documents: Vec<(usize, Splice)>,
    /// Documents that go, by source.
    removed: BTreeMap<usize, BTreeSet<usize>>,
}

impl<'a, 'd> Patches<'a, 'd> {
    /// No changes to `input` yet.
    pub fn new(input: &'a Input<'d>) -> Self {
        Self {
            input,
            splices: vec![Vec::new(); input.sources.len()],
            lists: BTreeMap::new(),
            documents: Vec::new(),
            removed: BTreeMap::new(),
        }
    }

    /// Adds changes inside `resource`.
    pub fn add(&mut self, resource: &Resource<'d>, splices: Vec<Splice>) {
        self.splices[resource.place.source].extend(splices);
    }

    /// Inserts an object right after `resource`.
    pub fn insert_after(&mut self, resource: &Resource<'d>, insertion: Insertion) {
        match insertion {
            Insertion::Item(text) => self
                .list(resource)
                .insert_rendered_after(resource.node, text),
            Insertion::Document(splice) => self.documents.push((resource.place.source, splice)),
        }
    }

    /// Removes `resource`.
    ///
    /// # Errors
    /// Where YAML makes the edit ambiguous.
    pub fn remove(&mut self, resource: &Resource<'d>) -> Result<(), YamlError> {
        if resource.place.is_item {
            return self.list(resource).remove_item_keeping_list(resource.node);
        }
        let Place {
            source, document, ..
        } = resource.place;
        self.removed.entry(source).or_default().insert(document);
        Ok(())
    }

    /// All changes, by source, and what is wrong with those to lists.
    ///
    /// At one place, what ends a resource comes before what follows it.
    pub fn finish(self) -> (Vec<Vec<Splice>>, Vec<Finding>) {
        let mut splices = self.splices;
        let mut errors = Vec::new();
        for (place, edits) in self.lists {
            match edits.splices() {
                Ok(found) => splices[place.0].extend(found),
                Err(error) => errors.push(in_document(self.input, place, error)),
            }
        }
        for (source, splice) in self.documents {
            splices[source].push(splice);
        }
        for (source, removed) in self.removed {
            let removed: Vec<_> = removed.into_iter().collect();
            splices[source].extend(self.input.sources[source].stream.remove(&removed));
        }
        errors.extend(moved_boms(self.input, &splices));
        (splices, errors)
    }

    fn list(&mut self, resource: &Resource<'d>) -> &mut Edits<'d> {
        let Place {
            source, document, ..
        } = resource.place;
        let content = self.input.document(resource);
        let edits = self.lists.entry((source, document));
        edits.or_insert_with(|| Edits::new(content))
    }
}

/// An object that is inserted after another one, as text.
#[derive(Debug)]
pub enum Insertion {
    /// An item of the same list.
    Item(String),
    /// A document.
    Document(Splice),
}

impl Insertion {
    /// `value`, laid out to stand after `resource`.
    ///
    /// # Errors
    /// Where the layout leaves no safe place for it.
    pub fn after(
        input: &Input<'_>,
        resource: &Resource<'_>,
        value: &Value,
    ) -> Result<Self, YamlError> {
        if resource.place.is_item {
            return Edits::render_item_after(resource.node, value).map(Self::Item);
        }
        let document = input.document(resource);
        document.insert_after(value).map(Self::Document)
    }

    /// A copy of `resource` with `changes`, laid out to stand after it; `None` where it has to be made of
    /// a value.
    pub fn copy_after(
        input: &Input<'_>,
        resource: &Resource<'_>,
        changes: &Edits<'_>,
    ) -> Option<Self> {
        if resource.place.is_item {
            return changes.copy_after(resource.node).map(Self::Item);
        }
        let document = input.document(resource);
        document.insert_copy_after(changes).map(Self::Document)
    }
}

/// The changes that `write` records inside `resource`; none where nothing changes.
///
/// # Errors
/// Where YAML makes an edit ambiguous.
pub fn inside<'d>(
    input: &Input<'d>,
    resource: &Resource<'d>,
    write: impl FnOnce(&mut Edits<'d>) -> Result<(), YamlError>,
) -> Result<Option<Vec<Splice>>, YamlError> {
    let mut edits = Edits::new(input.document(resource));
    write(&mut edits)?;
    let changed = edits.recorded() > 0;
    let splices = edits.splices()?;
    Ok(changed.then_some(splices))
}

/// What is wrong where byte order marks inside of a text would move.
fn moved_boms(input: &Input<'_>, splices: &[Vec<Splice>]) -> Vec<Finding> {
    let sources = input.sources.iter().zip(splices).enumerate();
    let moved = sources.flat_map(|(index, (source, splices))| {
        let moved = source.stream.moved_boms(splices).into_iter();
        moved.map(move |(document, error)| ((index, document), error))
    });
    moved
        .map(|(place, error)| in_document(input, place, error))
        .collect()
}

/// An error of a whole document, about the resource in which it stands.
fn in_document(input: &Input<'_>, place: (usize, usize), error: YamlError) -> Finding {
    let at = error.position();
    let resource = input
        .resources
        .iter()
        .filter(|resource| (resource.place.source, resource.place.document) == place)
        .take_while(|resource| at.is_none_or(|at| resource.node.position() <= at))
        .last();
    let finding = Finding::from(error);
    match resource {
        Some(resource) => finding.about(resource),
        None => finding,
    }
}
