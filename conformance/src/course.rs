//! The courses of events, by name, with the nodes and workloads that each starts from.

use anyhow::Result;

use crate::events;
use crate::nodes::Layout;
use crate::run::Run;
use crate::workload::Case;

/// A name and what happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// Rollouts, the loss of spot nodes at once and one by one, drains, and spot coming back.
    Life,
    /// A drain of every spot node with PodDisruptionBudgets beside the workloads.
    Disruption,
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
    /// The function comes to workloads that already run; only for the function.
    Adoption,
}

impl Course {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Life,
        Self::Disruption,
        Self::Scaling,
        Self::LateOnDemand,
        Self::LateSpot,
        Self::SpotFull,
        Self::Crowded,
        Self::Adoption,
    ];

    /// For test names.
    pub fn name(self) -> &'static str {
        match self {
            Self::Life => "life",
            Self::Disruption => "disruption",
            Self::Scaling => "scaling",
            Self::LateOnDemand => "late-on-demand",
            Self::LateSpot => "late-spot",
            Self::SpotFull => "spot-full",
            Self::Crowded => "crowded",
            Self::Adoption => "adoption",
        }
    }

    /// The nodes it starts from.
    pub fn layout(self) -> Layout {
        match self {
            // Room for 60 pods in all.
            Self::Crowded => Layout {
                on_demand_cpus: 2,
                ..Layout::new(3, 6)
            },
            _ => Layout::new(3, 6),
        }
    }

    /// The workloads, from all sizes that are wanted.
    pub fn cases(self, sizes: &[Case]) -> Vec<Case> {
        let small = |case: &&Case| case.replicas <= 20;
        match self {
            Self::Life => sizes.to_vec(),
            Self::Scaling => vec![
                Case {
                    named: Some("autoscaled"),
                    autoscaled: true,
                    ..Case::deployment(4, 1)
                },
                Case::deployment(20, 4),
            ],
            _ => sizes.iter().filter(small).copied().collect(),
        }
    }

    /// Lets it happen.
    pub async fn happen(self, run: &mut Run) -> Result<()> {
        match self {
            Self::Life => events::life(run).await,
            Self::Disruption => events::disruption(run).await,
            Self::Scaling => events::scaling(run).await,
            Self::LateOnDemand => events::late_on_demand(run).await,
            Self::LateSpot => events::late_spot(run).await,
            Self::SpotFull => events::spot_full(run).await,
            Self::Crowded => events::crowded(run).await,
            Self::Adoption => events::adoption(run).await,
        }
    }
}
