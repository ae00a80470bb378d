//! The second Deployment of the strategy `floor`, and the file that it goes to.

mod file;
mod list;
mod value;

pub use file::{Files, SiblingFile};
pub use list::list_of;
pub use value::sibling_value;
