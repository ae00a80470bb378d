//! Autoscalers: how far they may scale a workload.

use crate::fields::{BadCount, FactError, count};
use crate::findings::{Code, Finding};
use crate::krm::Resource;
use crate::krm::template::has_variable;
use crate::placement::Range;
use yaml_splice::{Node, Position, YamlError};

/// An autoscaler of the input.
#[derive(Debug, Clone, PartialEq)]
pub struct Autoscaler<'d> {
    /// What it scales.
    pub target: Reference<'d>,
    /// How far. What Kubernetes would reject there matters only where it scales a workload of the input.
    pub scale: Result<Scale, ScaleError>,
    /// Whether it scales a workload that its owner has set to no replicas. A
    /// `HorizontalPodAutoscaler` is disabled by that, KEDA is not.
    ///
    /// Source: `ScalingDisabled` in Kubernetes' `pkg/controller/podautoscaler/horizontal.go`.
    pub wakes: bool,
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

/// Why nobody knows how far an autoscaler scales.
#[derive(Debug, Clone, PartialEq)]
pub enum ScaleError {
    /// A bound cannot be read.
    Fact(FactError),
    /// The maximum is below the minimum.
    Maximum(WrongMaximum),
}

impl From<FactError> for ScaleError {
    fn from(error: FactError) -> Self {
        Self::Fact(error)
    }
}

impl From<YamlError> for ScaleError {
    fn from(error: YamlError) -> Self {
        Self::Fact(error.into())
    }
}

impl From<ScaleError> for Finding {
    fn from(error: ScaleError) -> Self {
        match error {
            ScaleError::Fact(error) => error.into(),
            ScaleError::Maximum(wrong) => wrong.into(),
        }
    }
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

/// What names the workload that an autoscaler scales, or that another object drives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reference<'d> {
    /// The kind.
    pub kind: &'d str,
    /// The name.
    pub name: &'d str,
    /// The field that holds both.
    pub node: Node<'d>,
}

/// How far an autoscaler scales.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scale {
    /// The range.
    pub range: Range,
    /// Where a variable stands in place of the maximum; the range has none then.
    pub open_maximum: Option<BadCount>,
}

impl From<Range> for Scale {
    fn from(range: Range) -> Self {
        Self {
            range,
            open_maximum: None,
        }
    }
}

/// Reads `resource` as an autoscaler: a HorizontalPodAutoscaler of any version (`minReplicas`
/// defaults to 1) or a KEDA ScaledObject (`minReplicaCount` defaults to 0, `maxReplicaCount` to
/// 100). `None` for other kinds, and for one without a target.
///
/// # Errors
/// As [`Node::get`].
pub fn read<'d>(resource: &Resource<'d>) -> Result<Option<Autoscaler<'d>>, YamlError> {
    let wakes = resource.is("keda.sh", "ScaledObject");
    if !wakes && !resource.is("autoscaling", "HorizontalPodAutoscaler") {
        return Ok(None);
    }
    let Some(node) = resource.node.at(&["spec", "scaleTargetRef"])? else {
        return Ok(None);
    };
    let text = |key| Ok::<_, YamlError>(node.get_non_null(key)?.map(Node::text));
    let Some(name) = text("name")? else {
        return Ok(None);
    };
    let kind = text("kind")?.unwrap_or("Deployment");
    let scale = if wakes {
        scale(resource, &KEDA).and_then(|scale| switched_off(resource, scale))
    } else {
        scale(resource, &HORIZONTAL)
    };
    Ok(Some(Autoscaler {
        target: Reference { kind, name, node },
        scale,
        wakes,
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

fn scale(resource: &Resource<'_>, bounds: &Bounds) -> Result<Scale, ScaleError> {
    let min = count(resource.node, &["spec", bounds.min])?;
    let (max, open_maximum) = match count(resource.node, &["spec", bounds.max]) {
        Ok(max) => (max.or(bounds.default_max), None),
        Err(FactError::Count(bad)) if has_variable(&bad.found) => (None, Some(bad)),
        Err(error) => return Err(error.into()),
    };
    let min = min.unwrap_or(bounds.default_min);
    let range = Range { min, max };
    if let Some(wrong) = wrong_maximum(resource, bounds.max, range)? {
        return Err(ScaleError::Maximum(wrong));
    }
    Ok(Scale {
        range,
        open_maximum,
    })
}

/// The number at which KEDA's scaling is paused.
const PAUSED: &str = "autoscaling.keda.sh/paused-replicas";

/// `scale` as KEDA keeps it: an idle count of 0 lets the workload go to none, and while scaling is
/// paused at a number it has that number.
///
/// Source: `idleReplicaCount` and `autoscaling.keda.sh/paused-replicas` in KEDA's specification of
/// `ScaledObject`s, 2.20.
fn switched_off(resource: &Resource<'_>, scale: Scale) -> Result<Scale, ScaleError> {
    let paused = resource.annotation(PAUSED)?;
    if let Some(variable) = paused.filter(|paused| has_variable(paused)) {
        return Err(ScaleError::Fact(FactError::Count(BadCount {
            found: variable.to_owned(),
            field: format!("metadata.annotations[\"{PAUSED}\"]"),
            at: resource.node.position(),
        })));
    }
    if let Some(fixed) = paused.and_then(|paused| paused.parse().ok()) {
        let max = Some(fixed);
        return Ok(Range { min: fixed, max }.into());
    }
    let idle = count(resource.node, &["spec", "idleReplicaCount"])?;
    let min = idle.unwrap_or(u32::MAX).min(scale.range.min);
    Ok(Scale {
        range: Range { min, ..scale.range },
        ..scale
    })
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
