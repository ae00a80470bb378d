//! Setters of kpt and kustomize, which write a number behind the function's back.
//!
//! Source: the `apply-setters` function of kpt (`# kpt-set: ${replicas}`), and the setters of kustomize
//! before it (`# {"$kpt-set":"replicas"}`, `# {"$openapi":"replicas"}`).

use crate::findings::{Code, Finding};
use crate::inventory::Workload;
use crate::krm::annotations::REPLICAS;
use crate::placement::{Mechanism, Placement};

const SETTERS: [&str; 3] = ["kpt-set:", "\"$kpt-set\"", "\"$openapi\""];

/// A setter on `replicas` of a workload whose replicas are divided.
pub(super) fn of_replicas(workload: &Workload<'_>, placement: &Placement) -> Option<Finding> {
    let Mechanism::Sibling { rest: Some(rest) } = placement.mechanism else {
        return None;
    };
    let setter = workload.replicas.comment()?;
    let is_setter = SETTERS.iter().any(|word| setter.contains(word));
    is_setter.then(|| {
        let message = format!(
            "spec.replicas carries a setter ({setter}): {rest} stands there, the part of the original, so \
             a new total of {rest} from the setter would not be noticed; move the comment to the \
             annotation {REPLICAS}, which holds the total"
        );
        Finding::info(Code::ReplicasSetter, message).at("spec.replicas")
    })
}
