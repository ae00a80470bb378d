//! Autoscalers of other projects: whatever names a workload as what it scales.

use crate::fields::count;
use crate::krm::Resource;
use crate::placement::Range;
use yaml_splice::{Node, YamlError};

use super::autoscaler::{Autoscaler, Reference};

/// Where they keep their minimum and their maximum: those of Datadog (watermark), Crane and Alibaba; of
/// Datadog; of GKE (multidimensional); of KEDA for HTTP.
const BOUNDS: [(&[&str], &[&str]); 4] = [
    (&["spec", "minReplicas"], &["spec", "maxReplicas"]),
    (
        &["spec", "constraints", "minReplicas"],
        &["spec", "constraints", "maxReplicas"],
    ),
    (
        &["spec", "constraints", "global", "minReplicas"],
        &["spec", "constraints", "global", "maxReplicas"],
    ),
    (&["spec", "replicas", "min"], &["spec", "replicas", "max"]),
];

/// The group of KEDA's autoscaler for HTTP, which scales from no replicas.
const KEDA_HTTP: &str = "http.keda.sh";

/// Kinds that are read elsewhere, or count for nothing under a version that nobody serves.
const READ_ELSEWHERE: [&str; 3] = [
    "HorizontalPodAutoscaler",
    "ScaledObject",
    "VerticalPodAutoscaler",
];

/// What an autoscaler of another project scales.
#[derive(Debug)]
pub enum Scaler<'d> {
    /// A workload, within a range that it names.
    Within(Autoscaler<'d>),
    /// A workload, to nobody knows how few replicas.
    Unbounded(Reference<'d>),
}

/// Reads `resource` as an autoscaler that is neither a HorizontalPodAutoscaler nor one of KEDA's
/// `ScaledObject`s: an object whose `spec.scaleTargetRef` names a workload, or `spec.targetRef` where its
/// kind says that it scales pods. A minimum that cannot be read is not known.
///
/// # Errors
/// As [`Node::get`].
pub fn read<'d>(resource: &Resource<'d>) -> Result<Option<Scaler<'d>>, YamlError> {
    // `Autoscaler`, `AutoScaler`, `ScaledObject`: most objects have no such kind.
    if !resource.kind.contains("cale") || READ_ELSEWHERE.contains(&resource.kind) {
        return Ok(None);
    }
    let Some(target) = target(resource)? else {
        return Ok(None);
    };
    let text = |key| Ok::<_, YamlError>(target.get_non_null(key)?.map(Node::text));
    let (kind, name) = (text("kind")?, text("name")?);
    // An older spelling of KEDA's for HTTP.
    let Some(name) = name.map_or_else(|| text("deployment"), |name| Ok(Some(name)))? else {
        return Ok(None);
    };
    let kind = kind.unwrap_or("Deployment");
    let node = target;
    let target = Reference { kind, name, node };
    Ok(Some(match range(resource) {
        Some(range) => Scaler::Within(Autoscaler {
            target,
            scale: Ok(range.into()),
            wakes: resource.group() == KEDA_HTTP,
        }),
        None => Scaler::Unbounded(target),
    }))
}

fn target<'d>(resource: &Resource<'d>) -> Result<Option<Node<'d>>, YamlError> {
    let scaled = resource.node.at(&["spec", "scaleTargetRef"])?;
    if scaled.is_some() || !resource.kind.ends_with("PodAutoscaler") {
        return Ok(scaled);
    }
    resource.node.at(&["spec", "targetRef"])
}

fn range(resource: &Resource<'_>) -> Option<Range> {
    let bound = |path| count(resource.node, path).ok().flatten();
    let mut bounds = BOUNDS.iter();
    bounds.find_map(|(min, max)| {
        Some(Range {
            min: bound(min)?,
            max: bound(max),
        })
    })
}
