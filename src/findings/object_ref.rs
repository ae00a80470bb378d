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

    /// What makes `Deployment/prod/web`, or `Deployment/web` where it names no namespace.
    pub(super) fn parts(&self) -> [&str; 5] {
        let (kind, name) = (&*self.kind, &*self.name);
        match &self.namespace {
            Some(namespace) => [kind, "/", namespace, "/", name],
            None => [kind, "/", name, "", ""],
        }
    }
}

impl fmt::Display for ObjectRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts()
            .into_iter()
            .try_for_each(|part| f.write_str(part))
    }
}
