//! Where an orchestrator writes a new companion: the file beside its workload's, after what is there.

use std::collections::HashMap;

use crate::krm::annotations::{
    INDEX, LEGACY_INDEX, LEGACY_PATH, PACKAGE_PATH, PATH, SEQUENCE_INDENT,
};
use crate::krm::{Companion, Input, Resource};
use yaml_splice::{Value, YamlError};

/// The files of companions, each with the next free index in it.
///
/// kpt refuses two objects at the same path and index, and no index counts as one.
#[derive(Debug)]
pub struct Files<'d> {
    /// By package and path.
    next: HashMap<(Option<&'d str>, String), u32>,
}

impl<'d> Files<'d> {
    /// What stands in files of companions already: those of earlier runs, and what users put there.
    ///
    /// # Errors
    /// Where YAML makes an annotation ambiguous.
    pub fn of(input: &Input<'d>) -> Result<Self, YamlError> {
        let mut files = Self {
            next: HashMap::new(),
        };
        let endings = Companion::ALL.map(Companion::file_ending);
        for resource in &input.resources {
            let path = resource.file.map(normal).unwrap_or_default();
            if endings.iter().any(|ending| path.ends_with(ending)) {
                let index = index_of(resource)?;
                let next = files.next(resource.package, path);
                *next = index.map_or(*next, |index| index.saturating_add(1).max(*next));
            }
        }
        Ok(files)
    }

    /// The next place in the file of `companion` beside that of `original`. Where the orchestrator gave the
    /// original no path, there is nothing to say.
    ///
    /// # Errors
    /// Where YAML makes an annotation ambiguous.
    pub fn reserve(
        &mut self,
        companion: Companion,
        original: &Resource<'d>,
    ) -> Result<CompanionFile, YamlError> {
        let mut found = Vec::new();
        for (path, index) in [(PATH, INDEX), (LEGACY_PATH, LEGACY_INDEX)] {
            if let Some(file) = original.annotation(path)? {
                found.push((path, index, companion.path(file)));
            }
        }
        let mut annotations = Vec::new();
        let Some((_, _, file)) = found.first() else {
            return Ok(CompanionFile { annotations });
        };
        let next = self.next(original.package, normal(file));
        let position = next.to_string();
        *next += 1;
        for (path, index, file) in found {
            annotations.push((index, position.clone()));
            annotations.push((path, file));
        }
        for key in [PACKAGE_PATH, SEQUENCE_INDENT] {
            let text = original.annotation(key)?;
            annotations.extend(text.map(|text| (key, text.to_owned())));
        }
        Ok(CompanionFile { annotations })
    }

    fn next(&mut self, package: Option<&'d str>, path: &str) -> &mut u32 {
        self.next.entry((package, path.to_owned())).or_default()
    }
}

/// Where a new companion goes: the annotations that make it land beside its workload. The sibling of
/// `apps/web.yaml` is in `apps/web-on-demand.yaml` of the same package, with lists indented alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompanionFile {
    annotations: Vec<(&'static str, String)>,
}

impl CompanionFile {
    /// Gives `object` the annotations.
    pub fn annotate(&self, object: &mut Value) {
        for (key, text) in self.annotations() {
            *object.entry("metadata").entry("annotations").entry(key) = Value::text(text);
        }
    }

    /// The annotations, which no companion has by itself.
    pub(super) fn annotations(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.annotations
            .iter()
            .map(|(key, text)| (*key, text.as_str()))
    }
}

fn index_of(resource: &Resource<'_>) -> Result<Option<u32>, YamlError> {
    let index = match resource.annotation(INDEX)? {
        Some(index) => Some(index),
        None => resource.annotation(LEGACY_INDEX)?,
    };
    Ok(index.and_then(|index| index.parse().ok()))
}

fn normal(path: &str) -> &str {
    path.trim_start_matches("./")
}
