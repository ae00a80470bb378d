//! What every report of this program shares: words for numbers, and the parts of a table, of
//! markdown and of a page.

pub mod html;
pub mod markdown;
#[cfg(feature = "cli")]
pub mod table;
pub mod text;

#[cfg(feature = "cli")]
pub use table::Style;
