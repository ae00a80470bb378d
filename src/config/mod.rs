//! The functionConfig: what a validated [`Policy`] says, and which strategy it gives a workload.
//!
//! `file` is how a file becomes a policy; `choose` knows the precedence of annotations, rules and
//! defaults.

mod annotations;
mod capacity;
mod choose;
mod file;
mod glob;
mod policy;
mod provider;
mod rule;
mod settings;
mod support;
#[cfg(test)]
mod tests;

pub use annotations::{Annotations, Place};
pub use capacity::{Capacity, DEFAULT_KEY, NodeLabel, NodeRequirement, OnDemandNodes, Operator};
pub use choose::{Choice, Origin, Subject};
pub use file::ConfigProblem;
pub use glob::Glob;
pub use policy::{AutoscaledBasis, BudgetPolicy, Headroom, KindDefault, Mode, Policy, Prices};
pub use provider::{Provider, WELL_KNOWN_LABELS, WellKnownLabel, says_spot, well_known_label};
pub use rule::{Match, Rule};
pub use settings::{Giver, Setting};
