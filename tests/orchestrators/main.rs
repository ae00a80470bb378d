//! The function under the programs that people run it with.
#![allow(clippy::unwrap_used, clippy::panic)] // in helpers of tests as well

mod argo_cd;
mod config_sync;
mod folder;
mod image;
mod kpt;
mod kptfile;
mod kustomize;
mod manifests;
mod pipes;
#[path = "../programs/mod.rs"]
mod programs;
mod sidecar;
mod standalone;

/// The function.
const BINARY: &str = env!("CARGO_BIN_EXE_spot-distribution");
