//! The kinds of workload that are placed.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A kind of workload whose replicas are placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum WorkloadKind {
    /// A Deployment of `apps/v1`.
    Deployment,
    /// A `StatefulSet` of `apps/v1`.
    StatefulSet,
}

impl WorkloadKind {
    /// Every kind, in the order of the documentation.
    pub const ALL: [Self; 2] = [Self::Deployment, Self::StatefulSet];

    /// The name in manifests and configuration files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Deployment => "Deployment",
            Self::StatefulSet => "StatefulSet",
        }
    }

    /// The label that its controller gives to pods, with a value of its own for each pod template.
    pub fn revision_label(self) -> &'static str {
        match self {
            Self::Deployment => "pod-template-hash",
            Self::StatefulSet => "controller-revision-hash",
        }
    }
}

impl fmt::Display for WorkloadKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A word that names no kind of workload.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a kind of workload")]
pub struct UnknownKind(pub String);

impl FromStr for WorkloadKind {
    type Err = UnknownKind;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.name() == name)
            .ok_or_else(|| UnknownKind(name.to_owned()))
    }
}
