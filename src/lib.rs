//! Keeps enough replicas on on-demand nodes to survive the loss of every spot node, at render time.
//!
//! One way through the code: bytes -> [`yaml_splice`] documents -> [`krm`] resources -> facts about
//! workloads ([`inventory`]) -> pure decisions ([`placement`]) -> edits ([`fields`], [`companion`]) ->
//! bytes, with [`config`] and [`findings`] beside it, [`run`] to string them together, [`load`] for what
//! is read from several files, [`plan`] to show what was decided, [`admission`] for what a cluster adds to it, and [`function`] and [`cli`]
//! on top.
//!
//! The program is what is released. This library is made for its tests, benchmarks and fuzz targets, and
//! has no stable API.
#![forbid(unsafe_code)]

pub mod admission;
pub mod audit;
#[cfg(feature = "cli")]
pub mod cli;
pub mod companion;
pub mod config;
pub mod fields;
pub mod findings;
pub mod function;
pub mod inventory;
pub mod krm;
pub mod load;
pub mod parse;
pub mod placement;
pub mod plan;
pub mod report;
pub mod requests;
pub mod response;
pub mod room;
pub mod run;
