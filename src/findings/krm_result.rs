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
            entries.mapping("resourceRef", |entries| resource_ref(subject, entries));
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

fn resource_ref(subject: &ObjectRef, entries: &mut impl Entries) {
    entries.text("apiVersion", &subject.api_version);
    entries.text("kind", &subject.kind);
    entries.text("name", &subject.name);
    if let Some(namespace) = &subject.namespace {
        entries.text("namespace", namespace);
    }
}
