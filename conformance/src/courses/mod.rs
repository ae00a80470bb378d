//! The courses of events, by name, with the nodes and workloads that each starts from.

pub mod adoption;
pub mod fail_safe;
pub mod interrupted;
pub mod life;
pub mod market;
pub mod members;
pub mod nodes;
pub mod on_demand;
pub mod scaling;
pub mod supply;

use anyhow::Result;

use crate::karpenter::Pools;
use crate::nodes::Layout;
use crate::run::Run;
use crate::workload::{AntiAffinity, Case, Kind};

/// A name and what happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// Rollouts, the loss of spot nodes at once and one by one, drains, and spot coming back.
    Life,
    /// Every spot node is lost in the middle of something else.
    Interrupted,
    /// The same in the middle of an adoption; only for the function.
    AdoptionInterrupted,
    /// A drain of every spot node with PodDisruptionBudgets beside the workloads.
    Disruption,
    /// On-demand nodes are drained in turn.
    Upgrade,
    /// Replicas changed by an autoscaler, and in Git.
    Scaling,
    /// No on-demand node at the start.
    LateOnDemand,
    /// No spot node at the start.
    LateSpot,
    /// Spot nodes exist, but are full.
    SpotFull,
    /// Somebody else wants the room on the on-demand nodes.
    Crowded,
    /// The function comes to workloads that already run, siblings first, and goes again; only for the function.
    Adoption,
    /// The same without waiting for the siblings; only for the function.
    AdoptionAtOnce,
    /// The admission policy comes and goes; only for the function's StatefulSets.
    Policy,
    /// What can be wrong with the admission policy and beside it; only for the function's StatefulSets.
    FailSafe,
    /// Every member of a StatefulSet has a volume in one zone.
    Volumes,
    /// Pods that avoid each other, with few on-demand nodes.
    Apart,
    /// Members that refuse to share a node.
    StrictlyApart,
    /// Karpenter buys the nodes: from an empty cluster to the loss of spot.
    MarketStart,
    /// Karpenter buys the nodes: spot is to be had again.
    MarketBack,
    /// Karpenter buys the nodes: an autoscaler scales out and in.
    MarketScaling,
    /// Karpenter consolidates on-demand nodes, and they are drained and expire.
    MarketNodes,
}

impl Course {
    /// All of them.
    pub const ALL: [Self; 21] = [
        Self::Life,
        Self::Interrupted,
        Self::AdoptionInterrupted,
        Self::Disruption,
        Self::Upgrade,
        Self::Scaling,
        Self::LateOnDemand,
        Self::LateSpot,
        Self::SpotFull,
        Self::Crowded,
        Self::Adoption,
        Self::AdoptionAtOnce,
        Self::Policy,
        Self::FailSafe,
        Self::Volumes,
        Self::Apart,
        Self::StrictlyApart,
        Self::MarketStart,
        Self::MarketBack,
        Self::MarketScaling,
        Self::MarketNodes,
    ];

    /// Those in which Karpenter buys the nodes, the longest first.
    pub const MARKET: [Self; 4] = [
        Self::MarketNodes,
        Self::MarketStart,
        Self::MarketScaling,
        Self::MarketBack,
    ];

