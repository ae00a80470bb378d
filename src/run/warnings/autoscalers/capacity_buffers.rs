//! `CapacityBuffers` of the owner's own.
//!
//! Source: `cluster-autoscaler/proposals/buffers.md` of kubernetes/autoscaler: the newest pod that the
//! target's selector matches is the template of the buffer.

use crate::findings::{Code, Finding};
use crate::krm::{Companion, Resource, sibling_name};

use super::super::scene::{Scene, text_at};

pub(super) fn of_resource(scene: Scene<'_, '_>, resource: &Resource<'_>) -> Option<Finding> {
    if !Companion::Buffer.is_type_of(resource) || Companion::of(resource).ok()?.is_some() {
        return None;
    }
    let text = |field| text_at(resource.node, &["spec", "scalableRef", field]);
    let (kind, name) = (text("kind"), text("name"));
    let (_, placement) = scene.placed_target(resource, kind, name)?;
    placement.has_sibling().then(|| {
        let sibling = sibling_name(name);
        let message = format!(
            "the pods of {kind} {name} prefer spot nodes, so the buffer keeps no room on on-demand nodes \
             for when those are lost; set spec.scalableRef.name: {sibling}"
        );
        Finding::warning(Code::BufferMissesSibling, message).at("spec.scalableRef.name")
    })
}
