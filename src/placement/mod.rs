//! The pure decision: facts about a workload in, a placement out. No I/O, no YAML, no room above.

mod budget;
mod constraint;
mod decide;
mod exclusion;
mod facts;
mod headroom;
mod kept_together;
mod kind;
mod mechanism;
mod range;
mod share;
mod strategy;

pub use budget::{BudgetLimit, FloorBudget, GuardedPods};
pub use constraint::{Constraint, ForeignKey};
pub use decide::{Decision, Placement, decide};
pub use exclusion::{Driver, Exclusion};
pub use facts::{Facts, Members};
pub use kept_together::{KeptTogether, OnePlace};
pub use kind::WorkloadKind;
pub use mechanism::{CapacityType, Mechanism};
pub use range::Range;
pub use share::{BadBase, Base, Share};
pub use strategy::{Strategy, UnknownStrategy};
