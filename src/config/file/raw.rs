//! The configuration file as it is written: types only, ranges are checked in `validate`.
//!
//! The comments on the fields state the default, the range and the unit.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::capacity_raw::RawCapacity;
#[cfg(test)]
use super::schema::patterns;
#[cfg(test)]
use super::words::LARGEST;
use super::words::RawBase;
use crate::config::{AutoscaledBasis, BudgetPolicy, Headroom, Mode};
use crate::placement::{Strategy, WorkloadKind};
use yaml_splice::Located;

/// The policy that decides which replicas stay on on-demand nodes.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct RawConfig {
    /// `spot-distribution.dev/v1alpha1`.
    #[serde(rename = "apiVersion")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub _api_version: Option<IgnoredAny>,
    /// `SpotDistribution`.
    #[serde(rename = "kind")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub _kind: Option<IgnoredAny>,
    /// Name, labels and annotations; orchestrators add their own.
    #[serde(rename = "metadata")]
    #[cfg_attr(test, schemars(with = "Option<BTreeMap<String, serde_json::Value>>"))]
    pub _metadata: Option<IgnoredAny>,
    /// The settings; each has a default.
    pub spec: Option<RawSpec>,
    /// Never read.
    #[serde(rename = "status")]
    #[cfg_attr(test, schemars(with = "Option<BTreeMap<String, serde_json::Value>>"))]
    pub _status: Option<IgnoredAny>,
}

/// The settings; each has a default.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct RawSpec {
    /// `enforce` changes the manifests; `check` changes nothing and fails when something would
    /// change or is unsafe. Default: `enforce`.
    pub mode: Option<Mode>,
    /// The node labels that tell on-demand nodes from spot nodes.
    pub capacity: Option<Located<RawCapacity>>,
    /// What workloads get that no annotation and no rule says otherwise about.
    pub defaults: Option<RawDefaults>,
    /// Namespaces whose workloads are left alone, as names or as globs with `*` and `?`.
    /// Default: `kube-system`, `kube-public` and `kube-node-lease`. A list that is given replaces
    /// the default.
    #[cfg_attr(test, schemars(inner(regex(pattern = patterns::GLOB))))]
    pub exclude_namespaces: Option<Vec<Located<String>>>,
    /// Exceptions from the defaults; the first rule that matches a workload wins. Default: none.
    pub rules: Option<Vec<RawRule>>,
    /// Tolerations given to every pod that may run on spot nodes. Default: none, or the provider's.
    pub spot_tolerations: Option<Vec<Located<RawToleration>>>,
    /// Whether the on-demand nodes may scale to none; `spread` then adds `minDomains: 2`.
    /// Default: `false`.
    pub on_demand_scales_to_zero: Option<bool>,
    /// How long pods stay bound to a vanished node, in seconds, 0 to 2147483647. Default: null,
    /// which leaves it to the cluster (300 seconds unless its administrators changed that).
    #[cfg_attr(test, schemars(range(min = 0, max = LARGEST)))]
    pub node_loss_toleration_seconds: Option<Located<i64>>,
    /// The priority class of pods pinned to on-demand nodes that name no class of their own.
    /// Default: null, none.
    #[cfg_attr(test, schemars(length(max = 253), regex(pattern = patterns::DNS_NAME)))]
    pub on_demand_priority_class_name: Option<Located<String>>,
    /// Annotations given to pods pinned to on-demand nodes, unless they have them, such as
    /// `karpenter.sh/do-not-disrupt: "true"`. Default: none.
    #[cfg_attr(test, schemars(transform = patterns::annotations))]
    pub on_demand_pod_annotations: Option<Located<BTreeMap<String, Located<String>>>>,
    /// Tolerations given to pods pinned to on-demand nodes, where those are tainted. Default: none.
    pub on_demand_tolerations: Option<Vec<Located<RawToleration>>>,
    /// The replicas from which the floor of an autoscaled workload is computed: its autoscaler's
    /// `minimum` or `maximum`. Default: `minimum`.
    pub autoscaled_basis: Option<AutoscaledBasis>,
    /// `floor` writes a `PodDisruptionBudget` for workloads that no other budget selects. Default:
    /// `none`.
    pub budget: Option<BudgetPolicy>,
    /// Whether tools that wait for health bring up the sibling of `floor` before the original.
    /// Default: `false`.
    pub siblings_first: Option<bool>,
    /// `capacity-buffer` writes a `CapacityBuffer` that keeps room on on-demand nodes for the replicas
    /// on spot nodes. Default: `none`.
    pub headroom: Option<Headroom>,
    /// What on-demand nodes cost, for the plan. Default: none.
    pub prices: Option<RawPrices>,
    /// The price of a spot node relative to an on-demand node, above 0 and at most 1, used by the
    /// plan. Default: 0.1.
    #[cfg_attr(test, schemars(range(max = 1), extend("exclusiveMinimum" = 0)))]
    pub spot_price_ratio: Option<Located<f64>>,
    /// The time between the notice that a spot node is reclaimed and its loss, in seconds, 0 to
    /// 2147483647, used by the warnings. Default: 120, or the provider's.
    #[cfg_attr(test, schemars(range(min = 0, max = LARGEST)))]
    pub notice_seconds: Option<Located<i64>>,
}

/// What on-demand nodes cost, in any currency; the plan shows money where both are given.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct RawPrices {
    /// Per core and hour, above 0. Default: null, none.
    #[cfg_attr(test, schemars(extend("exclusiveMinimum" = 0)))]
    pub cpu: Option<Located<f64>>,
    /// Per GiB of memory and hour, above 0. Default: null, none.
    #[cfg_attr(test, schemars(extend("exclusiveMinimum" = 0)))]
    pub memory: Option<Located<f64>>,
}

