//! Facts: every workload of the input, and what surrounds it.

use std::collections::BTreeSet;

use crate::krm::Input;
use crate::results::Finding;
use crate::workload::{self, Class, Surroundings, Workload};
use yaml_splice::parallel;

/// Everything that is known before anything is decided.
#[derive(Debug)]
pub struct Estate<'d> {
    /// The input.
    pub input: Input<'d>,
    /// Its workloads, in the order of the input.
    pub workloads: Vec<Workload<'d>>,
    /// What belongs to which.
    pub surroundings: Surroundings<'d>,
    /// Workloads that are left alone because of what they are.
    pub left_alone: Vec<Finding>,
}

/// Reads the facts of `input`.
///
/// # Errors
/// A finding for everything that cannot be read.
pub fn survey(input: Input<'_>) -> Result<Estate<'_>, Vec<Finding>> {
    let mut workloads = Vec::new();
    let mut siblings = BTreeSet::new();
    let mut left_alone = Vec::new();
    let mut errors = Vec::new();
    let classes = parallel::map(&input.resources, workload::classify);
    for (index, (resource, class)) in input.resources.iter().zip(classes).enumerate() {
        match class {
            Ok(Class::Workload(workload)) => workloads.push(*workload),
            Ok(Class::Sibling) => drop(siblings.insert(index)),
            Ok(Class::LeftAlone(finding)) => left_alone.push(finding.about(resource)),
            Ok(Class::Other) => {}
            Err(finding) => errors.push(finding.about(resource)),
        }
    }
    let surroundings = match workload::survey(&input, &workloads, &siblings) {
        Ok(surroundings) => surroundings,
        Err(findings) => {
            errors.extend(findings);
            Surroundings::default()
        }
    };
    if errors.is_empty() {
        Ok(Estate {
            input,
            workloads,
            surroundings,
            left_alone,
        })
    } else {
        Err(errors)
    }
}
