//! The readers of the field see what they saw before: outside of what the policy owns not a type,
//! not a value, not the order of keys differs, in the originals and in their siblings.
//!
//! `ORACLE_DOCUMENTS=5000 cargo test --release --test oracle` is the long form.
#![allow(clippy::unwrap_used, clippy::panic)] // in helpers of tests as well

mod compare;
mod generated;
mod marks;
mod nasty;
mod policy;
#[path = "../programs/mod.rs"]
mod programs;
mod readers;
mod real;
mod scalars;
#[path = "../support/mod.rs"]
mod support;
