//! The pure decision: facts about a workload in, a placement out. No I/O, no YAML.

mod decide;
mod kind;
mod share;
mod strategy;

pub use decide::{CapacityType, Decision, Facts, Form, Placement, Reason, decide};
pub use kind::WorkloadKind;
pub use share::{BadBase, Base, Share};
pub use strategy::{Strategy, UnknownStrategy};
