//! What the tests and the fuzz targets share.
//!
//! * [`generators`]: manifests as people write them, made of random choices.
//! * [`invariants`]: what holds for every input, however broken.
//! * `golden`: one folder with an input and what is expected of it.
//! * [`programs`]: other programs that a test needs.
//!
//! Without the feature `function` there is what the YAML engine is tested with, and no type of
//! Kubernetes.
// A test panics where a program would report.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::missing_panics_doc)]

pub mod elf;
pub mod generators;
#[cfg(feature = "function")]
pub mod golden;
pub mod invariants;
pub mod programs;
