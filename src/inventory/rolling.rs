//! How a Deployment rolls out, and whether its pods can share a node.

use yaml_splice::{Node, Scalar, YamlError};

use super::Workload;
use super::int_or_percent::IntOrPercent;
use super::own_pods::OwnPods;

/// `maxUnavailable` and `maxSurge` where nothing is said.
///
/// Source: `SetDefaults_Deployment` in Kubernetes' `pkg/apis/apps/v1/defaults.go`.
const DEFAULT: IntOrPercent = IntOrPercent::Percent(25);

/// `spec.strategy` of a Deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rollout {
    /// Every old pod stops before a new one starts.
    Recreate,
    /// `maxUnavailable`, 25 % by default, rounded down.
    Rolling {
        /// How many pods may be missing.
        max_unavailable: IntOrPercent,
        /// How many pods may run in addition.
        max_surge: IntOrPercent,
    },
}

impl Rollout {
    /// How many of `replicas` may be missing in a rollout. Of 10 with 25 % it is 2; where neither a
    /// pod may be missing nor one be added, one may be missing.
    ///
    /// Source: `ResolveFenceposts` in Kubernetes' `pkg/controller/deployment/util/deployment_util.go`.
    pub fn unavailable(self, replicas: u32) -> u32 {
        match self {
            Self::Recreate => replicas,
            Self::Rolling {
                max_unavailable,
                max_surge,
            } => {
                let missing = max_unavailable.rounded_down(replicas);
                let none = missing == 0 && max_surge.rounded_up(replicas) == 0;
                if none { 1 } else { missing }.min(replicas)
            }
        }
    }
}

/// What keeps an old and a new pod of a workload from one node, or one zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exclusive {
    /// A port of the node.
    HostPort(u32),
    /// A required anti-affinity against its own pods, over this node label.
    AntiAffinity(String),
}

impl Workload<'_> {
    /// How it rolls out.
    ///
    /// # Errors
    /// As [`Node::get`].
    pub fn rollout(&self) -> Result<Rollout, YamlError> {
        let strategy = self.spec.get_non_null("strategy")?;
        let at = |path: &[&str]| strategy.map_or(Ok(None), |strategy| strategy.at(path));
        if at(&["type"])?.is_some_and(|kind| kind.text() == "Recreate") {
            return Ok(Rollout::Recreate);
        }
        // What the API server rejects is said elsewhere, and counts as its default here.
        let limit = |node: Option<Node<'_>>| node.and_then(IntOrPercent::read).unwrap_or(DEFAULT);
        Ok(Rollout::Rolling {
            max_unavailable: limit(at(&["rollingUpdate", "maxUnavailable"])?),
            max_surge: limit(at(&["rollingUpdate", "maxSurge"])?),
        })
    }

    /// What keeps its new pods from the nodes of its old ones, if anything does.
    ///
    /// # Errors
    /// As [`Node::get`].
    pub fn exclusive(&self) -> Result<Option<Exclusive>, YamlError> {
        self.excluding(|own| own.other_template)
    }

    /// What keeps each of its pods from the node, or the zone, of every other one.
    ///
    /// # Errors
    /// As [`Node::get`].
    pub fn apart(&self) -> Result<Option<Exclusive>, YamlError> {
        self.excluding(|own| own.same_template)
    }

    fn excluding(&self, selects: impl Fn(OwnPods) -> bool) -> Result<Option<Exclusive>, YamlError> {
        if let Some(port) = self.host_port()? {
            return Ok(Some(Exclusive::HostPort(port)));
        }
        let terms = self.required_terms("podAntiAffinity")?.into_iter();
        let mut excluding = terms.filter(|term| selects(self.own_pods(term)));
        Ok(excluding
            .next()
            .map(|term| Exclusive::AntiAffinity(term.topology_key)))
    }

    /// A port of the node that a container takes: with `hostNetwork` every one of its ports is.
    fn host_port(&self) -> Result<Option<u32>, YamlError> {
        let keys = ["hostNetwork", "containers", "initContainers"];
        let [host_network, regular, init] = self.pod.spec.pick(keys)?;
        let port = match host_network.and_then(Node::scalar) {
            Some(Scalar::Bool(true)) => "containerPort",
            _ => "hostPort",
        };
        let containers = [regular, init].into_iter().flatten();
        for container in containers.flat_map(Node::items) {
            let ports = container.get_non_null("ports")?;
            for entry in ports.into_iter().flat_map(Node::items) {
                let port = entry.get_non_null(port)?.and_then(Node::scalar);
                if let Some(port) = port.and_then(|port| port.whole())
                    && port > 0
                {
                    return Ok(u32::try_from(port).ok());
                }
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use IntOrPercent::{Int, Percent};

    #[test]
    fn as_the_deployment_controller_rounds() {
        let rolling = |max_unavailable, max_surge| Rollout::Rolling {
            max_unavailable,
            max_surge,
        };
        let default = rolling(DEFAULT, DEFAULT);
        for (replicas, missing) in [(1, 0), (2, 0), (3, 0), (4, 1), (8, 2), (10, 2)] {
            assert_eq!(default.unavailable(replicas), missing, "{replicas}");
        }
        assert_eq!(rolling(Int(0), Int(0)).unavailable(3), 1);
        assert_eq!(rolling(Percent(25), Int(0)).unavailable(2), 1);
        assert_eq!(rolling(Int(1), Int(0)).unavailable(2), 1);
        assert_eq!(rolling(Int(5), Int(0)).unavailable(2), 2);
        assert_eq!(Rollout::Recreate.unavailable(3), 3);
    }
}
