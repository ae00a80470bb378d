//! How the function reaches people: Helm and what is built on it, and the packages of a release, made
//! of the program that was built for the tests and installed by the package managers themselves.

mod flux;
mod helm;
mod helmfile;
mod homebrew;
mod kpt;
mod krew;
mod kustomize;
pub mod packages;
mod wheel;

/// The function.
const BINARY: &str = env!("CARGO_BIN_EXE_spot-distribution");

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The chart of the examples, with everything around it.
const EXAMPLE: &str = "examples/helm";
