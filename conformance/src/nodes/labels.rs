//! How the providers tell on-demand and spot nodes apart: labels and taints as their nodes carry them.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Value, json};

/// The label key of the function's default configuration.
pub const CAPACITY: &str = "node.kubernetes.io/capacity";

/// What a node is bought as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Capacity {
    /// It stays, as far as the provider is concerned.
    OnDemand,
    /// The provider may reclaim it at any time.
    Spot,
}

impl Capacity {
    /// For node names and the default label.
    pub const fn word(self) -> &'static str {
        match self {
            Self::OnDemand => "on-demand",
            Self::Spot => "spot",
        }
    }

    /// What a node with these labels is: spot if any provider's label says so.
    pub fn of(labels: &BTreeMap<String, String>) -> Self {
        let spot = SPOT_LABELS
            .iter()
            .any(|(key, value)| labels.get(*key).is_some_and(|it| it == value));
        if spot { Self::Spot } else { Self::OnDemand }
    }
}

impl fmt::Display for Capacity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

const KARPENTER: &str = "karpenter.sh/capacity-type";
const EKS: &str = "eks.amazonaws.com/capacityType";
const GKE: &str = "cloud.google.com/gke-provisioning";
const GKE_SPOT: &str = "cloud.google.com/gke-spot";
const AKS: &str = "kubernetes.azure.com/scalesetpriority";

const SPOT_LABELS: [(&str, &str); 6] = [
    (CAPACITY, "spot"),
    (KARPENTER, "spot"),
    (EKS, "SPOT"),
    (GKE, "spot"),
    (GKE_SPOT, "true"),
    (AKS, "spot"),
];

/// The way in which a cluster's nodes carry their capacity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Labels {
    /// The default configuration's label on every node.
    Default,
    /// Karpenter's label on every node; every other on-demand node is a reserved one.
    Karpenter,
    /// EKS managed node groups.
    Eks,
    /// An EKS managed node group for on-demand, Karpenter for spot: no key is on all nodes.
    EksAndKarpenter,
    /// GKE: one label on every node, another and a taint on spot nodes.
    Gke,
    /// AKS: a label and a taint on spot nodes, nothing on the others.
    Aks,
}

impl Labels {
    /// For test names and tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Default => "default labels",
            Self::Karpenter => "karpenter, reserved",
            Self::Eks => "eks",
            Self::EksAndKarpenter => "eks and karpenter",
            Self::Gke => "gke",
            Self::Aks => "aks",
        }
    }

    /// `spec.capacity` of the function's configuration for such a cluster.
    pub fn capacity(self) -> Value {
        match self {
            Self::Default => json!({}),
            Self::Karpenter => json!({"provider": "karpenter"}),
            Self::Eks => json!({"provider": "eks"}),
            Self::EksAndKarpenter => json!({
                "provider": "eks",
                "alsoSpot": [{"key": KARPENTER, "values": ["spot"]}],
            }),
            Self::Gke => json!({"provider": "gke"}),
            Self::Aks => json!({"provider": "aks"}),
        }
    }

    /// The same where nodes are on-demand or spot and nothing else: `spread` counts every value as a domain.
    pub fn two_domains(self) -> Value {
        match self {
            Self::Karpenter => json!({"key": KARPENTER, "onDemand": "on-demand", "spot": "spot"}),
            other => other.capacity(),
        }
    }

    /// The labels of the `index`-th node with this capacity.
    pub fn of(self, capacity: Capacity, index: usize) -> Vec<(&'static str, &'static str)> {
        match (self, capacity) {
            (Self::Default, _) => vec![(CAPACITY, capacity.word())],
            (Self::Karpenter, Capacity::OnDemand) if index % 2 == 1 => {
                vec![(KARPENTER, "reserved")]
            }
            (Self::Karpenter, _) | (Self::EksAndKarpenter, Capacity::Spot) => {
                vec![(KARPENTER, capacity.word())]
            }
            (Self::Eks, Capacity::Spot) => vec![(EKS, "SPOT")],
            (Self::Eks | Self::EksAndKarpenter, Capacity::OnDemand) => vec![(EKS, "ON_DEMAND")],
            (Self::Gke, Capacity::Spot) => vec![(GKE, "spot"), (GKE_SPOT, "true")],
            (Self::Gke, Capacity::OnDemand) => vec![(GKE, "standard")],
            (Self::Aks, Capacity::Spot) => vec![(AKS, "spot")],
            (Self::Aks, Capacity::OnDemand) => vec![],
        }
    }

    /// The label by which a pod prefers spot nodes.
    pub fn spot(self) -> (&'static str, &'static str) {
        let labels = self.of(Capacity::Spot, 0);
        labels.first().copied().unwrap_or((CAPACITY, "spot"))
    }

    /// The taint that the provider itself puts on spot nodes.
    pub const fn spot_taint(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Gke => Some((GKE_SPOT, "true")),
            Self::Aks => Some((AKS, "spot")),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Labels; 6] = [
        Labels::Default,
        Labels::Karpenter,
        Labels::Eks,
        Labels::EksAndKarpenter,
        Labels::Gke,
        Labels::Aks,
    ];

    #[test]
    fn every_provider_s_nodes_are_known_for_what_they_are() {
        for (labels, capacity) in ALL
            .iter()
            .flat_map(|labels| [(labels, Capacity::OnDemand), (labels, Capacity::Spot)])
        {
            for index in 0..2 {
                let carried = labels.of(capacity, index);
                let carried = carried
                    .into_iter()
                    .map(|(key, value)| (key.to_owned(), value.to_owned()))
                    .collect();
                assert_eq!(Capacity::of(&carried), capacity, "{labels:?} {index}");
            }
        }
    }
}
