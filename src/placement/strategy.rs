//! The strategies by name.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::WorkloadKind;

/// How the replicas of a workload are placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Strategy {
    /// Every replica must run on on-demand nodes.
    OnDemand,
    /// Every replica prefers on-demand nodes; nothing is guaranteed.
    PreferOnDemand,
    /// A sibling Deployment keeps the floor on on-demand nodes, the rest prefers spot.
    Floor,
    /// The StatefulSet members with the lowest ordinals must run on on-demand nodes; the cluster's
    /// admission policy lets the others use spot.
    Ordinals,
    /// One object; a topology spread constraint keeps the floor on on-demand nodes.
    Spread,
    /// Every replica prefers spot nodes; nothing is guaranteed.
    Spot,
    /// Nothing is added, and what an earlier run added is removed.
    Off,
}

impl Strategy {
    /// Every strategy, in the order of the documentation.
    pub const ALL: [Self; 7] = [
        Self::OnDemand,
        Self::PreferOnDemand,
        Self::Floor,
        Self::Ordinals,
        Self::Spread,
        Self::Spot,
        Self::Off,
    ];

    /// The name in configuration files, annotations and marks.
    pub fn name(self) -> &'static str {
        match self {
            Self::OnDemand => "on-demand",
            Self::PreferOnDemand => "prefer-on-demand",
            Self::Floor => "floor",
            Self::Ordinals => "ordinals",
            Self::Spread => "spread",
            Self::Spot => "spot",
            Self::Off => "off",
        }
    }
}

impl Strategy {
    /// Whether workloads of `kind` can have it.
    pub fn supports(self, kind: WorkloadKind) -> bool {
        match self {
            Self::Floor => kind == WorkloadKind::Deployment,
            Self::Ordinals => kind == WorkloadKind::StatefulSet,
            _ => true,
        }
    }

    /// Whether it divides the replicas, which takes more than one.
    pub fn divides(self) -> bool {
        matches!(self, Self::Floor | Self::Ordinals | Self::Spread)
    }
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A word that names no strategy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a strategy")]
pub struct UnknownStrategy(pub String);

impl FromStr for Strategy {
    type Err = UnknownStrategy;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|strategy| strategy.name() == name)
            .ok_or_else(|| UnknownStrategy(name.to_owned()))
    }
}
