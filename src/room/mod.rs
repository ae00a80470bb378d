//! Room on nodes: what nodes have, which pods they admit, and whether a set of pods fits.
//!
//! The answer of [`fit`] is an estimate: it knows requests, node selectors, required node affinity,
//! taints, and what keeps pods of one workload apart. It does not know affinity to other pods,
//! preemption, or what an autoscaler would add.

mod capacity;
mod constraints;
mod fit;
mod node;
mod owner;
mod pod;
mod read;

pub use capacity::{Capacities, Reach};
pub use constraints::{Apart, Constraints, Operator, Requirement, Term, Toleration};
pub use fit::{Demand, Fitted, fit};
pub use node::{Node, Taint};
pub use owner::{Owner, ReplicaSets, controller};
pub use pod::LivePod;
pub use read::{constraints, labels_at, node, requirements_at, taints_at, terms, tolerations};