    /// For test names.
    pub fn name(self) -> &'static str {
        match self {
            Self::Life => "life",
            Self::Interrupted => "interrupted",
            Self::AdoptionInterrupted => "adoption-interrupted",
            Self::Disruption => "disruption",
            Self::Upgrade => "upgrade",
            Self::Scaling => "scaling",
            Self::LateOnDemand => "late-on-demand",
            Self::LateSpot => "late-spot",
            Self::SpotFull => "spot-full",
            Self::Crowded => "crowded",
            Self::Adoption => "adoption",
            Self::AdoptionAtOnce => "adoption-at-once",
            Self::Policy => "policy",
            Self::FailSafe => "fail-safe",
            Self::Volumes => "volumes",
            Self::Apart => "apart",
            Self::StrictlyApart => "strictly-apart",
            Self::MarketStart => "karpenter-start",
            Self::MarketBack => "karpenter-back",
            Self::MarketScaling => "karpenter-scaling",
            Self::MarketNodes => "karpenter-nodes",
        }
    }

    /// Whether there is nothing to do in it without the function.
    pub fn is_about_the_function(self) -> bool {
        matches!(
            self,
            Self::Adoption
                | Self::AdoptionAtOnce
                | Self::AdoptionInterrupted
                | Self::Policy
                | Self::FailSafe
        )
    }

    /// Whether Karpenter buys its nodes.
    pub fn is_market(self) -> bool {
        Self::MARKET.contains(&self)
    }

    /// Whether nearly all of its time goes by waiting: for Karpenter, or for pods that start slowly.
    pub fn is_patient(self) -> bool {
        self.is_market() || matches!(self, Self::Interrupted | Self::AdoptionInterrupted)
    }

    /// The nodes it starts from.
    pub fn layout(self) -> Layout {
        match self {
            // Room for 60 pods in all.
            Self::Crowded => Layout {
                on_demand_cpus: 2,
                ..Layout::new(3, 6)
            },
            Self::Apart => Layout::new(1, 6),
            // A node for every member, and on-demand nodes for every floor.
            Self::StrictlyApart => Layout::new(8, 9),
            _ if self.is_market() => Layout::bought(Pools::One),
            _ => Layout::new(3, 6),
        }
    }

    /// The workloads, from all sizes that are wanted.
    pub fn cases(self, sizes: &[Case]) -> Vec<Case> {
        let those =
            |wanted: fn(&Case) -> bool| sizes.iter().filter(|case| wanted(case)).copied().collect();
        match self {
            Self::Life => {
                let mut cases = sizes.to_vec();
                cases.push(Case::majority_plus_one(5));
                cases
            }
            Self::Scaling => scaling::cases(),
            Self::Policy => those(|case| case.kind == Kind::StatefulSet),
            Self::FailSafe => those(|case| case.kind == Kind::StatefulSet && case.replicas > 1),
            Self::Volumes => of_sets(sizes, |set| Case {
                volumes: true,
                ..set
            }),
            Self::Apart => of_sets(sizes, |set| apart(set, AntiAffinity::Soft)),
            Self::StrictlyApart => of_sets(sizes, |set| apart(set, AntiAffinity::Required)),
            Self::MarketNodes => {
                let more = [Case::deployment(2, 1), Case::deployment(20, 4)].map(bought);
                let sets = [2, 4, 7].map(|members| bought(Case::stateful_set(members)));
                [market_cases().as_slice(), &more, &sets].concat()
            }
            _ if self.is_market() => market_cases(),
            Self::Interrupted => {
                let mut cases: Vec<Case> = those(|case| case.replicas <= 20);
                cases.push(Case::majority_plus_one(5));
                cases
            }
            Self::Adoption | Self::AdoptionAtOnce => {
                let mut cases: Vec<Case> = those(|case| case.replicas <= 20);
                cases.push(Case {
                    max_unavailable: Some(1),
                    ..Case::deployment(2, 1)
                });
                cases
            }
            _ => those(|case| case.replicas <= 20),
        }
    }

    /// Lets it happen.
    pub async fn happen(self, run: &mut Run) -> Result<()> {
        match self {
            Self::Life | Self::Apart => life::life(run).await,
            Self::Interrupted => interrupted::interrupted(run).await,
            Self::AdoptionInterrupted => interrupted::adoption_interrupted(run).await,
            Self::Disruption => life::disruption(run).await,
            Self::Upgrade => on_demand::upgrade(run).await,
            Self::Scaling => scaling::scaling(run).await,
            Self::LateOnDemand => supply::late_on_demand(run).await,
            Self::LateSpot => supply::late_spot(run).await,
            Self::SpotFull => supply::spot_full(run).await,
            Self::Crowded => supply::crowded(run).await,
            Self::Adoption => adoption::adoption(run).await,
            Self::AdoptionAtOnce => adoption::adoption_at_once(run).await,
            Self::Policy => members::policy(run).await,
            Self::FailSafe => fail_safe::fail_safe(run).await,
            Self::Volumes => members::volumes(run).await,
            Self::StrictlyApart => members::strictly_apart(run).await,
            Self::MarketStart => market::start(run).await,
            Self::MarketBack => market::back(run).await,
            Self::MarketScaling => market::scaling(run).await,
            Self::MarketNodes => market::nodes(run).await,
        }
    }
}

/// The StatefulSets among the sizes, each changed.
fn of_sets(sizes: &[Case], change: impl Fn(Case) -> Case) -> Vec<Case> {
    let sets = sizes.iter().filter(|case| case.kind == Kind::StatefulSet);
    sets.copied().map(change).collect()
}

const fn apart(set: Case, anti_affinity: AntiAffinity) -> Case {
    Case {
        anti_affinity,
        ..set
    }
}

/// Pods that are large enough for nodes to be bought for them.
fn market_cases() -> Vec<Case> {
    [
        Case::deployment(10, 2),
        Case::deployment(1, 1),
        Case::stateful_set(3),
        Case::stateful_set(5),
        Case::majority_plus_one(5),
    ]
    .map(bought)
    .to_vec()
}

fn bought(case: Case) -> Case {
    Case {
        millicores: 500,
        ..case
    }
}
