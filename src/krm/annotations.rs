//! Every annotation and label of ours and of the tools that render, by name. One of an autoscaler stands where it is read.

/// The prefix of everything that is ours.
pub const PREFIX: &str = "spot-distribution.dev/";

/// On a workload: the strategy its owner wants.
pub const STRATEGY: &str = "spot-distribution.dev/strategy";
/// On a workload: a count of replicas, `majority` or `majority+1`.
pub const ON_DEMAND_BASE: &str = "spot-distribution.dev/on-demand-base";
/// On a workload: 0 to 100.
pub const ON_DEMAND_PERCENT_ABOVE_BASE: &str = "spot-distribution.dev/on-demand-percent-above-base";

/// On a workload: the mark, what was applied to it.
pub const APPLIED: &str = "spot-distribution.dev/applied";
/// On a workload with a sibling: the total of replicas that its owner asked for.
pub const REPLICAS: &str = "spot-distribution.dev/replicas";
/// On a sibling: the name of its original.
pub const SIBLING_OF: &str = "spot-distribution.dev/sibling-of";
/// On a `PodDisruptionBudget` of ours: the name of the workload whose floor it guards.
pub const BUDGET_OF: &str = "spot-distribution.dev/budget-of";
/// On a `CapacityBuffer` of ours: the name of the workload whose replicas it keeps room for.
pub const BUFFER_OF: &str = "spot-distribution.dev/buffer-of";
/// On a pod template: the replicas that its topology spread was computed for, so that a change of
/// the number rolls the workload.
pub const COMPUTED_FOR_REPLICAS: &str = "spot-distribution.dev/computed-for-replicas";
/// On the pod template of a StatefulSet: the first ordinal that may use spot nodes. The cluster's
/// admission policy reads it.
pub const SPOT_FROM_ORDINAL: &str = "spot-distribution.dev/spot-from-ordinal";
/// A label in a sibling's selector and on its pods.
pub const CAPACITY_LABEL: &str = "spot-distribution.dev/capacity";
/// Its value.
pub const CAPACITY_ON_DEMAND: &str = "on-demand";
/// The label with its ordinal that every pod of a `StatefulSet` has. Source: `PodIndexLabel` in
/// Kubernetes' `apps/v1`, since 1.28.
pub const POD_INDEX_LABEL: &str = "apps.kubernetes.io/pod-index";

/// What the name of a sibling adds to that of its original.
pub const SIBLING_SUFFIX: &str = "-on-demand";

/// The path of the file that a resource came from, below the package.
pub const PATH: &str = "internal.config.kubernetes.io/path";
/// The same for older orchestrators.
pub const LEGACY_PATH: &str = "config.kubernetes.io/path";
/// The index of a resource in its file.
pub const INDEX: &str = "internal.config.kubernetes.io/index";
/// The same for older orchestrators.
pub const LEGACY_INDEX: &str = "config.kubernetes.io/index";
/// The folder of the (sub-)package that the path counts from; only `kpt fn render` gives it.
pub const PACKAGE_PATH: &str = "internal.config.kubernetes.io/package-path";
/// How far the lists of the file are indented.
pub const SEQUENCE_INDENT: &str = "internal.config.kubernetes.io/seqindent";
/// The names that a resource had before kustomize gave it a prefix, a suffix or a hash, by commas.
pub const PREVIOUS_NAMES: &str = "internal.config.kubernetes.io/previousNames";
/// `"true"`: the resource is for tools and never applied to a cluster.
pub const LOCAL_CONFIG: &str = "config.kubernetes.io/local-config";

/// On a pod template: when `kubectl rollout restart` was run.
pub const RESTARTED_AT: &str = "kubectl.kubernetes.io/restartedAt";

/// On an object that Helm applies before or after a release, such as `pre-install`.
pub const HELM_HOOK: &str = "helm.sh/hook";

/// Annotations that belong to one object or to the tool that moves it, and so are not copied to a
/// sibling, by prefix.
const NOT_COPIED: [&str; 13] = [
    PREFIX,
    // kpt's id of a resource, where a mutator has selectors: with it, a sibling would be lost.
    "internal.config.k8s.io/",
    "internal.config.kubernetes.io/",
    "config.kubernetes.io/",
    "config.k8s.io/",
    "kustomize.config.k8s.io/",
    "internal.kpt.dev/",
    "kpt.dev/",
    "kubectl.kubernetes.io/last-applied-configuration",
    "argocd.argoproj.io/tracking-id",
    "deployment.kubernetes.io/",
    "configmanagement.gke.io/",
    "kustomize.toolkit.fluxcd.io/checksum",
];

/// What kpt live and Config Sync apply and wait for before the object, by commas. The order in which
/// objects are applied holds for a sibling as well.
pub const DEPENDS_ON: &str = "config.kubernetes.io/depends-on";
/// The number of the wave in which Argo CD applies the object, "0" by default.
pub const SYNC_WAVE: &str = "argocd.argoproj.io/sync-wave";

/// That Config Sync leaves the object alone. `disabled` is the owner's word and holds for a
/// sibling as well; `enabled` Config Sync writes itself, on each object.
const UNMANAGED: (&str, Option<&str>) = ("configmanagement.gke.io/managed", Some("disabled"));

/// Whether a sibling gets the annotation `key` of its original, with this text.
pub fn is_copied(key: &str, text: Option<&str>) -> bool {
    let belongs_to_one = NOT_COPIED.iter().any(|prefix| key.starts_with(prefix));
    !belongs_to_one || key == DEPENDS_ON || (key, text) == UNMANAGED
}
