//! Which object a finding is about.

use std::fmt;

use compact_str::CompactString;

use crate::krm::Resource;

/// The object that a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectRef {
    /// Such as `apps/v1`.
    pub api_version: CompactString,
    /// Such as `Deployment`.
    pub kind: CompactString,
    /// The name.
    pub name: CompactString,
    /// The namespace, if the object names one.
    pub namespace: Option<CompactString>,
    /// The file it came from.
    pub file: Option<CompactString>,
}

impl ObjectRef {
    /// Names `resource`.
    pub fn of(resource: &Resource<'_>) -> Self {
        Self {
            api_version: resource.api_version.into(),
            kind: resource.kind.into(),
            name: resource.name.into(),
            namespace: resource.namespace.map(CompactString::from),
            file: resource.file.map(CompactString::from),
        }
    }
}

impl fmt::Display for ObjectRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "{}/{namespace}/{}", self.kind, self.name),
            None => write!(f, "{}/{}", self.kind, self.name),
        }
    }
}
