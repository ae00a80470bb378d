//! The validated configuration.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::Toleration;
use serde::{Deserialize, Serialize};

use super::{Capacity, Glob, Provider, Rule};
use crate::placement::{Base, Share, Strategy, WorkloadKind};

/// What a run does with what it decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// The manifests are changed.
    #[default]
    Enforce,
    /// Nothing is changed; the run fails when something would change or is unsafe.
    Check,
}

/// The replicas of an autoscaled workload from which its floor is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum AutoscaledBasis {
    /// The autoscaler's minimum.
    #[default]
    Minimum,
    /// The autoscaler's maximum.
    Maximum,
}

/// Which disruption budgets are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum BudgetPolicy {
    /// None.
    #[default]
    None,
    /// A `PodDisruptionBudget` for workloads that no other budget selects.
    Floor,
}

/// Which room is kept for replicas that lose their spot nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Headroom {
    /// None.
    #[default]
    None,
    /// A `CapacityBuffer` beside the sibling.
    CapacityBuffer,
}

/// What on-demand nodes cost, in any currency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prices {
    /// Per core and hour, above 0.
    pub cpu: f64,
    /// Per GiB of memory and hour, above 0.
    pub memory: f64,
}

/// What the workloads of a kind get that no annotation and no rule says otherwise about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KindDefault {
    /// The strategy of workloads with more than one replica.
    pub strategy: Strategy,
    /// How many of the replicas stay on on-demand nodes.
    pub share: Share,
}

/// A configuration that has been read and found valid.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// Whether the manifests are changed or only checked.
    pub mode: Mode,
    /// Whose presets the settings begin with.
    pub provider: Option<Provider>,
    /// The labels that tell the nodes apart.
    pub capacity: Capacity,
    /// The strategy of workloads with one replica and no autoscaler; never one that divides.
    pub single_replica: Strategy,
    /// The default of Deployments; never `ordinals`.
    pub deployment: KindDefault,
    /// The default of `StatefulSets`; never `floor`.
    pub stateful_set: KindDefault,
    /// The namespaces whose workloads are left alone.
    pub exclude_namespaces: Vec<Glob>,
    /// The rules, in the order of the file; the first that matches wins.
    pub rules: Vec<Rule>,
    /// Given to every pod that may run on spot nodes.
    pub spot_tolerations: Vec<Toleration>,
    /// Whether the on-demand nodes may scale to none; `spread` then adds `minDomains: 2`.
    pub on_demand_scales_to_zero: bool,
    /// How long pods stay bound to a vanished node, in seconds; `None` leaves it to the cluster.
    pub node_loss_toleration_seconds: Option<i64>,
    /// The priority class of pods pinned to on-demand nodes that name no class of their own.
    pub on_demand_priority_class_name: Option<String>,
    /// The annotations of pods pinned to on-demand nodes.
    pub on_demand_pod_annotations: BTreeMap<String, String>,
    /// Given to pods pinned to on-demand nodes.
    pub on_demand_tolerations: Vec<Toleration>,
    /// The replicas from which the floor of an autoscaled workload is computed.
    pub autoscaled_basis: AutoscaledBasis,
    /// Which disruption budgets are written.
    pub budget: BudgetPolicy,
    /// Whether a workload is ordered after its sibling, for tools that wait.
    pub siblings_first: bool,
    /// Which room is kept for replicas that lose their spot nodes.
    pub headroom: Headroom,
    /// What on-demand nodes cost; `None` unless both prices are given.
    pub prices: Option<Prices>,
    /// The price of a spot node relative to an on-demand node, above 0 and at most 1.
    pub spot_price_ratio: f64,
    /// The time between the notice that a spot node is reclaimed and its loss, in seconds.
    pub notice_seconds: u32,
}

impl Default for Policy {
    fn default() -> Self {
        let excluded = ["kube-system", "kube-public", "kube-node-lease"];
        Self {
            mode: Mode::default(),
            provider: None,
            capacity: Capacity::default(),
            single_replica: Strategy::OnDemand,
            deployment: KindDefault {
                strategy: Strategy::Floor,
                share: Share {
                    base: Base::Count(1),
                    percent_above_base: 20,
                },
            },
            stateful_set: KindDefault {
                strategy: Strategy::Ordinals,
                share: Share {
                    base: Base::Majority,
                    percent_above_base: 0,
                },
            },
            exclude_namespaces: excluded.into_iter().map(Glob::new).collect(),
            rules: Vec::new(),
            spot_tolerations: Vec::new(),
            on_demand_scales_to_zero: false,
            node_loss_toleration_seconds: None,
            on_demand_priority_class_name: None,
            on_demand_pod_annotations: BTreeMap::new(),
            on_demand_tolerations: Vec::new(),
            autoscaled_basis: AutoscaledBasis::default(),
            budget: BudgetPolicy::default(),
            siblings_first: false,
            headroom: Headroom::default(),
            prices: None,
            spot_price_ratio: 0.1,
            notice_seconds: 120,
        }
    }
}

impl Policy {
    /// What workloads of `kind` get by default.
    pub fn of_kind(&self, kind: WorkloadKind) -> KindDefault {
        match kind {
            WorkloadKind::Deployment => self.deployment,
            WorkloadKind::StatefulSet => self.stateful_set,
        }
    }

    /// Whether the workloads of `namespace` are left alone.
    pub fn excludes(&self, namespace: &str) -> bool {
        self.exclude_namespaces
            .iter()
            .any(|glob| glob.matches(namespace))
    }
}
