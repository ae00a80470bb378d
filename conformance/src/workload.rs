//! The workloads under test, as somebody without any policy would write them.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};

/// A Deployment or a StatefulSet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// `apps/v1` Deployment.
    Deployment,
    /// `apps/v1` StatefulSet.
    StatefulSet,
}

/// What a chart says about the pods of one workload on one node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AntiAffinity {
    /// Nothing.
    None,
    /// A preferred anti-affinity against its own pods, by hostname.
    Soft,
    /// A required one.
    Required,
}

/// Seconds of grace of a pod that is deleted. Without grace it is gone and, a member of a StatefulSet, back under its
/// name before the disruption controller has seen it go, which then takes it for about to go for two minutes.
const GRACE: u32 = 5;

/// One workload: kind, R and F.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Case {
    /// What it is.
    pub kind: Kind,
    /// R, the replicas in Git.
    pub replicas: u32,
    /// F, the replicas that must stay on on-demand nodes.
    pub floor: u32,
    /// The `on-demand-base` to say, when the defaults do not come to `floor`.
    #[serde(deserialize_with = "for_ever")]
    pub base: Option<Words>,
    /// The object's name, when it is not the one made of the numbers.
    #[serde(deserialize_with = "for_ever")]
    pub named: Option<Words>,
    /// Whether an autoscaler owns the replicas: then Git holds none and a HorizontalPodAutoscaler, whose minimum
    /// is `replicas`, stands beside it.
    pub autoscaled: bool,
    /// `maxUnavailable` of a Deployment's rollouts; `None` leaves the default of 25 %.
    pub max_unavailable: Option<u32>,
    /// Whether every member of a StatefulSet has a volume, bound to the zone where it first ran.
    pub volumes: bool,
    /// Whether the pods avoid each other.
    pub anti_affinity: AntiAffinity,
    /// Requested CPU in thousandths.
    pub millicores: u32,
}

impl Case {
    /// A Deployment with `replicas`, of which `floor` stay on on-demand.
    pub const fn deployment(replicas: u32, floor: u32) -> Self {
        Self {
            kind: Kind::Deployment,
            replicas,
            floor,
            base: None,
            named: None,
            autoscaled: false,
            max_unavailable: None,
            volumes: false,
            anti_affinity: AntiAffinity::None,
            millicores: 100,
        }
    }

    /// A StatefulSet whose majority stays on on-demand.
    pub const fn stateful_set(replicas: u32) -> Self {
        Self {
            kind: Kind::StatefulSet,
            floor: replicas / 2 + 1,
            ..Self::deployment(replicas, 0)
        }
    }

    /// A StatefulSet of which a majority stays also while one member is being replaced.
    pub const fn majority_plus_one(replicas: u32) -> Self {
        Self {
            floor: replicas / 2 + 2,
            base: Some("majority+1"),
            ..Self::stateful_set(replicas)
        }
    }

    /// The fewest members that are a quorum of a StatefulSet; of a Deployment the one replica that serves.
    pub const fn quorum(&self) -> u32 {
        match self.kind {
            Kind::Deployment => 1,
            Kind::StatefulSet => self.replicas / 2 + 1,
        }
    }

    /// The replicas that a plain rollout keeps ready.
    pub fn kept_by_rollout(&self) -> u32 {
        match self.kind {
            Kind::StatefulSet => self.replicas.saturating_sub(1),
            // A percentage of replicas that may be unavailable is rounded down.
            Kind::Deployment => {
                let unavailable = self.max_unavailable.unwrap_or(self.replicas / 4);
                self.replicas.saturating_sub(unavailable)
            }
        }
    }

    /// The object's name, and the value of its pods' `app` label.
    pub fn name(&self) -> String {
        if let Some(name) = self.named {
            return name.to_owned();
        }
        let mut name = match self.kind {
            Kind::Deployment => format!("deployment-{}-{}", self.replicas, self.floor),
            Kind::StatefulSet => format!("statefulset-{}", self.replicas),
        };
        if self.base == Some("majority+1") {
            name += "-plus-one";
        }
        if let Some(unavailable) = self.max_unavailable {
            name += "-unavailable-";
            name += &unavailable.to_string();
        }
        if self.volumes {
            name += "-volumes";
        }
        match self.anti_affinity {
            AntiAffinity::None => name,
            AntiAffinity::Soft => name + "-apart",
            AntiAffinity::Required => name + "-strictly-apart",
        }
    }

