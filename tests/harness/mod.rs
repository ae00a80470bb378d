//! Checks one folder: what comes out, the laws, and the API's own validation.

mod case;
mod laws;
mod rules;
mod schema;

pub use case::Case;
