//! KEDA's `ScaledObjects`.
//!
//! Source: `spec.fallback` in KEDA's specification of `ScaledObjects`, 2.20.

use crate::findings::{Code, Finding};
use crate::krm::Resource;

use super::super::scene::{Scene, text_at};

pub(super) fn of_resource(scene: Scene<'_, '_>, resource: &Resource<'_>) -> Option<Finding> {
    if !resource.is("keda.sh", "ScaledObject") {
        return None;
    }
    let text = |path: &[&str]| text_at(resource.node, path);
    let number = |path: &[&str]| text(path).parse::<u32>().ok();
    let fallback = number(&["spec", "fallback", "replicas"])?;
    let least = number(&["spec", "minReplicaCount"])?;
    let kind = match text(&["spec", "scaleTargetRef", "kind"]) {
        "" => "Deployment",
        kind => kind,
    };
    let name = text(&["spec", "scaleTargetRef", "name"]);
    scene.placed_target(resource, kind, name)?;
    (fallback < least).then(|| {
        let message = format!(
            "spec.fallback.replicas is {fallback}, less than minReplicaCount {least}: when the scaler \
             cannot be reached, {kind} {name} runs fewer replicas than it was placed for; use at least \
             {least}"
        );
        Finding::warning(Code::FallbackBelowMinimum, message).at("spec.fallback.replicas")
    })
}
