//! Autoscalers: how far they may scale a workload.

use crate::fields::{BadCount, FactError, count};
use crate::findings::{Code, Finding};
use crate::krm::Resource;
use crate::krm::template::has_variable;
use crate::placement::Range;
use yaml_splice::{Node, Position, YamlError};

/// An autoscaler of the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Autoscaler<'d> {
    /// The kind of its target.
    pub target_kind: &'d str,
    /// The name of its target.
    pub target_name: &'d str,
    /// The range.
    pub range: Range,
    /// Whether it scales a workload that its owner has set to no replicas. A
    /// `HorizontalPodAutoscaler` is disabled by that, KEDA is not.
    ///
    /// Source: `ScalingDisabled` in Kubernetes' `pkg/controller/podautoscaler/horizontal.go`.
    pub wakes: bool,
    /// Its maximum, where that is below its minimum.
    pub wrong_maximum: Option<WrongMaximum>,
}

/// A maximum that Kubernetes, or the webhook of KEDA, rejects.
///
/// Source: `validateHorizontalPodAutoscalerSpec` in Kubernetes'
/// `pkg/apis/autoscaling/validation/validation.go`, `CheckReplicaCountBoundsAreValid` in KEDA.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongMaximum {
    field: &'static str,
    found: u32,
    least: u32,
    /// Where it is written; `None` for the default.
    at: Option<Position>,
}

impl From<WrongMaximum> for Finding {
    fn from(wrong: WrongMaximum) -> Self {
        let WrongMaximum {
            field,
            found,
            least,
            at,
        } = wrong;
        let field = format!("spec.{field}");
        let is_default = at.map_or(", the default", |_| "");
        let message =
            format!("{field}: found {found}{is_default}, expected at least the minimum of {least}");
        let finding = Self::error(Code::InvalidManifest, message);
        finding.located(at).at(field)
    }
}

/// Reads `resource` as an autoscaler: a HorizontalPodAutoscaler of any version (`minReplicas`
/// defaults to 1) or a KEDA ScaledObject (`minReplicaCount` defaults to 0, `maxReplicaCount` to
/// 100). `None` for other kinds, and for one without a target.
///
/// # Errors
/// Where Kubernetes would reject a bound, or YAML makes it ambiguous.
pub fn read<'d>(resource: &Resource<'d>) -> Result<Option<Autoscaler<'d>>, FactError> {
    let wakes = resource.is("keda.sh", "ScaledObject");
    let bounds = if wakes {
        KEDA
    } else if resource.is("autoscaling", "HorizontalPodAutoscaler") {
        HORIZONTAL
    } else {
        return Ok(None);
    };
    let text = |key| Ok::<_, YamlError>(target(resource, key)?.map(Node::text));
    let Some(target_name) = text("name")? else {
        return Ok(None);
    };
    let target_kind = text("kind")?.unwrap_or("Deployment");
    let min = count(resource.node, &["spec", bounds.min])?;
    let max = count(resource.node, &["spec", bounds.max])?;
    let range = Range {
        min: min.unwrap_or(bounds.default_min),
        max: max.or(bounds.default_max),
    };
    let wrong_maximum = wrong_maximum(resource, bounds.max, range)?;
    let range = if wakes {
        switched_off(resource, range)?
    } else {
        range
    };
    Ok(Some(Autoscaler {
        target_kind,
        target_name,
        range,
        wakes,
        wrong_maximum,
    }))
}

fn wrong_maximum(
    resource: &Resource<'_>,
    field: &'static str,
    range: Range,
) -> Result<Option<WrongMaximum>, YamlError> {
    let too_low = range.max.filter(|max| *max < range.min);
    let written = resource.node.at(&["spec", field])?;
    Ok(too_low.map(|found| WrongMaximum {
        field,
        found,
        least: range.min,
        at: written.map(Node::position),
    }))
}

/// The number at which KEDA's scaling is paused.
const PAUSED: &str = "autoscaling.keda.sh/paused-replicas";

/// `range` as KEDA keeps it: an idle count of 0 lets the workload go to none, and while scaling is
/// paused at a number it has that number.
///
/// Source: `idleReplicaCount` and `autoscaling.keda.sh/paused-replicas` in KEDA's specification of
/// `ScaledObject`s, 2.20.
fn switched_off(resource: &Resource<'_>, range: Range) -> Result<Range, FactError> {
    let paused = resource.annotation(PAUSED)?;
    if let Some(variable) = paused.filter(|paused| has_variable(paused)) {
        return Err(FactError::Count(BadCount {
            found: variable.to_owned(),
            field: format!("metadata.annotations[\"{PAUSED}\"]"),
            at: resource.node.position(),
        }));
    }
    if let Some(fixed) = paused.and_then(|paused| paused.parse().ok()) {
        return Ok(Range {
            min: fixed,
            max: Some(fixed),
        });
    }
    let idle = count(resource.node, &["spec", "idleReplicaCount"])?;
    Ok(match idle {
        Some(idle) if idle < range.min => Range { min: idle, ..range },
        _ => range,
    })
}

fn target<'d>(resource: &Resource<'d>, key: &str) -> Result<Option<Node<'d>>, YamlError> {
    resource.node.at(&["spec", "scaleTargetRef", key])
}

struct Bounds {
    min: &'static str,
    default_min: u32,
    max: &'static str,
    default_max: Option<u32>,
}

const HORIZONTAL: Bounds = Bounds {
    min: "minReplicas",
    default_min: 1,
    max: "maxReplicas",
    default_max: None,
};

const KEDA: Bounds = Bounds {
    min: "minReplicaCount",
    default_min: 0,
    max: "maxReplicaCount",
    default_max: Some(100),
};
