//! The forms in which an audit is shown.

mod html;
mod json;
mod markdown;
mod table;

pub use html::html;
pub use json::json;
pub use markdown::markdown;
pub use table::table;
