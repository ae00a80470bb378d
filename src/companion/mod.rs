//! What is made beside a workload: the second Deployment of the strategy `floor`, the disruption
//! budget, the buffer of capacity, and the files that they go to.
//!
//! To add a companion: an entry in [`Companion`](crate::krm::Companion), a file here that makes its
//! value, and a line in `wants` (`run/assess.rs`) and `value` (`run/draft.rs`).

mod budget;
mod buffer;
mod file;
mod list;
mod metadata;
mod sibling;
mod sibling_copy;

pub use budget::budget_value;
pub use buffer::buffer_value;
pub use file::{CompanionFile, Files};
pub use list::list_of;
pub use sibling::sibling_value;
pub use sibling_copy::sibling_copy;
