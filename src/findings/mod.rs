//! What a run reports: findings, and the forms in which orchestrators and people read them.

mod code;
mod escape;
mod finding;
mod krm_result;
mod object_ref;

pub use code::{Code, UnknownCode};
pub use escape::{is_invisible, visible};
pub use finding::{Finding, Severity};
pub use object_ref::ObjectRef;
