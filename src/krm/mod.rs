//! The KRM function contract: the ResourceList, its resources, and the annotations in use.

pub mod annotations;
mod input;
mod left_out;
mod resource;
mod resource_list;
mod sibling;
pub mod template;

pub use input::{Input, ResourceId, Source};
pub use left_out::{LeftOut, LeftOutFile, NotManifest};
pub use resource::{Location, Place, Resource, ResourceError, TypeMeta};
pub use resource_list::{ResourceList, ResourceListError};
pub use sibling::{sibling_name, sibling_path};
