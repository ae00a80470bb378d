//! What a pod requests, by the scheduler's own rule.
//!
//! [`Amounts`] are exact whole numbers. [`PodRequests`] is what the scheduler reserves for one pod,
//! together with what could not be counted: a container that names no request is reported, it never
//! counts as nothing without a word.

mod amounts;
mod pod;
mod quantity;
mod read;

pub use amounts::Amounts;
pub use pod::{Container, PodRequests, PodResources, Role, Unknown};
pub use quantity::{BadQuantity, Quantity};
pub use read::{amounts_at, pod_resources};
