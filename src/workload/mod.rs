//! Facts about workloads and what surrounds them: replicas, autoscalers, selectors, budgets,
//! existing constraints, and what an earlier run wrote.

mod autoscaler;
mod budget;
mod class;
mod constraint;
mod facts;
mod mark;
mod number;
mod owned;
mod scope;
mod selector;
mod siblings;
mod surroundings;
mod toleration;
mod volume;

pub use autoscaler::Autoscaler;
pub use budget::{Amount, Budget, Limit};
pub use class::{Class, classify};
pub use constraint::existing;
pub use facts::Workload;
pub use mark::{BadMark, Mark, SoftSpread};
pub use number::BadCount;
pub use owned::Owned;
pub use siblings::Siblings;
pub use surroundings::{Coverage, Surroundings, survey};
pub use toleration::{covers, notation};
pub use volume::mounted_claims;
