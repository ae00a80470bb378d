//! Findings as the `results` of a ResourceList.

use yaml_splice::Value;

use super::{Finding, ObjectRef, visible};

/// A finding as an item of `results`, by the KRM function specification.
pub fn results_value(finding: &Finding) -> Value {
    let mut entries = vec![
        // Orchestrators print it as it is.
        ("message", Value::text(visible(&finding.message))),
        ("severity", Value::text(finding.severity.name())),
    ];
    if let Some(subject) = &finding.subject {
        entries.push(("resourceRef", resource_ref(subject)));
        if let Some(file) = &subject.file {
            entries.push((
                "file",
                Value::mapping([("path", Value::text(file.clone()))]),
            ));
        }
    }
    if let Some(field) = &finding.field {
        entries.push(("field", Value::mapping([("path", Value::text(field))])));
    }
    entries.push((
        "tags",
        Value::mapping([("code", Value::text(finding.code.name()))]),
    ));
    Value::mapping(entries)
}

fn resource_ref(subject: &ObjectRef) -> Value {
    let mut entries = vec![
        ("apiVersion", Value::text(subject.api_version.clone())),
        ("kind", Value::text(subject.kind.clone())),
        ("name", Value::text(subject.name.clone())),
    ];
    if let Some(namespace) = &subject.namespace {
        entries.push(("namespace", Value::text(namespace.clone())));
    }
    Value::mapping(entries)
}
