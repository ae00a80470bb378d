//! The real Karpenter, which buys the nodes of a run from its kwok provider and consolidates them.

pub mod claims;
pub mod offers;
pub mod pools;
pub mod program;

pub use pools::Pools;
pub use program::Karpenter;