/// What workloads get that no annotation and no rule says otherwise about.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct RawDefaults {
    /// Workloads with one replica and no autoscaler.
    pub single_replica: Option<RawSingleReplica>,
    /// Deployments with more than one replica.
    pub deployment: Option<RawKindDefault>,
    /// `StatefulSets` with more than one replica.
    pub stateful_set: Option<RawKindDefault>,
}

/// What workloads with one replica and no autoscaler get.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct RawSingleReplica {
    /// The strategy; not `floor` or `spread`, which divide replicas. Default: `on-demand`.
    pub strategy: Option<Located<Strategy>>,
}

/// What the workloads of one kind get.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct RawKindDefault {
    /// The strategy; `floor` is for Deployments, `ordinals` for `StatefulSets`, and each is the
    /// default of its kind.
    pub strategy: Option<Located<Strategy>>,
    /// How many of the replicas stay on on-demand nodes.
    pub on_demand: Option<RawShare>,
}

/// How many of the replicas stay on on-demand nodes.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct RawShare {
    /// The replicas that come first: a count, 0 to 2147483647, `majority`, which is more than half,
    /// or `majority+1`, a majority also while one member is being rolled out. Default: 1 for
    /// Deployments, `majority` for `StatefulSets`.
    pub base: Option<Located<RawBase>>,
    /// How much of the replicas above the base stays on on-demand nodes too, 0 to 100 percent,
    /// rounded down. Default: 20 for Deployments, 0 for `StatefulSets`.
    #[cfg_attr(test, schemars(range(min = 0, max = 100)))]
    pub percent_above_base: Option<Located<i64>>,
}

/// An exception from the defaults. A field that is left out falls back to the default of the
/// workload's kind.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct RawRule {
    /// The workloads that the rule is for. Default: all.
    #[serde(rename = "match")]
    pub matching: Option<RawMatch>,
    /// The strategy, for workloads with one replica too.
    pub strategy: Option<Located<Strategy>>,
    /// How many of the replicas stay on on-demand nodes.
    pub on_demand: Option<RawShare>,
}

/// The workloads that a rule is for: everything that is given must match.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct RawMatch {
    /// The kinds of workload. Default: all.
    #[cfg_attr(test, schemars(length(min = 1)))]
    pub kinds: Option<Located<Vec<Located<WorkloadKind>>>>,
    /// Namespaces, as globs with `*` and `?`. Default: all.
    #[cfg_attr(test, schemars(length(min = 1), inner(regex(pattern = patterns::GLOB))))]
    pub namespaces: Option<Located<Vec<Located<String>>>>,
    /// Names of workloads, as globs with `*` and `?`. Default: all.
    #[cfg_attr(test, schemars(length(min = 1), inner(regex(pattern = patterns::GLOB))))]
    pub names: Option<Located<Vec<Located<String>>>>,
    /// A Kubernetes label selector over the workload's own labels. Default: all.
    pub label_selector: Option<RawSelector>,
}

/// A Kubernetes label selector: everything that is given must match.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct RawSelector {
    /// Labels that the workload must have with these values.
    #[cfg_attr(test, schemars(transform = patterns::labels))]
    pub match_labels: Option<BTreeMap<String, Located<String>>>,
    /// Conditions on labels.
    pub match_expressions: Option<Vec<RawRequirement>>,
}

/// A condition on a label.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct RawRequirement {
    /// The label's key.
    #[cfg_attr(test, schemars(regex(pattern = patterns::LABEL_KEY)))]
    pub key: Located<String>,
    /// How the label is compared with the values.
    pub operator: Located<SelectorOperator>,
    /// The values; at least one for `In` and `NotIn`, none for the others.
    #[cfg_attr(test, schemars(inner(regex(pattern = patterns::LABEL_VALUE_OR_NOTHING))))]
    pub values: Option<Vec<Located<String>>>,
}

/// How a label is compared with values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) enum SelectorOperator {
    /// The label has one of the values.
    In,
    /// The label is absent or has none of the values.
    NotIn,
    /// The label is there, whatever its value.
    Exists,
    /// The label is absent.
    DoesNotExist,
}

/// A Kubernetes toleration.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct RawToleration {
    /// The taint's key. Default: every key, with the operator `Exists`.
    #[cfg_attr(test, schemars(regex(pattern = patterns::LABEL_KEY_OR_NOTHING)))]
    pub key: Option<Located<String>>,
    /// How the value is compared. Default: `Equal`.
    pub operator: Option<Located<TolerationOperator>>,
    /// The taint's value, with the operator `Equal`.
    #[cfg_attr(test, schemars(regex(pattern = patterns::LABEL_VALUE_OR_NOTHING)))]
    pub value: Option<Located<String>>,
    /// The taint's effect. Default: every effect.
    pub effect: Option<TaintEffect>,
    /// How long the taint is tolerated, in seconds, with the effect `NoExecute`. Default: forever.
    pub toleration_seconds: Option<Located<i64>>,
}

/// How a toleration compares its value with the taint's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) enum TolerationOperator {
    /// Any value.
    Exists,
    /// The same value.
    Equal,
}

/// What a taint does to pods that do not tolerate it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) enum TaintEffect {
    /// They are not scheduled there.
    NoSchedule,
    /// They are scheduled elsewhere if possible.
    PreferNoSchedule,
    /// They are evicted.
    NoExecute,
}
