//! The forms in which a plan is shown.

mod html;
mod json;
mod markdown;
mod table;

pub use html::html;
pub use json::json;
pub use markdown::markdown;
pub use table::table;
