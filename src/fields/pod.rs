//! The places in a workload below which fields are looked up and written.

use crate::placement::WorkloadKind;
use yaml_splice::Node;

use super::{Order, Owned, Replicas};

/// The pod template of a workload, and the workload around it.
#[derive(Debug, Clone, Copy)]
pub struct Pod<'d> {
    /// The kind of the workload.
    pub kind: WorkloadKind,
    /// The Deployment or StatefulSet.
    pub workload: Node<'d>,
    /// `spec.template`
    pub template: Node<'d>,
    /// `spec.template.metadata`
    pub metadata: Option<Node<'d>>,
    /// `spec.template.spec`
    pub spec: Node<'d>,
}

/// A workload whose fields are written, with what an earlier run wrote.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a, 'd> {
    /// Where its fields stand.
    pub pod: Pod<'d>,
    /// Which of them are ours.
    pub owned: &'a Owned<'d>,
    /// Its replicas.
    pub replicas: &'a Replicas<'d>,
    /// The annotations that order it, where one of them is ours or shall be.
    pub order: Option<&'a Order<'d>>,
}
