//! The function beside the programs that people run it with: each test says which ones it needs, and
//! is skipped with a line that names the missing one, or fails where `CI` is set.
//!
//! `PATH=$(tests/external/programs/build):$PATH` brings those that few machines have installed.
#![allow(clippy::unwrap_used, clippy::panic)] // in helpers of tests as well

mod browser;
mod ci;
mod delivery;
mod limits;
mod oracle;
mod orchestrators;
mod pages;
mod release;
