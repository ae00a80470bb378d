//! Room on nodes: what nodes have, which pods they admit, and whether a set of pods fits.
//!
//! The answer of [`fit`] is an estimate: it knows requests, node selectors, required node affinity
//! and taints. It does not know volumes, affinity between pods, preemption, or what an autoscaler
//! would add.

mod capacity;
mod constraints;
mod fit;
mod node;
mod owner;
mod pod;
mod read;

pub use capacity::{Capacities, Reach};
pub use constraints::{Constraints, Operator, Requirement, Term, Toleration};
pub use fit::{Demand, Fitted, fit};
pub use node::{Node, Taint};
pub use owner::{Owner, ReplicaSets, controller};
pub use pod::LivePod;
pub use read::{constraints, node, taints_at, tolerations};
