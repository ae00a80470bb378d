//! From placements to edits: affinity, spread, tolerations, the sibling and the mark.
//!
//! Each file owns one part of the manifest and brings it from what stands there to what is wanted:
//! what is missing is added at the end, what differs is changed in place, what is ours and not
//! wanted any more is taken back.

mod affinity;
mod desired;
mod files;
mod metadata;
mod parts;
mod sibling;
mod spread;
mod tolerations;

pub use desired::Desired;
pub use files::{Files, SiblingFile};
pub use parts::Parts;
pub use sibling::sibling_value;

use crate::workload::Workload;
use crate::yaml::{Edits, YamlError};

/// Records the edits that give `workload` what is `desired`.
///
/// # Errors
/// Where YAML makes an edit ambiguous.
pub fn write<'d>(
    edits: &mut Edits<'d>,
    workload: &Workload<'d>,
    mut desired: Desired<'_>,
) -> Result<(), YamlError> {
    affinity::write(edits, workload, &desired)?;
    spread::write(edits, workload, &mut desired)?;
    tolerations::write(edits, workload, &desired.tolerations)?;
    metadata::write(edits, workload, &desired)
}
