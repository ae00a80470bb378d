//! Tolerations of spot taints and of lost nodes.

use k8s_openapi::api::core::v1::Toleration;

use crate::workload::Workload;
use crate::yaml::{Edits, Value, YamlError};

pub(super) fn write<'d>(
    edits: &mut Edits<'d>,
    workload: &Workload<'d>,
    desired: &[Toleration],
) -> Result<(), YamlError> {
    let owned = &workload.owned.tolerations;
    for (toleration, node) in owned {
        if !desired.contains(toleration) {
            edits.remove(*node)?;
        }
    }
    for toleration in desired {
        if !owned.iter().any(|(ours, _)| ours == toleration) {
            edits.append(workload.pod, &["tolerations"], Value::of(toleration))?;
        }
    }
    Ok(())
}
