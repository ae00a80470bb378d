//! What a run would decide, shown before it is done.
//!
//! A [`Plan`] is made from the assessments and findings of the very run that would write the
//! manifests; nothing is decided here. Figures and totals are computed in `figures`, room and cost
//! in `need`, `cost` and `nodes`, and each form in which a plan is shown has a file of its own in
//! `formats`.

mod build;
mod cost;
mod diff;
mod figures;
mod fits;
mod formats;
mod make;
mod need;
mod nodes;
mod others;
mod patch_name;
mod row;
mod text;
mod undecided;
mod warnings;
mod without_policy;

pub use build::{Plan, Reserved, Totals};
pub use cost::{Cost, GIB_PER_CORE, HOURS, Weights};
pub use diff::{FileDiff, unified};
pub use figures::{Fate, Figures, Sum};
pub use fits::{Fit, Fits, Missing};
#[cfg(feature = "cli")]
pub use formats::table;
pub use formats::{Fragments, fragments, html, json, markdown};
pub use need::{Need, Room};
pub use nodes::{Beside, NodeRoom};
pub use others::Others;
pub use row::{Maximum, Row, Span, Verdict};
pub use without_policy::{WithoutPolicy, without_policy};
