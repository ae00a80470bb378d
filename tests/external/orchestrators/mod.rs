//! The function under the programs that people run it with.

mod argo_cd;
mod config_sync;
pub mod folder;
mod image;
mod kpt;
mod kptfile;
mod kustomize;
pub mod manifests;
mod pipes;
pub mod sidecar;
mod standalone;

/// The function.
const BINARY: &str = env!("CARGO_BIN_EXE_spot-distribution");
