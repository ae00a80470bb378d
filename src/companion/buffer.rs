//! The `CapacityBuffer` that keeps room on on-demand nodes for what loses its spot nodes.

use crate::findings::Finding;
use crate::inventory::Workload;
use crate::krm::{Companion, Resource, sibling_name};
use crate::placement::WorkloadKind;
use yaml_splice::Value;

use super::metadata::adopt;

/// The default of the API, written out so that an object in the cluster does not differ.
const STRATEGY: &str = "buffer.x-k8s.io/active-capacity";

/// The buffer of `workload` for `replicas` pods; `existing` is the one that an earlier run made.
///
/// An autoscaler makes the buffer's pods like those of the object that it refers to. The template
/// that requires on-demand nodes is that of the sibling, or of a StatefulSet that is placed by
/// ordinal.
///
/// # Errors
/// Where YAML makes the metadata of the workload ambiguous.
pub fn buffer_value(
    workload: &Workload<'_>,
    replicas: u32,
    existing: Option<&Resource<'_>>,
) -> Result<Value, Finding> {
    let original = workload.resource.metadata();
    let metadata = original.map_or(Ok(Value::Null), Value::from_node)?;
    let name = workload.resource.name;
    let target = match workload.kind {
        WorkloadKind::Deployment => sibling_name(name),
        WorkloadKind::StatefulSet => name.to_owned(),
    };
    let scalable = [
        ("apiGroup", Value::text("apps")),
        ("kind", Value::text(workload.kind.name())),
        ("name", Value::text(target)),
    ];
    let spec = [
        ("provisioningStrategy", Value::text(STRATEGY)),
        ("replicas", Value::Int(i64::from(replicas))),
        ("scalableRef", Value::mapping(scalable)),
    ];
    let mut object = Value::mapping([
        ("apiVersion", Value::text(Companion::Buffer.api_version())),
        ("kind", Value::text(Companion::Buffer.kind())),
        ("metadata", metadata),
        ("spec", Value::mapping(spec)),
    ]);
    adopt(&mut object, Companion::Buffer, workload, existing)?;
    Ok(object)
}
