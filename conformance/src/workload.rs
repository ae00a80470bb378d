//! The workloads under test, as somebody without any policy would write them.

use serde_json::{Value, json};

/// A Deployment or a StatefulSet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `apps/v1` Deployment.
    Deployment,
    /// `apps/v1` StatefulSet.
    StatefulSet,
}

/// One workload: kind, R and F.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Case {
    /// What it is.
    pub kind: Kind,
    /// R, the replicas in Git.
    pub replicas: u32,
    /// F, the replicas that must stay on on-demand nodes.
    pub floor: u32,
    /// The object's name, when it is not the one made of the numbers.
    pub named: Option<&'static str>,
    /// Whether an autoscaler owns the replicas: then Git holds none and a HorizontalPodAutoscaler, whose minimum
    /// is `replicas`, stands beside it.
    pub autoscaled: bool,
}

impl Case {
    /// A Deployment with `replicas`, of which `floor` stay on on-demand.
    pub const fn deployment(replicas: u32, floor: u32) -> Self {
        Self {
            kind: Kind::Deployment,
            replicas,
            floor,
            named: None,
            autoscaled: false,
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

    /// The object's name, and the value of its pods' `app` label.
    pub fn name(&self) -> String {
        if let Some(name) = self.named {
            return name.to_owned();
        }
        match self.kind {
            Kind::Deployment => format!("deployment-{}-{}", self.replicas, self.floor),
            Kind::StatefulSet => format!("statefulset-{}", self.replicas),
        }
    }

    /// For tables, for example `Deployment 10/2`.
    pub fn title(&self) -> String {
        format!("{:?} {}/{}", self.kind, self.replicas, self.floor)
    }

    /// The manifest in Git: the floor is said in annotations, which only the function understands.
    pub fn manifest(&self, namespace: &str, image: u32) -> Value {
        let labels = json!({"app": self.name()});
        let mut spec = json!({
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {
                    "terminationGracePeriodSeconds": self.grace_seconds(),
                    "containers": [{
                        "name": "app",
                        "image": format!("registry.invalid/app:{image}"),
                        "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}},
                    }],
                },
            },
        });
        if !self.autoscaled {
            spec["replicas"] = json!(self.replicas);
        }
        if self.kind == Kind::StatefulSet {
            spec["serviceName"] = json!(self.name());
        }
        json!({
            "apiVersion": "apps/v1",
            "kind": format!("{:?}", self.kind),
            "metadata": {"name": self.name(), "namespace": namespace, "annotations": self.annotations()},
            "spec": spec,
        })
    }

    /// kwok deletes a terminating pod by name, now and then twice. That is harmless where the next pod has another
    /// name; the pods of a StatefulSet keep theirs, so they go without kwok's help.
    fn grace_seconds(&self) -> u32 {
        match self.kind {
            Kind::Deployment => 5,
            Kind::StatefulSet => 0,
        }
    }

    /// The autoscaler beside the workload, if it has one.
    pub fn autoscaler(&self, namespace: &str) -> Option<Value> {
        let metric =
            json!({"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}});
        self.autoscaled.then(|| {
            json!({
                "apiVersion": "autoscaling/v2",
                "kind": "HorizontalPodAutoscaler",
                "metadata": {"name": self.name(), "namespace": namespace},
                "spec": {
                    "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": self.name()},
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
        let by_default = 1 + (self.replicas - 1) / 5;
        if self.kind == Kind::StatefulSet || self.floor == by_default {
            return json!({});
        }
        json!({
            "spot-distribution.dev/on-demand-base": self.floor.to_string(),
            "spot-distribution.dev/on-demand-percent-above-base": "0",
        })
    }
}
