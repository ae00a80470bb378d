//! The forms in which an audit is shown.

mod html;
mod json;
mod markdown;
#[cfg(feature = "cli")]
mod table;

pub use html::html;
pub use json::json;
pub use markdown::markdown;
#[cfg(feature = "cli")]
pub use table::table;
