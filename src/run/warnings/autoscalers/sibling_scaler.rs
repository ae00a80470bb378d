//! Autoscalers of siblings: whoever scales a sibling sets the floor.

use crate::findings::{Code, Finding};
use crate::inventory::read_autoscaler;
use crate::krm::{Companion, Resource};
use crate::placement::Range;

use super::super::scene::Scene;

pub(super) fn of_resource(scene: Scene<'_, '_>, resource: &Resource<'_>) -> Option<Finding> {
    let autoscaler = read_autoscaler(resource).ok()??;
    let (kind, sibling) = (autoscaler.target.kind, autoscaler.target.name);
    let name = Companion::Sibling.name_of_workload(sibling)?;
    let is_its_own = scene.placed_target(resource, kind, sibling).is_some();
    let (_, placement) = scene.placed_target(resource, kind, name)?;
    if is_its_own || !placement.has_sibling() {
        return None;
    }
    let problem = problem(
        autoscaler.scale.ok()?.range,
        placement.floor,
        placement.autoscaled.is_some(),
    )?;
    let message = format!(
        "it scales {sibling}, the sibling that holds the floor of {}: {problem}; remove it, or let it \
         target {name}",
        placement.floor
    );
    Some(Finding::warning(Code::DrivenByAnother, message).at("spec.scaleTargetRef.name"))
}

/// What an autoscaler with this range does to a sibling with `floor` replicas.
///
/// Two autoscalers over the same pods are refused. Source: `AmbiguousSelector` in Kubernetes'
/// `pkg/controller/podautoscaler/horizontal.go`.
fn problem(range: Range, floor: u32, is_original_scaled: bool) -> Option<String> {
    let least = range.min.min(range.max.unwrap_or(range.min));
    if least < floor {
        return Some(format!("it may leave only {least}"));
    }
    is_original_scaled.then(|| {
        "the original has an autoscaler that counts the same pods, and Kubernetes refuses both \
         (AmbiguousSelector)"
            .to_owned()
    })
}
