//! What the controls of the page offer.

use serde::Serialize;
use spot_distribution::config::{KindDefault, Policy, Provider};
use spot_distribution::placement::{Base, Strategy, WorkloadKind};

/// The names that a configuration may hold, and the defaults.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Choices {
    /// The presets.
    pub providers: Vec<&'static str>,
    /// The bases that are words.
    pub bases: Vec<&'static str>,
    /// Deployments with several replicas.
    pub deployment: Kind,
    /// `StatefulSets` with several replicas.
    pub stateful_set: Kind,
    /// Workloads with one replica.
    pub single_replica: Single,
}

/// A kind of workload.
#[derive(Debug, Serialize)]
pub struct Kind {
    /// The strategies that it can have.
    pub strategies: Vec<&'static str>,
    /// The default strategy.
    pub strategy: &'static str,
    /// The default base.
    pub base: String,
    /// The default percentage of the replicas above the base.
    pub percent: u8,
}

/// Workloads with one replica.
#[derive(Debug, Serialize)]
pub struct Single {
    /// The strategies that they can have.
    pub strategies: Vec<&'static str>,
    /// The default strategy.
    pub strategy: &'static str,
}

impl Default for Choices {
    fn default() -> Self {
        let policy = Policy::default();
        Self {
            providers: Provider::ALL.map(Provider::name).to_vec(),
            bases: Base::WORDS.map(|(word, _)| word).to_vec(),
            deployment: kind(WorkloadKind::Deployment, policy.deployment),
            stateful_set: kind(WorkloadKind::StatefulSet, policy.stateful_set),
            single_replica: Single {
                strategies: names(|strategy| !strategy.divides()),
                strategy: policy.single_replica.name(),
            },
        }
    }
}

fn kind(kind: WorkloadKind, KindDefault { strategy, share }: KindDefault) -> Kind {
    Kind {
        strategies: names(|strategy| strategy.supports(kind)),
        strategy: strategy.name(),
        base: share.base.to_string(),
        percent: share.percent_above_base,
    }
}

fn names(is_offered: impl Fn(Strategy) -> bool) -> Vec<&'static str> {
    let strategies = Strategy::ALL.into_iter();
    let offered = strategies.filter(|strategy| is_offered(*strategy));
    offered.map(Strategy::name).collect()
}
