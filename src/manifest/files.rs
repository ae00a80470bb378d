//! Where an orchestrator writes a new sibling: the file beside its original's, after what is there.

use std::collections::HashMap;

use crate::krm::annotations::{
    INDEX, LEGACY_INDEX, LEGACY_PATH, PACKAGE_PATH, PATH, SEQUENCE_INDENT, SIBLING_SUFFIX,
};
use crate::krm::{Input, Resource, sibling_path};
use crate::yaml::{Value, YamlError};

/// The files of siblings, each with the next free index in it.
///
/// kpt refuses two objects at the same path and index, and no index counts as one.
#[derive(Debug)]
pub struct Files<'d> {
    /// By package and path.
    next: HashMap<(Option<&'d str>, String), u32>,
}

impl<'d> Files<'d> {
    /// What stands in files of siblings already: siblings of earlier runs, and what users put there.
    ///
    /// # Errors
    /// Where YAML makes an annotation ambiguous.
    pub fn of(input: &Input<'d>) -> Result<Self, YamlError> {
        let mut files = Self {
            next: HashMap::new(),
        };
        for resource in &input.resources {
            let path = resource.file.map(normal).unwrap_or_default();
            if path.ends_with(&ending()) {
                let index = index_of(resource)?;
                let next = files.next(resource.package, path);
                *next = index.map_or(*next, |index| index.saturating_add(1).max(*next));
            }
        }
        Ok(files)
    }

    /// Gives `sibling` the annotations that make it land beside `original`: `apps/web.yaml` has
    /// `apps/web-on-demand.yaml` in the same package, with lists indented alike. Where the
    /// orchestrator gave the original no path, there is nothing to add.
    ///
    /// # Errors
    /// Where YAML makes an annotation ambiguous.
    pub fn place(&mut self, sibling: &mut Value, original: &Resource<'d>) -> Result<(), YamlError> {
        let mut found = Vec::new();
        for (path, index) in [(PATH, INDEX), (LEGACY_PATH, LEGACY_INDEX)] {
            if let Some(file) = original.annotation(path)? {
                found.push((path, index, sibling_path(file)));
            }
        }
        let Some((_, _, file)) = found.first() else {
            return Ok(());
        };
        let next = self.next(original.package, normal(file));
        let position = next.to_string();
        *next += 1;
        let annotations = sibling.entry("metadata").entry("annotations");
        for (path, index, file) in found {
            *annotations.entry(index) = Value::text(&position);
            *annotations.entry(path) = Value::text(file);
        }
        for key in [PACKAGE_PATH, SEQUENCE_INDENT] {
            if let Some(text) = original.annotation(key)? {
                *annotations.entry(key) = Value::text(text);
            }
        }
        Ok(())
    }

    fn next(&mut self, package: Option<&'d str>, path: &str) -> &mut u32 {
        self.next.entry((package, path.to_owned())).or_default()
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

fn ending() -> String {
    format!("{SIBLING_SUFFIX}.yaml")
}
