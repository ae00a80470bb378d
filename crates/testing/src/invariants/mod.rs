//! What holds for every input, however broken: shared by the fuzz targets and by the replay of
//! their corpus.

#[cfg(feature = "function")]
pub mod configuration;
pub mod edits;
#[cfg(feature = "function")]
pub mod function;
#[cfg(feature = "function")]
pub mod manifests;
pub mod scan;
