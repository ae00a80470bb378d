//! Findings as the `results` of a ResourceList.

use yaml_splice::{Entries, Record};

use super::{Finding, ObjectRef, visible};

/// A finding as an item of `results`, by the KRM function specification.
impl Record for Finding {
    fn write(&self, entries: &mut impl Entries) {
        // Orchestrators print it as it is.
        entries.text("message", &visible(&self.message));
        entries.text("severity", self.severity.name());
        if let Some(subject) = &self.subject {
            entries.shared("resourceRef", subject);
            if let Some(file) = &subject.file {
                entries.mapping("file", |entries| entries.text("path", file));
            }
        }
        if let Some(field) = &self.field {
            entries.mapping("field", |entries| entries.text("path", field));
        }
        entries.mapping("tags", |entries| entries.text("code", self.code.name()));
    }
}

/// An object as the `resourceRef` of a result.
impl Record for ObjectRef {
    fn write(&self, entries: &mut impl Entries) {
        entries.text("apiVersion", &self.api_version);
        entries.text("kind", &self.kind);
        entries.text("name", &self.name);
        if let Some(namespace) = &self.namespace {
            entries.text("namespace", namespace);
        }
    }
}
