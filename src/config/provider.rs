//! What the providers of clusters label and taint their nodes with, and how long a reclaimed spot
//! node still serves its pods.
//!
//! As documented by each provider in November 2026; docs/providers has a page for each.

use k8s_openapi::api::core::v1::Toleration;
use serde::{Deserialize, Serialize};

use super::capacity::DEFAULT_SPOT;
use super::{Capacity, NodeLabel, OnDemandNodes};

/// A provider with settings known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Provider {
    /// Nodes that Karpenter makes.
    Karpenter,
    /// Amazon EKS: managed node groups, also beside Karpenter or EKS Auto Mode.
    Eks,
    /// Google Kubernetes Engine.
    Gke,
    /// Azure Kubernetes Service: node pools, also beside node auto-provisioning.
    Aks,
}

impl Provider {
    /// Every provider.
    pub const ALL: [Self; 4] = [Self::Karpenter, Self::Eks, Self::Gke, Self::Aks];

    /// The name in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Self::Karpenter => "karpenter",
            Self::Eks => "eks",
            Self::Gke => "gke",
            Self::Aks => "aks",
        }
    }

    /// The labels of its nodes.
    pub fn capacity(self) -> Capacity {
        match self {
            Self::Karpenter => Capacity {
                key: KARPENTER.to_owned(),
                on_demand: labelled(&["on-demand", "reserved"]),
                spot: owned(&["spot"]),
                also_spot: Vec::new(),
            },
            // Managed node groups carry the first label only, Karpenter's nodes the second only, and
            // self-managed ones neither, so that on-demand nodes have no label in common.
            Self::Eks => Capacity {
                key: EKS.to_owned(),
                on_demand: OnDemandNodes::EveryOther,
                spot: owned(&["SPOT"]),
                also_spot: vec![karpenter_spot()],
            },
            Self::Gke => Capacity {
                key: GKE.to_owned(),
                on_demand: labelled(&["standard"]),
                spot: owned(&["spot", "preemptible"]),
                also_spot: Vec::new(),
            },
            // Node pools carry the label on spot nodes only.
            Self::Aks => Capacity {
                key: AKS.to_owned(),
                on_demand: OnDemandNodes::EveryOther,
                spot: owned(&["spot"]),
                also_spot: vec![karpenter_spot()],
            },
        }
    }

    /// What pods tolerate to run on its spot nodes.
    pub fn spot_tolerations(self) -> Vec<Toleration> {
        let taint = |key: &str, value: &str| Toleration {
            key: Some(key.to_owned()),
            operator: Some("Equal".to_owned()),
            value: Some(value.to_owned()),
            effect: Some("NoSchedule".to_owned()),
            ..Toleration::default()
        };
        match self {
            // Karpenter and EKS taint no spot nodes by themselves.
            Self::Karpenter | Self::Eks => Vec::new(),
            // On the nodes of node auto-provisioning and Autopilot; pools made by hand have none.
            // https://docs.cloud.google.com/kubernetes-engine/docs/concepts/spot-vms
            Self::Gke => vec![taint(GKE_SPOT, "true")],
            // On every spot pool. https://learn.microsoft.com/azure/aks/spot-node-pool
            Self::Aks => vec![taint(AKS, "spot")],
        }
    }

    /// The time that pods have from the notice to the loss of a spot node, in seconds.
    pub fn notice_seconds(self) -> u32 {
        match self {
            // The notice of EC2.
            // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html
            Self::Karpenter | Self::Eks => 120,
            // 30 seconds, of which the last 15 belong to critical system pods.
            // https://docs.cloud.google.com/kubernetes-engine/docs/concepts/spot-vms
            Self::Gke => 15,
            // https://learn.microsoft.com/azure/virtual-machines/spot-vms
            Self::Aks => 30,
        }
    }
}

/// A node label that a provider writes by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WellKnownLabel {
    /// The key.
    pub key: &'static str,
    /// Who writes it.
    pub written_by: &'static str,
    /// Its values on on-demand nodes; empty where they do not have it.
    pub on_demand: &'static [&'static str],
    /// Its values on spot nodes.
    pub spot: &'static [&'static str],
    /// The preset that reads it.
    pub preset: Provider,
}

