//! How a file becomes a policy.

mod capacity;
mod capacity_raw;

pub(super) use capacity::{SPREAD_NEEDS_THE_KEY, capacity};
pub(super) use capacity_raw::{RawCapacity, RawWords};
