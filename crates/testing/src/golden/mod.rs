//! One golden folder: what comes out of its input, the laws, and the API's own validation.

mod case;
mod laws;
mod rules;
mod schema;

pub use case::Case;
