//! Why a workload is left alone.

use super::{Constraint, ForeignKey, OnePlace};

/// What scales a Deployment's pods in its place, or takes the Deployment as its template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Driver {
    /// An Argo Rollout whose `workloadRef` names it: the Rollout runs the replicas, and the
    /// Deployment is scaled to none.
    /// <https://argoproj.github.io/argo-rollouts/migrating/>
    ArgoRollout,
    /// A Flagger Canary: a copy with the suffix `-primary` runs the replicas.
    /// <https://docs.flagger.app/usage/how-it-works>
    FlaggerCanary,
    /// A Rollout of `OpenKruise`, which pauses the Deployment and moves its replicas in batches.
    KruiseRollout,
    /// A `WorkloadSpread` of `OpenKruise`, which places its pods over subsets of nodes.
    WorkloadSpread,
}

impl Driver {
    /// The kind of the object, with the name of its project.
    pub fn name(self) -> &'static str {
        match self {
            Self::ArgoRollout => "an Argo Rollout",
            Self::FlaggerCanary => "a Flagger Canary",
            Self::KruiseRollout => "an OpenKruise Rollout",
            Self::WorkloadSpread => "an OpenKruise WorkloadSpread",
        }
    }
}

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
    /// A required pod affinity keeps its pods in one place, so that they cannot be divided.
    KeptTogether(OnePlace),
    /// It is for tools only and never applied to a cluster.
    LocalConfig,
    /// It is a hook of a chart: it runs beside a release for a moment, and is no part of it.
    HelmHook,
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
    /// It is paused: what is written is not rolled out, and a second Deployment that is new and
    /// paused never starts a pod.
    Paused,
    /// It is paused, and an earlier run has placed it: its pods and those of its sibling stay as they
    /// are until it is resumed.
    PausedOncePlaced,
    /// Another object of the input drives it or takes it as its template.
    Driven(Driver),
    /// An autoscaler of the input sets its replicas, and its minimum is not known: there is no R of which a
    /// floor could be a part.
    Unbounded,
    /// A controller owns it and would undo what is written.
    Controlled,
}

impl Exclusion {
    /// Whether what an earlier run wrote stays as it is. Every other reason takes it back.
    pub fn keeps_placement(self) -> bool {
        self == Self::PausedOncePlaced
    }
}
