//! The functionConfig: from YAML to a validated [`Policy`], and from a policy to the strategy of
//! one workload.
//!
//! The raw types (`raw`, `flat`) mirror the file and nothing else; `validate` turns them into a
//! policy and collects every problem with its path, line and column; `choose` knows the
//! precedence of annotations, rules and defaults. `schema` derives the published schema from the raw
//! types; it is only built for the tests, which compare it with the committed one.

mod annotation;
mod capacity;
mod choose;
mod file;
mod flat;
mod glob;
mod head;
mod label;
mod policy;
mod problem;
mod provider;
mod raw;
mod read;
mod report;
mod rule;
#[cfg(test)]
mod schema;
mod selector;
mod suggest;
#[cfg(test)]
mod tests;
mod toleration;
mod validate;
mod words;

pub use annotation::{
    Annotations, ON_DEMAND_BASE, ON_DEMAND_PERCENT_ABOVE_BASE, STRATEGY, misspelt_annotations,
};
pub use capacity::{Capacity, NodeLabel, NodeRequirement, OnDemandNodes, Operator};
pub use choose::{Choice, Origin, Subject};
pub use glob::Glob;
pub use policy::{AutoscaledBasis, BudgetPolicy, Headroom, KindDefault, Mode, Policy, Prices};
pub use problem::ConfigProblem;
pub use provider::{Provider, WELL_KNOWN_LABELS, WellKnownLabel, well_known_label};
pub use rule::{Match, Rule};
