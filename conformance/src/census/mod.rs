//! Who runs where, at every instant: a watch on the pods and nodes of one run.

pub mod history;
pub mod ledger;
pub mod pod;
mod watch;

pub use history::{Count, History};
pub use ledger::Nodes;
pub use watch::Census;
