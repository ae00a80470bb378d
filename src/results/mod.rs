//! What a run has to say: findings, and the forms in which orchestrators and people read them.

mod finding;
mod render;

pub use finding::{Finding, Severity, Subject, codes};
pub use render::results_value;
