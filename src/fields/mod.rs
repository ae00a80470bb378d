//! The fields of a placement in a manifest. One field is one file: what it looks like, how ours is
//! found again, how the user's own is recognised, and how it is written.
//!
//! To add a field: a file here, a line in [`Owned::find`], [`Desired`] and [`write`], and where the
//! user may have it as well, in [`foreign`].

mod additions;
mod affinity;
mod affinity_terms;
mod constraints;
mod count;
mod desired;
mod filled;
mod mark;
mod mark_capacity;
mod new_object;
mod node_choice;
mod order;
mod owned;
mod pod;
mod pod_annotations;
mod priority_class;
mod replicas;
mod spread;
mod template_annotation;
mod toleration;
mod tolerations;
mod write;

pub use additions::Additions;
pub use constraints::{Sharpness, SoftSpread};
pub use count::{BadCount, FactError, count};
pub use desired::Desired;
pub use filled::Filled;
pub use mark::{BadMark, Mark};
pub use new_object::{clear_filled, has_empty, pin, pin_copy};
pub use order::{Order, OrderMark};
pub use owned::Owned;
pub use pod::{Pod, Target};
pub use replicas::Replicas;
pub use spread::softly_keeps_nodes_apart;
pub use template_annotation::{TemplateAnnotation, written_in as template_annotations_in};
pub use write::write;

use crate::config::{Capacity, WELL_KNOWN_LABELS};
use crate::placement::{Constraint, ForeignKey};
use yaml_splice::{Node, YamlError};

/// The node label that holds the name of the node.
const HOSTNAME: &str = "kubernetes.io/hostname";

/// The user's own constraint on the capacity type in the pod spec `spec`, leaving out what is ours.
///
/// # Errors
/// As [`Node::get`].
pub fn foreign(
    spec: Node<'_>,
    owned: &Owned<'_>,
    capacity: &Capacity,
) -> Result<Option<Constraint>, YamlError> {
    if !node_choice::may_choose(spec)? {
        return Ok(None);
    }
    if let Some(found) = one_node(spec)? {
        return Ok(Some(found));
    }
    for key in capacity.keys() {
        if let Some(found) = node_choice::foreign(spec, key)? {
            return Ok(Some(found));
        }
        if let Some(found) = affinity::foreign(spec, owned, key)? {
            return Ok(Some(found));
        }
        if let Some(found) = spread::foreign(spec, owned, key)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The user's own choice of one node by its name.
fn one_node(spec: Node<'_>) -> Result<Option<Constraint>, YamlError> {
    if node_choice::selects(spec, HOSTNAME)? {
        return Ok(Some(Constraint::SelectorOfOneNode));
    }
    let is_one = affinity::requires_one_node(spec)?;
    Ok(is_one.then_some(Constraint::AffinityToOneNode))
}

/// The user's own requirement on a well-known capacity key that `capacity` does not name.
///
/// # Errors
/// As [`Node::get`].
pub fn foreign_key(
    spec: Node<'_>,
    owned: &Owned<'_>,
    capacity: &Capacity,
) -> Result<Option<ForeignKey>, YamlError> {
    if !node_choice::may_choose(spec)? {
        return Ok(None);
    }
    for label in &WELL_KNOWN_LABELS {
        let key = label.key;
        if capacity.keys().any(|own| own == key) {
            continue;
        }
        let constraint = if node_choice::selects(spec, key)? {
            Constraint::NodeSelector
        } else if affinity::requires(spec, owned, key)? {
            Constraint::RequiredAffinity
        } else if spread::filters_by(spec, owned, key)? {
            Constraint::TopologySpread
        } else {
            continue;
        };
        return Ok(Some(ForeignKey { constraint, key }));
    }
    Ok(None)
}
