//! The plan as one HTML page that needs neither network nor script.

mod bars;
mod page;
mod rows;

use crate::plan::Plan;
use crate::report::html::page as frame;

/// The plan as a page.
pub fn html(plan: &Plan) -> String {
    let Fragments { plan, changes } = fragments(plan);
    frame("Spot plan", &format!("<h1>Spot plan</h1>\n{plan}{changes}"))
}

/// What the page says, for a page with a frame and a heading of its own. It needs
/// [`CSS`](crate::report::html::CSS).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fragments {
    /// The figures and the workloads.
    pub plan: String,
    /// What would change in each file, where that was asked for.
    pub changes: String,
}

/// The plan as parts of a page.
pub fn fragments(plan: &Plan) -> Fragments {
    Fragments {
        plan: page::content(plan),
        changes: page::diffs(plan),
    }
}
