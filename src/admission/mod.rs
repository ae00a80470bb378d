//! The cluster's half of the strategy `ordinals`: a MutatingAdmissionPolicy that lifts the
//! requirement for on-demand nodes from the members of a StatefulSet that may use spot.
//!
//! The template of a StatefulSet pins every member, because a template is the same for all of
//! them. The policy rewrites, in the pods from an ordinal on, the expressions that the function
//! wrote at the end of each required term. Without it every member stays on on-demand nodes.

mod lift;
mod manifest;

pub use lift::{Lift, lifts};
pub use manifest::{ApiVersion, manifest};
