//! Why a workload is left alone.

use super::{Constraint, ForeignKey};

/// Why a workload is left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exclusion {
    /// Its strategy is `off`.
    Off,
    /// Its namespace is excluded.
    ExcludedNamespace,
    /// It asks for no replicas.
    NoReplicas,
    /// Its autoscaler's minimum is zero.
    ScalesToZero,
    /// Its owner constrains the capacity key.
    Constrained(Constraint),
    /// Its owner chooses nodes by a capacity key that is not the policy's.
    ForeignKey(ForeignKey),
    /// Kubernetes no longer serves its API version.
    UnsupportedApiVersion,
    /// It is a patch or an incomplete manifest: the field of this path is missing.
    PartialManifest(&'static str),
    /// The API server makes its name, so that nothing can refer to it.
    GeneratedName,
    /// Its selector is empty, which Kubernetes rejects.
    EmptySelector,
    /// Its selector does not match its own pods, which Kubernetes rejects.
    SelectorMismatch,
}
