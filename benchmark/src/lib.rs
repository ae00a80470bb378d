//! Measures `spot-distribution` as whole processes, beside programs that do the same or less.
//!
//! [`input`] makes the lists, [`contest`] runs the programs in turns, [`goals`] says what was aimed
//! at, and [`page`] writes it down.

#![expect(
    clippy::missing_errors_doc,
    reason = "every error ends the benchmark, with its own words"
)]

pub mod case;
pub mod compare;
pub mod contest;
pub mod cost;
pub mod figures;
pub mod goals;
pub mod input;
pub mod instructions;
pub mod kpt;
pub mod kustomization;
pub mod machine;
pub mod page;
pub mod process;
pub mod profile;
pub mod round_trip;
pub mod table;
pub mod tools;
