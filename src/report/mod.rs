//! What every report of this program shares: words for numbers, and the parts of a table, of
//! markdown and of a page.

pub mod html;
pub mod markdown;
pub mod table;
pub mod text;

pub use table::Style;
