//! The nodes of a run: what marks their capacity, which there are, and what happens to them.

pub mod fleet;
pub mod labels;
pub mod layout;

pub use fleet::Fleet;
pub use labels::{Capacity, Labels};
pub use layout::Layout;
