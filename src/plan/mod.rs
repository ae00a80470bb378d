//! What a run would decide, shown before it is done.
//!
//! A [`Plan`] is made from the assessments and findings of the very run that would write the
//! manifests; nothing is decided here. Figures and totals are computed in `figures`, and each form
//! in which a plan is shown has a file of its own.

mod build;
mod diff;
mod figures;
mod formats;
mod row;
mod text;

pub use build::Plan;
pub use diff::{FileDiff, unified};
pub use figures::{Figures, Sum};
pub use formats::{Style, html, json, markdown, table};
pub use row::{Maximum, Placed, Row, Span, Verdict};
