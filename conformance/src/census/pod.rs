//! What the census needs to know of a pod.

use k8s_openapi::api::core::v1::Pod;

/// One pod as the API server last described it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Value of its `app` label.
    pub app: String,
    /// Its name.
    pub name: String,
    /// The first container's image.
    pub image: String,
    /// The node that it is bound to.
    pub node: Option<String>,
    ready: bool,
    unschedulable: bool,
    terminating: bool,
}

impl Seen {
    /// Reads a pod.
    pub fn of(pod: &Pod) -> Self {
        let labels = pod.metadata.labels.as_ref();
        let status = pod.status.as_ref();
        let conditions = status.and_then(|status| status.conditions.as_deref());
        let holds = |kind: &str, value: &str| {
            conditions
                .unwrap_or_default()
                .iter()
                .any(|one| one.type_ == kind && one.status == value)
        };
        let spec = pod.spec.as_ref();
        let container = spec.and_then(|spec| spec.containers.first());
        Self {
            app: labels
                .and_then(|labels| labels.get("app"))
                .cloned()
                .unwrap_or_default(),
            name: pod.metadata.name.clone().unwrap_or_default(),
            image: container
                .and_then(|container| container.image.clone())
                .unwrap_or_default(),
            node: spec.and_then(|spec| spec.node_name.clone()),
            ready: holds("Ready", "True"),
            unschedulable: holds("PodScheduled", "False"),
            terminating: pod.metadata.deletion_timestamp.is_some(),
        }
    }

    /// Whether it serves: ready, on a node, and not on its way out.
    pub fn runs(&self) -> bool {
        self.node.is_some() && self.ready && !self.terminating
    }

    /// Whether it waits for a node.
    pub fn is_pending(&self) -> bool {
        self.node.is_none() && !self.terminating
    }

    /// Neither running, nor known to find no node.
    pub fn is_moving(&self) -> bool {
        self.terminating || !(self.ready || self.unschedulable && self.node.is_none())
    }
}
