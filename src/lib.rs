//! Places replicas on on-demand and spot nodes at render time.
#![forbid(unsafe_code)]
pub mod yaml;
pub mod placement;
