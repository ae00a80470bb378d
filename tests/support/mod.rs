//! Manifests as people write them: generated objects, printed in every style that YAML has.
#![allow(dead_code)]

pub mod estate;
pub mod printer;
pub mod random;
