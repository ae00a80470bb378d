//! Manifests as people write them: generated objects, printed in every style that YAML has.

pub mod list;
pub mod mix;
pub mod objects;
pub mod printer;
pub mod random;
