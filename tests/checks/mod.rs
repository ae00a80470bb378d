//! What holds for every input, however broken: shared by the fuzz targets and by the replay of
//! their corpus in `tests/corpus.rs`.
#![allow(dead_code)]

pub mod configuration;
pub mod edits;
pub mod function;
pub mod manifests;
pub mod scan;
