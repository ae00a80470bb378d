//! The readers of the field see what they saw before: outside of what the policy owns not a type,
//! not a value, not the order of keys differs, in the originals and in their siblings.
//!
//! `ORACLE_DOCUMENTS=5000 cargo test --release --test external oracle` is the long form.

mod compare;
mod generated;
mod marks;
mod nasty;
mod policy;
mod readers;
mod real;
mod scalars;
