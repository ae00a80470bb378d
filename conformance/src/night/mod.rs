//! Nights of a spot pool, replayed in fast motion: nodes come and go for days as they did, or as they would.

pub mod outcome;
pub mod page;
pub mod picture;
pub mod replay;
pub mod trace;

pub use outcome::Outcome;
pub use replay::replay;
pub use trace::Trace;
