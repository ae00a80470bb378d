//! The KRM function contract: the ResourceList, its resources, and the annotations in use.

pub mod annotations;
mod companion;
mod input;
mod left_out;
mod resource;
mod resource_list;
pub mod template;

pub use companion::{Companion, sibling_name};
pub use input::{Input, ResourceId, Source};
pub use left_out::{LeftOut, LeftOutFile, NotManifest};
pub use resource::{Location, Place, Resource, ResourceError, TypeMeta};
pub use resource_list::{ResourceList, ResourceListError};
