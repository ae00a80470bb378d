//! What a cluster is like now: whether the floors that its workloads promise hold at this moment,
//! and what would have to move if every spot node went.
//!
//! Everything comes from one snapshot of the API server. A floor is what the mark on the live
//! object promises; it holds where that many ready replicas run on on-demand nodes.

mod build;
mod formats;
mod loss;
mod row;
mod text;

pub use build::{Audit, Nodes};
#[cfg(feature = "cli")]
pub use formats::table;
pub use formats::{html, json, markdown};
pub use loss::{Loss, Stranded};
pub use row::{Promise, Replicas, Row};
