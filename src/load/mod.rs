//! Texts in memory as objects and a policy: what `plan`, `apply`, `check` and `audit` decide about, and
//! what of a folder they leave out or set aside.
//!
//! Nothing here reads a file. The command line fills [`Loaded`] from paths, the page in the browser
//! from what is pasted or dropped.

mod folder;
mod kustomization;
mod loaded;
mod not_manifest;
mod of_tools;
mod policy;
mod set_aside;
mod text;

pub use folder::{Found, Listing, is_hidden, is_manifest};
pub use loaded::{Loaded, input};
pub use set_aside::{Decided, decide};
pub use text::Text;
