//! The shapes of the fields that decide where pods run. A value of another one is refused: the API server would
//! refuse it as well, and to read past it would promise a floor that nothing holds.

use crate::findings::{Code, Finding};
use crate::krm::Resource;
use crate::krm::template::has_variable;
use crate::placement::WorkloadKind;
use yaml_splice::{Kind, Node};

use super::Workload;

/// What a field has to be.
#[derive(Debug, Clone, Copy)]
enum Shape {
    /// A mapping, with the shapes of some of its fields.
    Mapping(&'static [(&'static str, Shape)]),
    /// A list of items of a shape.
    List(&'static Shape),
    /// A single value.
    Text,
}

const ANY_MAPPING: Shape = Shape::Mapping(&[]);
const MAPPINGS: Shape = Shape::List(&ANY_MAPPING);
/// A `NodeSelectorTerm` of core/v1.
const NODE_TERM: Shape =
    Shape::Mapping(&[("matchExpressions", MAPPINGS), ("matchFields", MAPPINGS)]);
const NODE_SELECTOR: Shape = Shape::Mapping(&[("nodeSelectorTerms", Shape::List(&NODE_TERM))]);
const PREFERRED_NODE_TERM: Shape = Shape::Mapping(&[("preference", NODE_TERM)]);
const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";
const NODE_AFFINITY: Shape = Shape::Mapping(&[
    (REQUIRED, NODE_SELECTOR),
    (PREFERRED, Shape::List(&PREFERRED_NODE_TERM)),
]);
const POD_AFFINITY: Shape = Shape::Mapping(&[(REQUIRED, MAPPINGS), (PREFERRED, MAPPINGS)]);
const AFFINITY: Shape = Shape::Mapping(&[
    ("nodeAffinity", NODE_AFFINITY),
    ("podAffinity", POD_AFFINITY),
    ("podAntiAffinity", POD_AFFINITY),
]);
/// A `Container` of core/v1.
const CONTAINER: Shape = Shape::Mapping(&[("image", Shape::Text)]);
/// A `PodSpec` of core/v1.
const POD: Shape = Shape::Mapping(&[
    ("affinity", AFFINITY),
    ("containers", Shape::List(&CONTAINER)),
    ("nodeSelector", ANY_MAPPING),
    ("tolerations", MAPPINGS),
    ("topologySpreadConstraints", MAPPINGS),
]);
/// The metadata of a `PodTemplateSpec` of core/v1.
const ANNOTATED: Shape = Shape::Mapping(&[("annotations", ANY_MAPPING)]);
const UPDATE: Shape = Shape::Mapping(&[("rollingUpdate", ANY_MAPPING)]);
/// A `DeploymentSpec` of apps/v1, but for its template.
const DEPLOYMENT: Shape = Shape::Mapping(&[("strategy", UPDATE)]);
/// A `StatefulSetSpec` of apps/v1, but for its template.
const STATEFUL_SET: Shape = Shape::Mapping(&[
    ("ordinals", ANY_MAPPING),
    ("updateStrategy", UPDATE),
    ("volumeClaimTemplates", MAPPINGS),
]);

/// Nothing where the fields of `workload` have the shapes that they need.
///
/// # Errors
/// A finding for the first that has another one.
pub(super) fn check(workload: &Workload<'_>) -> Result<(), Finding> {
    let resource = &workload.resource;
    let own = match workload.kind {
        WorkloadKind::Deployment => DEPLOYMENT,
        WorkloadKind::StatefulSet => STATEFUL_SET,
    };
    let found = resource
        .annotations()
        .and_then(|annotations| wrong(annotations, ANY_MAPPING))
        .or_else(|| wrong(workload.spec, own))
        .or_else(|| wrong(workload.pod.metadata?, ANNOTATED))
        .or_else(|| wrong(workload.pod.spec, POD));
    found.map_or(Ok(()), |(node, shape)| Err(refused(resource, node, shape)))
}

/// `node`, the value of `field`, if it is a mapping.
///
/// # Errors
/// A finding where it is not.
pub(super) fn mapping<'d>(resource: &Resource<'d>, node: Node<'d>) -> Result<Node<'d>, Finding> {
    if node.kind() == Kind::Mapping {
        return Ok(node);
    }
    Err(refused(resource, node, ANY_MAPPING))
}

/// The first value in `node` that has not the shape that it needs, and that shape. A null is as good as nothing.
fn wrong(node: Node<'_>, shape: Shape) -> Option<(Node<'_>, Shape)> {
    match (shape, node.kind()) {
        (Shape::Mapping(fields), Kind::Mapping) if !fields.is_empty() => {
            // A key that stands twice is reported by whoever reads it.
            fields.iter().find_map(|(name, shape)| {
                let value = node.get(name).ok().flatten();
                value.and_then(|value| wrong(value, *shape))
            })
        }
        (Shape::List(shape), Kind::Sequence) => node.items().find_map(|item| wrong(item, *shape)),
        (Shape::Mapping(_), Kind::Mapping) | (Shape::Text, Kind::Scalar) => None,
        _ => (!node.is_null()).then_some((node, shape)),
    }
}

fn refused(resource: &Resource<'_>, node: Node<'_>, shape: Shape) -> Finding {
    let field = node.path_below(resource.node);
    let expected = match shape {
        Shape::Mapping(_) => Kind::Mapping,
        Shape::List(_) => Kind::Sequence,
        Shape::Text => Kind::Scalar,
    };
    let expected = expected.description();
    if node.kind() == Kind::Scalar && has_variable(node.text()) {
        return Finding::unresolved_variable(&field, node.text(), node.position());
    }
    let found = node.kind().description();
    let message = format!("{field} is {found}, expected {expected}");
    Finding::error(Code::InvalidManifest, message)
        .located(Some(node.position()))
        .at(field)
}