/// Karpenter, EKS Auto Mode and AKS node auto-provisioning.
/// <https://karpenter.sh/docs/concepts/nodepools/>
const KARPENTER: &str = "karpenter.sh/capacity-type";
/// Managed node groups. <https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html>
const EKS: &str = "eks.amazonaws.com/capacityType";
/// Every node since GKE 1.25.5. <https://docs.cloud.google.com/kubernetes-engine/docs/concepts/spot-vms>
const GKE: &str = "cloud.google.com/gke-provisioning";
const GKE_SPOT: &str = "cloud.google.com/gke-spot";
const GKE_PREEMPTIBLE: &str = "cloud.google.com/gke-preemptible";
/// Spot pools, and every node of node auto-provisioning.
/// <https://learn.microsoft.com/azure/aks/spot-node-pool>
const AKS: &str = "kubernetes.azure.com/scalesetpriority";
const AKS_PRIORITY: &str = "kubernetes.azure.com/priority";

/// The node labels by which the providers tell their nodes apart.
pub const WELL_KNOWN_LABELS: [WellKnownLabel; 7] = [
    WellKnownLabel {
        key: KARPENTER,
        written_by: "Karpenter",
        on_demand: &["on-demand", "reserved"],
        spot: &["spot"],
        preset: Provider::Karpenter,
    },
    WellKnownLabel {
        key: EKS,
        written_by: "EKS",
        on_demand: &["ON_DEMAND", "CAPACITY_BLOCK"],
        spot: &["SPOT"],
        preset: Provider::Eks,
    },
    WellKnownLabel {
        key: GKE,
        written_by: "GKE",
        on_demand: &["standard"],
        spot: &["spot", "preemptible"],
        preset: Provider::Gke,
    },
    WellKnownLabel {
        key: GKE_SPOT,
        written_by: "GKE",
        on_demand: &[],
        spot: &["true"],
        preset: Provider::Gke,
    },
    WellKnownLabel {
        key: GKE_PREEMPTIBLE,
        written_by: "GKE",
        on_demand: &[],
        spot: &["true"],
        preset: Provider::Gke,
    },
    WellKnownLabel {
        key: AKS,
        written_by: "AKS",
        on_demand: &[],
        spot: &["spot"],
        preset: Provider::Aks,
    },
    WellKnownLabel {
        key: AKS_PRIORITY,
        written_by: "AKS",
        on_demand: &[],
        spot: &["spot"],
        preset: Provider::Aks,
    },
];

/// A node label that says spot by itself, whatever a policy knows nodes by: one that a provider writes, or
/// the default one of this function. `label` looks up a label of the node; the values are those of the
/// key on spot nodes.
pub fn says_spot<'l>(
    label: impl Fn(&str) -> Option<&'l str>,
) -> Option<(&'static str, &'static [&'static str])> {
    let by_provider = WELL_KNOWN_LABELS
        .iter()
        .map(|label| (label.key, label.spot));
    let mut known = by_provider.chain([DEFAULT_SPOT]);
    known.find(|(key, spot)| label(key).is_some_and(|value| spot.contains(&value)))
}

/// What is known about the node label `key`.
pub fn well_known_label(key: &str) -> Option<&'static WellKnownLabel> {
    WELL_KNOWN_LABELS.iter().find(|label| label.key == key)
}

fn karpenter_spot() -> NodeLabel {
    NodeLabel {
        key: KARPENTER.to_owned(),
        values: owned(&["spot"]),
    }
}

fn labelled(values: &[&str]) -> OnDemandNodes {
    OnDemandNodes::Labelled(owned(values))
}

fn owned(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_uses_labels_and_values_that_are_known() {
        for provider in Provider::ALL {
            let capacity = provider.capacity();
            for (key, values) in capacity.spot_labels() {
                let known = well_known_label(key).unwrap();
                assert!(
                    values
                        .iter()
                        .all(|value| known.spot.contains(&value.as_str()))
                );
            }
            if let OnDemandNodes::Labelled(values) = &capacity.on_demand {
                let known = well_known_label(&capacity.key).unwrap();
                let mut values = values.iter();
                assert!(values.all(|value| known.on_demand.contains(&value.as_str())));
                assert!(capacity.also_spot.is_empty());
            }
        }
    }
}
