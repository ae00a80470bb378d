//! The plan as one HTML page that needs neither network nor script.

mod bars;
mod page;
mod rows;

use crate::plan::Plan;
use crate::report::html::page as frame;

/// The plan as a page.
pub fn html(plan: &Plan) -> String {
    frame("Spot plan", &page::content(plan))
}
