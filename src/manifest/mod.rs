//! From placements to edits: affinity, spread, tolerations, the sibling and the mark.
//!
//! Each file owns one part of the manifest and brings it from what stands there to what is wanted:
//! what is missing is added at the end, what differs is changed in place, what is ours and not
//! wanted any more is taken back.

mod additions;
mod affinity;
mod desired;
mod files;
mod metadata;
mod sibling;
mod spread;
mod tolerations;

pub use additions::Additions;
pub use desired::Desired;
pub use files::{Files, SiblingFile};
pub use sibling::sibling_value;

use crate::workload::Workload;
use yaml_splice::{Edits, YamlError};

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
    // Large enough not to be copied once more.
    let capacity_spread = desired.capacity_spread.take();
    let soft_spreads = std::mem::take(&mut desired.soft_spreads);
    spread::write(edits, workload, capacity_spread, soft_spreads)?;
    tolerations::write(edits, workload, &desired.tolerations)?;
    metadata::write(edits, workload, &desired)
}