    /// The manifest in Git: the floor is said in annotations, which only the function understands.
    pub fn manifest(&self, namespace: &str, image: &str) -> Value {
        let labels = json!({"app": self.name()});
        let mut spec = json!({
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": self.pod(image)},
        });
        if !self.autoscaled {
            spec["replicas"] = json!(self.replicas);
        }
        if let Some(unavailable) = self.max_unavailable {
            spec["strategy"] = json!({"rollingUpdate": {"maxUnavailable": unavailable}});
        }
        if self.kind == Kind::StatefulSet {
            spec["serviceName"] = json!(self.name());
        }
        if self.volumes {
            spec["volumeClaimTemplates"] = json!([claim()]);
        }
        json!({
            "apiVersion": "apps/v1",
            "kind": format!("{:?}", self.kind),
            "metadata": {"name": self.name(), "namespace": namespace, "annotations": self.annotations()},
            "spec": spec,
        })
    }

    fn pod(&self, image: &str) -> Value {
        let requests = json!({"cpu": format!("{}m", self.millicores), "memory": "64Mi"});
        let mut pod = json!({
            "terminationGracePeriodSeconds": GRACE,
            "containers": [{"name": "app", "image": image, "resources": {"requests": requests}}],
        });
        let own = json!({
            "topologyKey": "kubernetes.io/hostname",
            "labelSelector": {"matchLabels": {"app": self.name()}},
        });
        let terms = match self.anti_affinity {
            AntiAffinity::None => return pod,
            AntiAffinity::Soft => json!({
                "preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 100, "podAffinityTerm": own}],
            }),
            AntiAffinity::Required => {
                json!({"requiredDuringSchedulingIgnoredDuringExecution": [own]})
            }
        };
        pod["affinity"] = json!({"podAntiAffinity": terms});
        pod
    }

    /// The autoscaler beside the workload, if it has one.
    pub fn autoscaler(&self, namespace: &str) -> Option<Value> {
        let metric =
            json!({"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}});
        let target = json!({
            "apiVersion": "apps/v1", "kind": format!("{:?}", self.kind), "name": self.name(),
        });
        self.autoscaled.then(|| {
            json!({
                "apiVersion": "autoscaling/v2",
                "kind": "HorizontalPodAutoscaler",
                "metadata": {"name": self.name(), "namespace": namespace},
                "spec": {
                    "scaleTargetRef": target,
                    "minReplicas": self.replicas,
                    "maxReplicas": 5 * self.replicas,
                    "metrics": [{"type": "Resource", "resource": metric}],
                },
            })
        })
    }

    /// A PodDisruptionBudget over the workload's pods that lets one go at a time.
    pub fn disruption_budget(&self, namespace: &str) -> Value {
        json!({
            "apiVersion": "policy/v1",
            "kind": "PodDisruptionBudget",
            "metadata": {"name": self.name(), "namespace": namespace},
            "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": self.name()}}},
        })
    }

    /// Only what differs from the function's defaults is said.
    fn annotations(&self) -> Value {
        if let Some(base) = self.base {
            return json!({"spot-distribution.dev/on-demand-base": base});
        }
        let by_default = 1 + self.replicas.saturating_sub(1) / 5;
        if self.kind == Kind::StatefulSet || self.floor == by_default {
            return json!({});
        }
        json!({
            "spot-distribution.dev/on-demand-base": self.floor.to_string(),
            "spot-distribution.dev/on-demand-percent-above-base": "0",
        })
    }
}

/// Cases are there for as long as the program runs, and so is what they say.
pub type Words = &'static str;

fn for_ever<'de, D: Deserializer<'de>>(text: D) -> Result<Option<Words>, D::Error> {
    let text = Option::<String>::deserialize(text)?;
    Ok(text.map(|text| &*text.leak()))
}

/// The storage class of volumes that stay in the zone where a pod first ran.
pub const ZONAL: &str = "zonal";

fn claim() -> Value {
    json!({
        "metadata": {"name": "data"},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": ZONAL,
            "resources": {"requests": {"storage": "1Gi"}},
        },
    })
}
